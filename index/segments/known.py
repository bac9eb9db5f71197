"""Vectors of segments by the hash of the embedded text, so that no text is embedded twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.model import Vectors
from index.segments.segment import Ints, Segment

_ROW_BITS = 40  # of a place; the number of the segment is above them
_MOST_READ = 4  # times; sorting takes about as long as reading so often
_AT_ONCE = 1 << 18  # hashes read at a time


@dataclass(frozen=True, slots=True)
class _Run:
    """Hashes of some segments, by their first eight bytes."""

    starts: npt.NDArray[np.uint64]  # ascending
    places: Ints  # segment and row of each; rows of sentences after those of chunks

    @classmethod
    def sorted(cls, starts: npt.NDArray[np.uint64], places: Ints) -> _Run:
        order = np.argsort(starts, kind="stable")
        return cls(starts[order], places[order])


class KnownVectors:
    """Finds the vectors of some segments by the hash of the embedded text.

    Hashes are sorted once it pays: reading those of a million chunks for one paper takes a fraction of that.
    Sorted runs are joined when they are about as long, so that there are few of them: a build writes a
    segment for every few thousand chunks, and would compare each text with each segment otherwise.
    """

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self._segments: list[Segment] = []
        self._read: dict[int, int] = {}  # how often the hashes of a segment were read that are not sorted
        self._runs: list[_Run] = []  # each at least twice as long as the next
        for segment in segments:
            self.add(segment)

    def add(self, segment: Segment) -> None:
        self._read[len(self._segments)] = 0
        self._segments.append(segment)

    def _sort(self, number: int) -> None:
        starts = np.concatenate(list(self._starts(number)))
        run = _Run.sorted(starts, np.arange(len(starts), dtype=np.int64) | (number << _ROW_BITS))
        while self._runs and len(self._runs[-1].starts) < 2 * len(run.starts):
            last = self._runs.pop()
            run = _Run.sorted(
                np.concatenate([last.starts, run.starts]), np.concatenate([last.places, run.places])
            )
        self._runs.append(run)

    def find(self, hashes: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """Yields those of `hashes` that a segment has, each once, with their vectors."""
        raw = np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint8).reshape(len(hashes), 32)
        starts, found = _starts(raw), np.zeros(len(hashes), dtype=np.bool_)
        for number, times in list(self._read.items()):
            if times == _MOST_READ:
                del self._read[number]
                self._sort(number)
            else:
                self._read[number] += 1
        for run in [*self._runs, *(self._matching(number, starts) for number in self._read)]:
            first = np.searchsorted(run.starts, starts)
            last = np.searchsorted(run.starts, starts, side="right")
            for at in np.flatnonzero((first < last) & ~found).tolist():
                # The first bytes tell half of a hash; the whole is compared where they agree.
                for place in run.places[first[at] : last[at]].tolist():
                    digest, vector = self._row(place)
                    if np.array_equal(digest, raw[at]):
                        found[at] = True
                        yield hashes[at], vector
                        break

    def _starts(self, number: int) -> Iterator[npt.NDArray[np.uint64]]:
        """The starts of the hashes of a segment, some at a time."""
        segment = self._segments[number]
        for hashes in (segment.chunk_hashes, segment.sentence_hashes):
            for first in range(0, len(hashes), _AT_ONCE):
                yield _starts(hashes[first : first + _AT_ONCE])

    def _matching(self, number: int, wanted: npt.NDArray[np.uint64]) -> _Run:
        """Those rows of a segment whose hashes start as one of those wanted."""
        sought, done, found, places = np.sort(wanted), 0, list[npt.NDArray[np.uint64]](), list[Ints]()
        for starts in self._starts(number) if len(sought) else ():
            at = np.minimum(np.searchsorted(sought, starts), len(sought) - 1)
            rows = np.flatnonzero(sought[at] == starts)
            found.append(starts[rows])
            places.append(rows + done)
            done += len(starts)
        if not done:
            return _Run(wanted[:0], np.empty(0, dtype=np.int64))
        return _Run.sorted(np.concatenate(found), np.concatenate(places) | (number << _ROW_BITS))

    def _row(self, place: int) -> tuple[npt.NDArray[np.uint8], Vectors]:
        segment, row = self._segments[place >> _ROW_BITS], place & ((1 << _ROW_BITS) - 1)
        if row < len(segment):
            return segment.chunk_hashes[row], np.array(segment.chunk_vectors[row])
        row -= len(segment)
        return segment.sentence_hashes[row], np.array(segment.sentence_vectors[row])


def _starts(hashes: npt.NDArray[np.uint8]) -> npt.NDArray[Any]:
    """The first eight bytes of each hash as a number."""
    return np.ascontiguousarray(hashes[:, :8]).view("<u8").ravel()
