"""BM25 as sparse vectors has the scores of the embedded engine, whatever mean length is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexed import five

from index.build.chunks import chunk_document
from index.milvus.words import Counted, factors, number_of, score, sparse_vector
from index.search.lexical import LexicalIndex, term_weights
from index.terms.tokenize import terms

_CHUNKS = [chunk for paper in five() for chunk in chunk_document(paper)]
_COUNTED = [Counted.of(chunk) for chunk in _CHUNKS]
_MEAN = sum(one.length for one in _COUNTED) / len(_COUNTED)
_INDEX = LexicalIndex.build(_CHUNKS)


@given(st.sampled_from(["湖南首次拿到创新药注册批件能奖多少钱", "CAR-T 500万元 2026年"]), st.floats(0.5, 2.0))
def test_scores_are_computed_back_from_any_stored_mean(question: str, drift: float) -> None:
    weights, stored = term_weights(question), _MEAN * drift
    query = {number_of(term): weight * _INDEX.idf(term) for term, weight in weights.items()}
    least, most = factors(stored, _MEAN)
    for expected, one in zip(_INDEX.scores(weights).tolist(), _COUNTED, strict=True):
        vector = sparse_vector(one, stored)
        found = score(vector, one.length, query, stored_mean=stored, mean=_MEAN)
        assert found == pytest.approx(expected, rel=1e-5)
        by_stored = sum(value * query.get(number, 0.0) for number, value in vector.items())
        assert least * by_stored - 1e-9 <= found <= most * by_stored + 1e-9


def test_words_have_numbers_of_their_own() -> None:
    words = {term for chunk in _CHUNKS for term in terms(chunk.text)} | {"〇一", "一〇", "𠀀", "𠀀一", "龿龿"}
    numbers = {number_of(word) for word in words}
    assert len(numbers) == len(words)
    assert all(0 < number < 2**32 - 1 for number in numbers)


def test_a_text_without_words_has_a_vector() -> None:
    assert sparse_vector(Counted({}, 1), _MEAN)
