"""Cosines of a question and rows of vectors of length 1, with FAISS."""

from __future__ import annotations

import faiss
import numpy as np
import numpy.typing as npt

from index.model import Fusion, Vectors
from index.segments.segment import Ints

Scores = npt.NDArray[np.float32]
_COPIED = 1024  # rows at a time, which stay in the cache of the processor


def cosines(vector: Vectors, rows: Vectors, *, only: Ints | None = None) -> Scores:
    """The cosine of every row, or of those in `only`."""
    query = np.ascontiguousarray(vector, dtype=np.float32)
    if only is None:
        return _product(query, rows)
    if len(only) and only[-1] - only[0] == len(only) - 1 and np.all(np.diff(only) == 1):
        return _product(query, rows[only[0] : only[-1] + 1])  # where they are, as those of one paper
    found = np.empty(len(only), dtype=np.float32)
    for start in range(0, len(only), _COPIED):
        some = slice(start, start + _COPIED)
        found[some] = _product(query, rows[only[some]])
    return found


def _product(query: Vectors, rows: Vectors) -> Scores:
    # One thread: those of BLAS wait for one another, which takes 10 ms and more on a busy machine.
    product = faiss.fvec_inner_products_ny  # type: ignore[attr-defined]  # absent from the stubs of FAISS
    found = np.empty(len(rows), dtype=np.float32)
    product(*[faiss.swig_ptr(one) for one in (found, query, rows)], *rows.shape[::-1])
    return found


def joined(own: Scores, sentences: Scores, bounds: Ints, fusion: Fusion) -> Scores:
    """The cosine of every chunk: its own combined with that of its best sentence, if it has any.

    `sentences` are the cosines of the sentences, those of chunk n in `bounds[n] : bounds[n + 1]`.
    """
    some = np.flatnonzero(bounds[:-1] < bounds[1:])
    found = own.copy()
    if len(some):
        best = np.maximum.reduceat(sentences, bounds[some])
        found[some] = fusion.sentence_share * best + (1 - fusion.sentence_share) * own[some]
    return found
