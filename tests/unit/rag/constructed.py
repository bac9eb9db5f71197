"""Constructed papers, hits and evidence, to test a single parameter of the ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from assembled import even, listed, result_of, written

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause, Document
from corpus.structure.units import UnitKind, units
from index.model import Chunk, Match, Vectors
from index.search.hybrid import HybridSearcher
from rag.answer.answerer import Answerer
from rag.answer.content.findings import Findings
from rag.answer.content.selection import quote_clause
from rag.answer.tables.table import Tables
from rag.answer.wording.composer import ExtractiveComposer
from rag.evidence.confidence import Signals
from rag.evidence.retrieve import Request, Retriever
from rag.evidence.sentences import Evidence, EvidenceFinder, EvidenceList
from rag.facts.catalogue import FactCatalogue
from rag.language.query_terms import Query
from rag.language.short_names import running_name
from rag.model import Answer, Passage, Question, Refusal
from rag.question.intent import Want
from rag.question.understand import Understanding, understand
from rag.ranking import Ranking

NOTHING = Query("zz", {}, ())
_SURE = Signals(1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0)


def known(weights: Mapping[str, float]) -> float:
    return 1.0


def clause_of(document: Document, path: str) -> Clause:
    return next(clause for clause in document.clauses if clause.path and clause.path[-1] == path)


def passage(
    document: Document, path: str, score: float = 1.0, *, dense: float = 0.9, lexical: float = 1.0
) -> Passage:
    clause = clause_of(document, path)
    return Passage(document, clause, score, dense, lexical, 1, 1, clause.span)


def finder(ranking: Ranking) -> EvidenceFinder:
    return EvidenceFinder(idf=even, known=known, ranking=ranking.sentences)


def evidence(
    found: Passage,
    scores: Sequence[float],
    *,
    coverage: Sequence[float] = (),
    heading: float = 0.0,
    satisfies: Sequence[Want | None] = (),
) -> list[Evidence]:
    """Returns the sentences of a clause with the given scores, and its heading with its coverage."""
    made, at = [], 0
    for unit in units(found.document, found.clause):
        kind = unit.kind is UnitKind.SENTENCE
        want = satisfies[at] if kind and at < len(satisfies) else None
        score = scores[at] if kind and at < len(scores) else 0.0
        said = coverage[at] if kind and at < len(coverage) else heading if not kind else 0.0
        wants = frozenset({want} if want else ())
        made.append(Evidence(found, unit, score, said, wants, {}, weighted_score=score))
        at += kind
    return made


def quoted(ranking: Ranking, text: str, scores: Sequence[float], *, heading: float = 0.0) -> list[int]:
    """Returns the numbers of the sentences of clause 一、 of `text` that are quoted."""
    document = written("one", f"关于促进消费的通知\n一、{text}\n")
    found = passage(document, "一、")
    own = evidence(found, scores, heading=heading)
    spans = quote_clause(document, found.clause, EvidenceList(own), (), ranking=ranking.quoting).spans
    body = [one.unit.span for one in own if one.unit.kind is UnitKind.SENTENCE]
    return [
        i for i, span in enumerate(body) if any(s.start <= span.start and span.end <= s.end for s in spans)
    ]


class Scripted:
    """A search engine that returns the given matches."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._matches = list(matches)

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        return self._matches[:k]

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        return {i: [m for m in self._matches[:k] if m.chunk.document_id == i] for i in documents}


class _Even:
    idf, known = staticmethod(even), staticmethod(known)


class _Unit:
    fingerprint, dimension = "unit", 1

    def embed_documents(self, texts: Sequence[str], progress: object = None) -> Vectors:
        return np.ones((len(texts), 1), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.ones(1, dtype=np.float32)


def retriever(
    ranking: Ranking, found: Sequence[tuple[Document, str, float]], *, catalogue: Catalogue | None = None
) -> Retriever:
    """Returns a retriever whose search gives each clause the given score; the highest is 1, the lowest 0."""
    matches = []
    for document, path, score in found:
        clause = clause_of(document, path)
        chunk = Chunk(clause.key, document.id, clause.start, clause.end, document.text_of(clause), "")
        matches.append(Match(chunk, score, 0.0, 1, None))
    return Retriever(
        searcher=HybridSearcher(Scripted(matches), terms=_Even(), embedder=_Unit(), weight=1.0),
        catalogue=catalogue or listed(*(document for document, _, _ in found)),
        evidence=finder(ranking),
        candidates=50,
        ranking=ranking.clauses,
    )


def first(ranking: Ranking, found: Sequence[tuple[Document, str, float]], request: Request) -> str:
    """Returns the key of the first clause."""
    return retriever(ranking, found).retrieve(request, k=10)[0].clause.key


def understood(text: str, documents: Sequence[Document]) -> Understanding:
    return understand(Question(text), listed(*documents), idf=even, counts=Ranking().terms)


def findings(
    asked: Understanding, passages: Sequence[Passage], found: Sequence[Evidence], *, each: bool = False
) -> Findings:
    """Returns findings under one key or, for `each`, by document."""
    groups: dict[str, list[Passage]] = {}
    for one in passages:
        groups.setdefault(one.document.id if each else "", []).append(one)
    return Findings(asked, groups, EvidenceList(found), _SURE, 1.0)


def replied(ranking: Ranking, found: Findings, documents: Sequence[Document]) -> Answer | Refusal:
    catalogue = listed(*documents)
    answerer = Answerer(
        composer=ExtractiveComposer(
            statuses=catalogue.statuses, names=partial(running_name, catalogue=catalogue)
        ),
        catalogue=catalogue,
        threshold=0.5,
        ranking=ranking,
        quotes=6,
        nearest=3,
        tables=Tables(facts=FactCatalogue.over(catalogue), catalogue=catalogue, terms=_Even()),
    )
    return result_of(answerer.answer(found))


def with_coverage(found: Findings, coverage: float) -> Findings:
    return replace(found, signals=replace(found.signals, coverage=coverage), confidence=0.0)
