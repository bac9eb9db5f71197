"""Word search."""

from __future__ import annotations

from typing import Any

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexed import five

from index.build.chunks import chunk_document
from index.model import Chunk
from index.search.lexical import K1, B, LexicalIndex, term_weights
from index.terms.tokenize import terms

CHUNKS = [chunk for document in five() for chunk in chunk_document(document)]
INDEX = LexicalIndex.build(CHUNKS)


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("最高五百万元的奖补", "最高500万元的奖补"),
        ("廣東省創新藥械", "广东省创新药械"),
        ("５０００ 万元", "5,000万元"),
        ("ＣＡＲ－Ｔ", "car-t"),
        ("至少一次", "至少1次"),
    ],
)
def test_spellings_score_alike(question: str, same: str) -> None:
    scores = INDEX.scores(term_weights(question))
    assert scores.max() > 0
    np.testing.assert_array_equal(scores, INDEX.scores(term_weights(same)))


def test_a_sentence_finds_its_clause() -> None:
    for row, chunk in list(enumerate(CHUNKS))[::7]:
        region, title, *_ = chunk.context.split("\n")
        assert INDEX.scores(term_weights(f"{region}{title}{chunk.text}")).argmax() == row


def test_the_region_decides_between_papers() -> None:
    best = CHUNKS[int(INDEX.scores(term_weights("浙江省对临床试验有什么支持")).argmax())]
    assert best.document_id == "zhejiang"


@given(st.text(max_size=30))
def test_any_question_gets_a_score_for_every_chunk(question: str) -> None:
    scores = INDEX.scores(term_weights(question))
    assert scores.shape == (len(CHUNKS),)
    assert (scores >= 0).all()


def test_unknown_words_score_nothing() -> None:
    assert not INDEX.scores(term_weights("鳗鲡 zzyzx")).any()
    assert not INDEX.scores(term_weights("")).any()


def test_an_empty_index() -> None:
    assert len(LexicalIndex.build([]).scores(term_weights("创新药"))) == 0
    assert LexicalIndex.of_terms([[], []]).scores(term_weights("创新药")).tolist() == [0.0, 0.0]


def test_another_way_to_say_it_takes_nothing_from_what_is_known() -> None:
    index = LexicalIndex.of_terms([["创新"], ["药品"]])
    assert index.known({"创新": 1.0, "鳗鲡": 0.4}) == 1.0
    assert 0 < index.known({"创新": 1.0, "鳗鲡": 1.0}) < 0.6
    assert index.known({}) == 0.0


def test_the_region_counts_twice() -> None:
    """A paper named by its region is ranked before one that repeats another word of the question."""
    placed = Chunk("a#一、", "a", 0, 2, "消费", "浙江\n某某")
    other = Chunk("b#一、", "b", 0, 2, "浙江", "广东\n消费")
    scores = LexicalIndex.build([placed, other]).scores(term_weights("浙江"))
    assert scores[0] > scores[1] > 0


_WORDS = st.lists(st.lists(st.sampled_from("创新药械奖补甲乙丙丁"), max_size=12), min_size=1, max_size=8)


def _of_bm25s(documents: list[list[str]]) -> tuple[dict[str, int], dict[str, Any]]:
    reference = bm25s.BM25(method="lucene", k1=K1, b=B)
    # bm25s needs one term; the empty one is not ours.
    reference.index([found or [""] for found in documents], show_progress=False)
    return reference.vocab_dict, reference.scores


def _same_as_bm25s(index: LexicalIndex, documents: list[list[str]]) -> None:
    vocabulary, scores = _of_bm25s(documents)
    for term in {term for found in documents for term in found}:
        start, end = scores["indptr"][vocabulary[term]], scores["indptr"][vocabulary[term] + 1]
        expected = np.zeros(len(documents), dtype=np.float32)
        expected[scores["indices"][start:end]] = scores["data"][start:end]
        np.testing.assert_array_equal(index.scores({term: 1.0}), expected)


@given(_WORDS)
def test_scores_are_those_of_bm25s(documents: list[list[str]]) -> None:
    _same_as_bm25s(LexicalIndex.of_terms(documents), documents)


def test_scores_of_the_papers_are_those_of_bm25s() -> None:
    documents = [terms(chunk.text) for chunk in CHUNKS]
    _same_as_bm25s(LexicalIndex.of_terms(documents), documents)
