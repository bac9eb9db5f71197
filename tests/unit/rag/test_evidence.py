"""Sentences scored against a question."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from assembled import clause_named, five, paper
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Clause, Document
from rag.evidence.sentences import EvidenceFinder
from rag.language.query_terms import Query, query_of
from rag.model import Passage
from rag.question.intent import Want
from rag.ranking import SentenceScores, TermWeights

_PASSAGES = [
    Passage(document, clause, 1.0, 1.0, 1.0, 1, 1, clause.span)
    for document in five()
    for clause in document.clauses
]


def _query(text: str) -> Query:
    return query_of(text, idf=lambda _: 1.0, counts=TermWeights())


def _passage(document: Document, clause: Clause) -> Passage:
    return Passage(document, clause, 1.0, 1.0, 1.0, 1, 1, clause.span)


@given(st.text(), st.lists(st.sampled_from(_PASSAGES), max_size=4))
def test_scores_are_ordered_and_shares_are_shares(text: str, passages: list[Passage]) -> None:
    finder = EvidenceFinder(idf=lambda _: 1.0, known=lambda _: 1.0, ranking=SentenceScores())
    found = finder.find(_query(text), passages)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score >= 0 and 0 <= one.coverage <= 1 for one in found)
    assert all(one.text == one.unit.span.of(one.passage.document.text) for one in found)


def test_the_sentence_that_says_it_comes_first() -> None:
    hunan = paper("hunan")
    finder = EvidenceFinder(idf=lambda _: 1.0, known=lambda _: 1.0, ranking=SentenceScores())
    best, *_ = finder.find(
        _query("特殊化妆品新原料企业奖补多少"),
        [_passage(hunan, clause_named(hunan, "一、（四）"))],
        wants=(Want.MONEY, Want.PERCENT),
    )
    assert best.text.startswith("对首个获得注册批件的特殊化妆品新原料企业")
    assert best.satisfies == {Want.MONEY}


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads switch after every few steps, so that race conditions show."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_a_small_cache_serves_many_threads() -> None:
    finder = EvidenceFinder(idf=lambda _: 1.0, known=lambda _: 1.0, ranking=SentenceScores(), cached=1)
    alone = EvidenceFinder(idf=lambda _: 1.0, known=lambda _: 1.0, ranking=SentenceScores())
    query = _query("支持创新药")
    batches = [_PASSAGES[i::8] for i in range(8)] * 6
    expected = [[one.score for one in alone.find(query, batch)] for batch in batches[:8]]
    with ThreadPoolExecutor(max_workers=8) as pool:
        found = list(pool.map(lambda batch: [one.score for one in finder.find(query, batch)], batches))
    assert found == expected * 6
