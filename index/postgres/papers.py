"""The papers of an open index: their numbers in the tables, and the rows of their chunks in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.postgres.postings import LENGTH, Lengths

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class IndexedPaper:
    """A paper in the tables."""

    id: int  # in the tables; never used again
    document_id: str
    chunks: int
    sentences: int
    lengths: bytes  # LENGTH of each chunk in terms


class IndexedPapers:
    """The papers by id of the document. The rows of their chunks follow one another in that order."""

    def __init__(self, papers: Iterable[IndexedPaper]) -> None:
        found = sorted(papers, key=lambda paper: paper.document_id)
        self.by_document = {paper.document_id: paper for paper in found}
        self.by_id = {paper.id: paper for paper in found}
        counts = [paper.chunks for paper in found]
        self.size = sum(counts)  # chunks
        self.pieces = self.size + sum(paper.sentences for paper in found)
        starts = np.cumsum([0, *counts])[:-1] if counts else np.zeros(0, dtype=np.int64)
        # The first row of each paper, by its id; -1 for papers that are not in this index.
        self._first: Rows = np.full(max(self.by_id, default=0) + 1, -1, dtype=np.int64)
        self._papers: Rows = np.array([paper.id for paper in found], dtype=np.int64)
        self._first[self._papers] = starts
        self._starts: Rows = starts
        self.lengths: Lengths = np.frombuffer(b"".join(paper.lengths for paper in found), dtype=LENGTH)

    def first(self, papers: Rows) -> Rows:
        """The first row of each paper; -1 for those that are not in this index."""
        inside = np.minimum(papers, len(self._first) - 1)
        first: Rows = np.where(inside == papers, self._first[inside], -1)
        return first

    def some(self, documents: Collection[str]) -> list[IndexedPaper]:
        """Those of the documents that are in this index, each once."""
        found = (self.by_document.get(document) for document in dict.fromkeys(documents))
        return [paper for paper in found if paper is not None]

    def rows(self, paper: IndexedPaper) -> slice:
        first = int(self._first[paper.id])
        return slice(first, first + paper.chunks)

    def place(self, row: int) -> tuple[int, int]:
        """Paper and position of the chunk in a row."""
        at = int(np.searchsorted(self._starts, row, side="right")) - 1
        # A paper without chunks begins where the next one does.
        return int(self._papers[at]), row - int(self._starts[at])
