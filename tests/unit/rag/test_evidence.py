"""Sentences scored against a question."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from assembled import TODAY, clause_named, five, paper
from constructed import NOTHING, retriever
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import PapersInMemory, Texts
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document
from rag.evidence.retrieve import Request
from rag.evidence.sentences import EvidenceFinder
from rag.language.query_terms import Query, query_of
from rag.model import Passage
from rag.question.intent import Want
from rag.ranking import Ranking, SentenceScores, TermWeights

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


_TERM = st.sampled_from("甲乙丙丁戊")
_WAY = st.lists(_TERM, min_size=1, max_size=3).map(tuple)
_CONCEPTS = st.lists(st.lists(_WAY, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple)
_IDF = {"甲": 1.0, "乙": 2.0, "丙": 3.0, "丁": 4.0, "戊": 5.0}


@given(_CONCEPTS, st.sets(_TERM))
def test_a_concept_is_covered_as_far_as_the_best_way_to_say_it(
    concepts: tuple[tuple[tuple[str, ...], ...], ...], said: set[str]
) -> None:
    weights = [max(map(_IDF.__getitem__, ways[0])) for ways in concepts]
    shares = [max(sum(term in said for term in way) / len(way) for way in ways) for ways in concepts]
    expected = sum(weight * share for weight, share in zip(weights, shares, strict=True)) / sum(weights)
    finder = EvidenceFinder(idf=_IDF.__getitem__, known=lambda _: 1.0, ranking=SentenceScores())
    assert finder.coverage(Query("", {}, concepts), said) == pytest.approx(expected)


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


class _Counted(PapersInMemory):
    """Papers in memory that are counted as they are read."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__(documents)
        self.read_ids: list[str] = []

    def read(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        self.read_ids += [document_id for document_id, _ in wanted]
        return super().read(wanted)


def test_a_search_reads_each_paper_once_however_small_the_cache() -> None:
    source = _Counted(five())
    heads = [PaperHead.of(document) for document in five()]
    catalogue = Catalogue(heads, texts=Texts(source, capacity=0), today=TODAY)
    found = [
        (document, clause.path[-1], score)
        for document in five()
        for score, clause in enumerate(clause for clause in document.clauses if clause.path)
        if score < 3
    ]
    passages = retriever(Ranking(), found, catalogue=catalogue).retrieve(Request(query=NOTHING), k=10)
    assert {passage.document.id for passage in passages} == {document.id for document in five()}
    assert sorted(source.read_ids) == sorted(document.id for document in five())


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
