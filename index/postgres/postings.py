"""Postings of one paper as bytes: for each term the chunks that contain it, and how often.

Chunks are numbered within the paper. The scores of BM25 are computed from the counts when a question is
asked, because they depend on all papers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.model import Chunk
from index.search.lexical import terms_of

POSTING = np.dtype([("chunk", "<u4"), ("count", "<u2")])
LENGTH = np.dtype("<u4")
_MOST = np.iinfo(np.uint16).max
Lengths = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """The terms of a paper."""

    lengths: Lengths  # of each chunk in terms; 1 for a chunk without any, so that no mean is 0
    postings: dict[str, bytes]  # of each term: POSTING, ascending by chunk


def paper_terms(chunks: Sequence[Chunk]) -> PaperTerms:
    found = [terms_of(chunk) for chunk in chunks]
    columns: dict[str, int] = {}
    of_column, of_chunk, counts = array("i"), array("I"), array("I")
    for row, terms in enumerate(found):
        for term, count in Counter(terms).items():
            of_column.append(columns.setdefault(term, len(columns)))
            of_chunk.append(row)
            counts.append(min(count, _MOST))
    order = np.argsort(np.asarray(of_column), kind="stable")  # stable: chunks stay ascending in each term
    made = np.empty(len(order), dtype=POSTING)
    made["chunk"], made["count"] = np.asarray(of_chunk)[order], np.asarray(counts)[order]
    ends = np.cumsum(np.bincount(np.asarray(of_column, dtype=np.int64), minlength=len(columns)))
    data, size = made.tobytes(), POSTING.itemsize
    starts = [0, *ends.tolist()]
    return PaperTerms(
        np.array([len(terms) or 1 for terms in found], dtype=LENGTH),
        {term: data[starts[at] * size : starts[at + 1] * size] for term, at in columns.items()},
    )
