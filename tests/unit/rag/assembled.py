"""Papers and assistants for the tests of rag: real papers, real search, tiny vectors."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from functools import cache, partial
from typing import TypeVar

from in_segments import searcher_of

from corpus.catalogue.catalogue import Catalogue
from corpus.facts.model import PaperFacts
from corpus.load import load
from corpus.model import Clause, Document
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from index.build.chunks import chunk_document, sentences_of
from index.model import Embedder
from index.search.hybrid import HybridSearcher
from rag.answer.wording.composer import ExtractiveComposer
from rag.answer.wording.writing import Composer
from rag.assistant import Assistant
from rag.evidence.calibration import packaged
from rag.evidence.judgement import Judge
from rag.facts.catalogue import FactCatalogue
from rag.info import Info
from rag.language.short_names import running_name
from rag.ranking import Ranking

_Result = TypeVar("_Result")
TODAY = date(2026, 6, 1)  # before and after it papers expire


@cache
def five() -> tuple[Document, ...]:
    """The papers that come with the program."""
    return tuple(
        parse(load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id)
        for paper in starting_papers()
    )


@cache
def five_listed() -> Catalogue:
    """Returns the catalogue of the five papers."""
    return Catalogue.of(five(), today=TODAY)


def listed(*documents: Document) -> Catalogue:
    """Returns a catalogue of `documents`."""
    return Catalogue.of(documents, today=TODAY)


def paper(document_id: str) -> Document:
    """Returns one of the five papers."""
    return next(document for document in five() if document.id == document_id)


def written(document_id: str, text: str) -> Document:
    """Returns a paper made of `text`."""
    return parse(load(text.encode(), name=f"{document_id}.txt"), document_id=document_id)


def clause_named(document: Document, clause_id: str) -> Clause:
    return next(clause for clause in document.clauses if clause.id == clause_id)


def even(term: str) -> float:
    """Returns the same IDF for every term."""
    return 1.0


def result_of(work: Generator[object, None, _Result]) -> _Result:
    """Reads a generator to its end and returns its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result


def assistant_over(
    documents: Sequence[Document],
    embedder: Embedder,
    *,
    today: date = TODAY,
    threshold: float = 0.22,
    quotes: int = 6,
    nearest: int = 3,
    ranking: Ranking | None = None,
    composer: Composer | None = None,
    judge: Judge | None = None,
    facts: Sequence[PaperFacts] = (),
) -> Assistant:
    """Returns an assistant that answers from `documents`; of some of them the facts are given."""
    chunks = [chunk for document in documents for chunk in chunk_document(document)]
    sentences = [sentence for document in documents for sentence in sentences_of(document)]
    ranking = ranking or Ranking()
    engine, terms = searcher_of(chunks, sentences, embedder, fusion=ranking.fusion)
    catalogue = Catalogue.of(documents, today=today)
    names = partial(running_name, catalogue=catalogue)
    composer = composer or ExtractiveComposer(statuses=catalogue.statuses, names=names)
    calibration = packaged().model_copy(update={"threshold": threshold})
    return Assistant(
        catalogue=catalogue,
        facts=FactCatalogue.over(catalogue, facts=facts),
        searcher=HybridSearcher(engine, terms=terms, embedder=embedder),
        terms=terms,
        composer=composer,
        ranking=ranking,
        candidates=50,
        calibration=calibration,
        quotes=quotes,
        nearest=nearest,
        info=Info(
            corpus_hash="",
            model=embedder.fingerprint,
            generation=1,
            documents=len(documents),
            clauses=sum(len(document.clauses) for document in documents),
            chunks=len(chunks),
            calibration=calibration.fingerprint,
            ranking=ranking.fingerprint,
            composer=composer.name,
            composer_fingerprint=composer.fingerprint,
            threshold=threshold,
        ),
        judge=judge,
    )
