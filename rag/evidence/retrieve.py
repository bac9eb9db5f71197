"""Retrieves passages for a question: hybrid search, one passage per clause, reranked by their sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.repealed_clauses import repealed_clause
from corpus.errors import UnknownDocument
from corpus.model import Clause, Document, Kind, Span
from index.model import Hit
from index.search.hybrid import HybridSearcher
from rag.evidence.sentences import EvidenceFinder
from rag.language.query_terms import Query
from rag.model import Passage
from rag.question.intent import Want
from rag.ranking import ClauseScores

_FRAME = (Kind.HEAD, Kind.INNER_TITLE, Kind.SIGN_OFF)


@dataclass(frozen=True, slots=True)
class Request:
    """What to search for, and where."""

    query: Query
    allowed: tuple[str, ...] = ()  # document ids; empty means all
    preferred: tuple[str, ...] = ()
    likely: Collection[str] = ()  # document ids that rank before the others
    out_of_force: Collection[str] = frozenset()  # document ids that rank after the others
    repealed_last: bool = True  # articles that other papers repeal rank after the others, too
    addressed: tuple[str, ...] = ()  # clause keys
    literals: tuple[str, ...] = ()  # folded words that a clause should contain verbatim
    wants: tuple[Want, ...] = ()  # what the answer must contain
    bonuses: Mapping[str, float] | None = None  # what to add to the score of a clause


class Retriever:
    """Finds the clauses that may answer a question."""

    def __init__(
        self,
        *,
        searcher: HybridSearcher,
        catalogue: Catalogue,
        evidence: EvidenceFinder,
        candidates: int,
        ranking: ClauseScores,
    ) -> None:
        self._searcher = searcher
        self._candidates, self._ranking = candidates, ranking
        self._evidence = evidence
        self._catalogue = catalogue

    def over(self, catalogue: Catalogue) -> Retriever:
        """Returns a retriever of the same index that finds only papers of `catalogue`, with its statuses."""
        other = copy(self)
        other._catalogue = catalogue
        return other

    def _in_catalogue(self, hits: Iterable[Hit]) -> list[Hit]:
        """Leaves out papers that the index has and the catalogue lacks, such as damaged ones."""
        return [hit for hit in hits if hit.chunk.document_id in self._catalogue]

    def retrieve(self, request: Request, *, k: int) -> list[Passage]:
        """Returns the best `k` clauses, best first."""
        return self._ranked(self._hits(request, k=k), request, k=k)

    def retrieve_both(self, request: Request, *, k: int) -> tuple[list[Passage], list[Passage]]:
        """Returns the best `k` clauses twice: with papers out of force after the others, and regardless.

        The second list is empty where such a paper is not the first of it.
        """
        hits = self._hits(request, k=k)
        first = self._ranked(hits, request, k=k)
        if not any(hit.chunk.document_id in request.out_of_force for hit in hits):
            return first, []
        regardless = self._ranked(hits, replace(request, out_of_force=frozenset(), repealed_last=False), k=k)
        # A title tells that the paper is on the matter, its clauses what it says.
        regardless.sort(key=lambda passage: passage.clause.kind in _FRAME)
        ended_first = regardless[0].document.id in request.out_of_force and regardless[0] not in first[:1]
        return first, regardless if ended_first else []

    def _hits(self, request: Request, *, k: int) -> list[Hit]:
        return self._in_catalogue(
            self._searcher.search(
                request.query.text,
                k=max(k, self._candidates),
                weights=request.query.weights,
                documents=request.allowed or None,
            )
        )

    def likely(self, request: Request) -> tuple[str, ...]:
        """Returns the papers of the first hits, best first, to be searched one by one."""
        hits = self._searcher.search(
            request.query.text,
            k=self._ranking.likely_hits,
            weights=request.query.weights,
            documents=request.allowed or None,
        )
        return tuple(dict.fromkeys(hit.chunk.document_id for hit in self._in_catalogue(hits)))

    def retrieve_each(
        self, request: Request, documents: Sequence[str], *, k: int
    ) -> dict[str, list[Passage]]:
        """Returns the best `k` clauses of each of `documents`, each searched by itself."""
        hits = self._searcher.search_each(
            request.query.text,
            k=max(k, self._candidates),
            weights=request.query.weights,
            documents=documents,
        )
        # All at once into the cache of the catalogue: one by one, each would be a transaction.
        self._catalogue.documents(dict.fromkeys(i for i in documents if self._in_catalogue(hits[i])))
        return {
            i: self._ranked(hits[i], replace(request, allowed=(i,), preferred=()), k=k) for i in documents
        }

    def _ranked(self, hits: Sequence[Hit], request: Request, *, k: int) -> list[Passage]:
        passages, allowed = self._by_clause(hits), frozenset(request.allowed)
        for key in (*request.addressed, *(request.bonuses or ())):
            if key in passages:
                continue
            clause = self._catalogue.clause(key)
            if not request.allowed or clause.document_id in allowed:
                passages[key] = self._without_hit(clause)
        ranked = sorted(passages.values(), key=lambda passage: -passage.score)
        preferred = frozenset(request.preferred)  # a question may name a region with thousands of papers
        changed = self._changed_papers(ranked) if request.repealed_last else frozenset()
        scores = self._with_sentences(ranked, request.query)
        rescored = [
            self._rescored(passage, score, request, preferred=preferred, changed=changed)
            for passage, score in zip(ranked, scores, strict=True)
        ]
        order = sorted(range(len(ranked)), key=lambda i: -rescored[i])[:k]
        return [replace(ranked[i], score=rescored[i]) for i in order]

    def _by_clause(self, hits: Sequence[Hit]) -> dict[str, Passage]:
        passages: dict[str, Passage] = {}
        places = self._places(hits)
        for hit in hits:
            known = passages.get(hit.chunk.clause_key)
            found = known
            if found is None or hit.score > found.score:
                found = _passage(hit, *places[hit.chunk.clause_key])
            if known is not None:
                found = replace(found, sentences=known.sentences + hit.sentences)
            passages[hit.chunk.clause_key] = found
        return passages

    def _places(self, hits: Sequence[Hit]) -> dict[str, tuple[Document, Clause]]:
        """Returns paper and clause of each hit by the key of the clause.

        Reads all papers at once and each only once: they may be larger than the cache of the catalogue.
        Raises UnknownDocument for a clause that its paper does not have.
        """
        wanted: dict[str, dict[str, str]] = {}  # by paper: keys of clauses by their ids
        for hit in hits:
            document_id, key = hit.chunk.document_id, hit.chunk.clause_key
            wanted.setdefault(document_id, {})[key[len(document_id) + 1 :]] = key
        places: dict[str, tuple[Document, Clause]] = {}
        for document in self._catalogue.documents(wanted):
            keys = wanted[document.id]
            places |= {keys[one.id]: (document, one) for one in document.clauses if one.id in keys}
        if absent := {key for keys in wanted.values() for key in keys.values()} - places.keys():
            raise UnknownDocument(min(absent))
        return places

    def _without_hit(self, clause: Clause) -> Passage:
        document = self._catalogue.document(clause.document_id)
        return Passage(document, clause, 0.0, 0.0, 0.0, None, None, clause.span)

    def _changed_papers(self, passages: Iterable[Passage]) -> frozenset[str]:
        """Returns the papers of which another paper repeals articles."""
        ids = {passage.document.id for passage in passages}
        return frozenset(i for i in ids if self._catalogue.acts.repealed_articles(i))

    def _with_sentences(self, passages: list[Passage], query: Query) -> list[float]:
        """Returns the scores of the passages together with their best sentences."""
        head = passages[: self._ranking.reranked]
        best = self._evidence.best(query, head)
        top = max(best.values(), default=0.0)
        share = self._ranking.sentence_share if top > 0 else 0.0
        return [
            (1 - share) * passage.score + (share * best.get(passage.clause.key, 0.0) / top if share else 0.0)
            for passage in passages
        ]

    def _rescored(
        self,
        passage: Passage,
        score: float,
        request: Request,
        *,
        preferred: Collection[str],
        changed: Collection[str],
    ) -> float:
        """Returns the score by what the request says of the paper and the clause.

        `preferred` are the papers that the question names, `changed` those of which articles may be repealed.
        """
        weights = self._ranking
        if request.likely:
            score -= 0.0 if passage.document.id in request.likely else weights.unlikely
        elif preferred and passage.document.id not in preferred:
            score -= weights.not_preferred
        if passage.document.id in request.out_of_force or (
            passage.document.id in changed
            and repealed_clause(passage.document, passage.clause, self._catalogue) is not None
        ):
            score -= weights.out_of_force
        if passage.clause.key in request.addressed:
            score += weights.addressed
        elif passage.clause.body_start >= passage.clause.end < passage.clause.tree_end:
            score -= weights.bare_heading
        if request.literals:
            contained = [
                w for w in request.literals if self._evidence.contains(passage.document, passage.clause, w)
            ]
            score += weights.literal * len(contained) / len(request.literals)
        if request.wants and self._evidence.satisfies_all(passage.document, passage.clause, request.wants):
            score += weights.contains_wanted
        if request.bonuses:
            score += request.bonuses.get(passage.clause.key, 0.0)
        return score


def _passage(hit: Hit, document: Document, clause: Clause) -> Passage:
    return Passage(
        document=document,
        clause=clause,
        score=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
        dense_rank=hit.dense_rank,
        lexical_rank=hit.lexical_rank,
        chunk=Span(hit.chunk.start, hit.chunk.end),
        sentences=hit.sentences,
    )
