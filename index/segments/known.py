"""Vectors of a segment by the hash of the embedded text, so that no text is embedded twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from index.model import Vectors
from index.segments.segment import Segment


class KnownVectors:
    """Finds the vectors of a segment by the hash of the embedded text."""

    def __init__(self, segment: Segment) -> None:
        hashes = (segment.chunk_hashes, segment.sentence_hashes)
        # Half of a hash is told by its first bytes; the whole is compared where they agree.
        starts = [np.ascontiguousarray(some[:, :8]).view("<u8").ravel() for some in hashes]
        self._starts = np.concatenate(starts)
        self._order = np.argsort(self._starts, kind="stable")
        self._starts = self._starts[self._order]
        self._segment, self._chunks = segment, len(segment)

    def find(self, hashes: Iterable[str]) -> Iterator[tuple[str, Vectors]]:
        """Yields those of `hashes` that the segment has, with their vectors."""
        wanted = list(hashes)
        raw = [bytes.fromhex(one) for one in wanted]
        starts = np.frombuffer(b"".join(one[:8] for one in raw), dtype="<u8")
        for digest, whole, place in zip(wanted, raw, np.searchsorted(self._starts, starts), strict=True):
            if (row := self._row(whole, int(place))) >= 0:
                yield digest, self._vector(row)

    def _row(self, whole: bytes, place: int) -> int:
        """The row with that hash, sentences after chunks; -1 if there is none."""
        start = int.from_bytes(whole[:8], "little")
        while place < len(self._starts) and int(self._starts[place]) == start:
            row = int(self._order[place])
            if self._hash(row) == whole:
                return row
            place += 1
        return -1

    def _hash(self, row: int) -> bytes:
        segment = self._segment
        found = (
            segment.chunk_hashes[row] if row < self._chunks else segment.sentence_hashes[row - self._chunks]
        )
        return bytes(found.tobytes())

    def _vector(self, row: int) -> Vectors:
        segment = self._segment
        if row < self._chunks:
            return np.array(segment.chunk_vectors[row])
        return np.array(segment.sentence_vectors[row - self._chunks])
