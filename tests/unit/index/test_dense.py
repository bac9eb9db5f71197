"""Vector search against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model import Vectors
from index.search.dense import DenseIndex


def vectors(seed: int, count: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(0, 99), st.integers(1, 40), st.integers(1, 50), st.booleans())
@settings(deadline=None)
def test_search_is_exact(seed: int, count: int, k: int, limited: bool) -> None:
    rows = vectors(seed, count)
    allowed = np.arange(0, count, 3) if limited else np.arange(count)
    found, cosines = DenseIndex.build(rows).search(rows[0], k=k, rows=allowed if limited else None)
    expected = rows[allowed] @ rows[0]
    assert len(found) == min(k, len(allowed))
    assert set(found) <= set(allowed)
    np.testing.assert_allclose(cosines, np.sort(expected)[::-1][: len(found)], atol=1e-5)


def test_scores_cover_every_row() -> None:
    rows = vectors(1, 30)
    index = DenseIndex.build(rows)
    np.testing.assert_allclose(index.scores(rows[3]), rows @ rows[3], atol=1e-5)
    limited = index.scores(rows[3], rows=np.array([2, 3], dtype=np.int64))
    assert limited[3] == pytest.approx(1.0, abs=1e-5)
    assert set(np.flatnonzero(limited > -1)) == {2, 3}


def test_no_row_is_no_answer() -> None:
    rows = vectors(1, 5)
    found, _ = DenseIndex.build(rows).search(rows[0], k=3, rows=np.empty(0, dtype=np.int64))
    assert len(found) == 0
    empty = DenseIndex.build(np.zeros((0, 16), dtype=np.float32))
    assert len(empty.scores(rows[0])) == len(empty) == 0


def test_bytes_contain_the_whole_index() -> None:
    rows = vectors(2, 12)
    index = DenseIndex.from_bytes(DenseIndex.build(rows).to_bytes())
    assert (len(index), index.dimension) == (12, 16)
    np.testing.assert_allclose(index.scores(rows[5]), rows @ rows[5], atol=1e-5)
