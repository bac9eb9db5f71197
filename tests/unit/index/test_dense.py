"""Vector search against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from index.model import Vectors
from index.search.dense import DenseIndex


def vectors(seed: int, count: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("rows", [[2, 3], [3, 2], [0, 29], [7], []])
def test_scores_are_the_products(rows: list[int]) -> None:
    known = vectors(1, 30)
    index = DenseIndex.build(known)
    np.testing.assert_allclose(index.scores(known[3]), known @ known[3], atol=1e-5)
    limited = index.scores(known[3], rows=np.array(rows, dtype=np.int64))
    np.testing.assert_allclose(limited, (known @ known[3])[rows], atol=1e-5)


def test_an_index_without_vectors_has_no_scores() -> None:
    empty = DenseIndex.build(np.zeros((0, 16), dtype=np.float32))
    assert len(empty.scores(vectors(1, 1)[0])) == len(empty) == 0


def test_bytes_contain_the_whole_index() -> None:
    rows = vectors(2, 12)
    index = DenseIndex.from_bytes(DenseIndex.build(rows).to_bytes())
    assert (len(index), index.dimension) == (12, 16)
    np.testing.assert_allclose(index.scores(rows[5]), rows @ rows[5], atol=1e-5)
