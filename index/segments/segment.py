"""A segment in memory or mapped from its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace, Vectors
from index.segments.lists import Lists
from index.segments.term_keys import key_of

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The arrays of `index.segments.layout`. `name` is that of the folder, empty for one without."""

    name: str
    papers: tuple[tuple[str, str], ...]  # document id and content hash
    mean_length: float
    paper_starts: Ints
    clause_keys: npt.NDArray[np.uint8]
    clause_key_starts: Ints
    chunk_places: Rows
    chunk_hashes: npt.NDArray[np.uint8]
    chunk_vectors: Vectors
    sentence_starts: Ints
    sentence_places: Rows
    sentence_hashes: npt.NDArray[np.uint8]
    sentence_vectors: Vectors
    lengths: Rows
    terms: npt.NDArray[np.uint64]
    term_starts: Ints
    rows: Rows
    counts: npt.NDArray[np.uint16]
    bounds: npt.NDArray[np.float32]
    chunk_lists: Lists | None = None  # of a large segment
    sentence_lists: Lists | None = None

    def __len__(self) -> int:
        """The number of chunks."""
        return len(self.lengths)

    def places(self, rows: Ints, documents: Sequence[str]) -> list[ChunkPlace]:
        """The chunks in some rows, each of which is one of the document beside it."""
        keys = zip(
            self.clause_key_starts[rows].tolist(), self.clause_key_starts[rows + 1].tolist(), strict=True
        )
        return [
            ChunkPlace(self.clause_keys[first:last].tobytes().decode(), document_id, start, end)
            for (first, last), document_id, (start, end) in zip(
                keys, documents, self.chunk_places[rows].tolist(), strict=True
            )
        ]

    def postings(self, term: str) -> tuple[Rows, npt.NDArray[np.uint16], float]:
        """The rows that contain a term, how often, and the most that one adds to a score."""
        key = np.uint64(key_of(term))
        column = int(np.searchsorted(self.terms, key))
        if column == len(self.terms) or self.terms[column] != key:
            return self.rows[:0], self.counts[:0], 0.0
        first, last = self.term_starts[column : column + 2].tolist()
        return self.rows[first:last], self.counts[first:last], float(self.bounds[column])

    def rows_of(self, paper: int) -> tuple[int, int]:
        """First row of a paper, and the row behind its last."""
        first, last = self.paper_starts[paper : paper + 2].tolist()
        return first, last

    def hashes_of(self, paper: int) -> tuple[list[str], list[str]]:
        """Hashes of the embedded texts of a paper: chunks, and sentences."""
        first, last = self.rows_of(paper)
        near = slice(int(self.sentence_starts[first]), int(self.sentence_starts[last]))
        return _hex(self.chunk_hashes[first:last]), _hex(self.sentence_hashes[near])


def _hex(hashes: npt.NDArray[np.uint8]) -> list[str]:
    return [bytes(one).hex() for one in hashes]
