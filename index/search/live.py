"""The rows of several segments that are in use, in one order: by document id, then as in the paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.search.ranges import numbers
from index.segments.segment import Ints, Rows, Segment


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A segment, and which of its rows are in use."""

    segment: Segment
    places: Rows  # the place of each row in the common order; -1 if it is not in use
    whole: bool  # whether the places are those of the rows, so that nothing has to be moved
    unused_first: Rows  # the runs of rows that are not in use
    unused_last: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Runs of rows in the common order: run n is `rows[n] : rows[n] + sizes[n]` of the part `parts[n]`."""

    parts: Ints
    rows: Ints
    sizes: Ints
    places: Ints  # of all rows in the common order

    def __len__(self) -> int:
        return len(self.places)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


class LiveRows:
    """Rows in use. A paper is in use in one segment at most."""

    def __init__(self, segments: Sequence[Segment], papers: Sequence[Collection[int]]) -> None:
        """`papers` are the numbers of the papers in use of each segment."""
        # Arrays wherever possible: all papers are gone through after each change of one of them.
        numbered = [np.sort(np.fromiter(of_segment, dtype=np.int64)) for of_segment in papers]
        documents = [
            segment.papers[number][0]
            for segment, own in zip(segments, numbered, strict=True)
            for number in own.tolist()
        ]
        order = sorted(range(len(documents)), key=documents.__getitem__)
        self.documents = tuple(map(documents.__getitem__, order))
        self._number = {document: number for number, document in enumerate(self.documents)}
        firsts, lasts = (
            _joined([one.paper_starts[own + end] for one, own in zip(segments, numbered, strict=True)])
            for end in (0, 1)
        )
        self._first, self._sizes = firsts[order], (lasts - firsts)[order]
        self._part = np.repeat(np.arange(len(segments)), list(map(len, numbered)))[order]
        self._starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self._sizes)])
        self.parts = [self._of_part(place, segment) for place, segment in enumerate(segments)]

    def _of_part(self, number: int, segment: Segment) -> Part:
        places = np.full(len(segment), -1, dtype=np.int32)
        own = self._part == number
        rows = numbers(self._first[own], self._sizes[own])
        places[rows] = numbers(self._starts[:-1][own], self._sizes[own])
        whole = len(places) == len(self) and bool(np.array_equal(places, np.arange(len(places))))
        edges = np.flatnonzero(np.diff(places < 0, prepend=False, append=False)).astype(np.int32)
        return Part(segment, places, whole, edges[::2], edges[1::2])

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def length(self) -> int:
        """The terms of all rows together."""
        return sum(int(part.segment.lengths[part.places >= 0].sum(dtype=np.int64)) for part in self.parts)

    @property
    def sentences(self) -> int:
        return sum(int(np.diff(part.segment.sentence_starts)[part.places >= 0].sum()) for part in self.parts)

    def of_documents(self, documents: Collection[str]) -> Spans:
        """The rows of some papers; those that are not in use have none."""
        in_use = [number for number in map(self._number.get, documents) if number is not None]
        found = np.unique(np.array(in_use, dtype=np.int64))
        return Spans(
            parts=self._part[found],
            rows=self._first[found],
            sizes=self._sizes[found],
            places=numbers(self._starts[:-1][found], self._sizes[found]),
        )

    def masks(self, spans: Spans | None) -> list[npt.NDArray[np.bool_]]:
        """Which rows of each part are in use, and in `spans` if given."""
        if spans is None:
            return [part.places >= 0 for part in self.parts]
        found = [np.zeros(len(part.places), dtype=np.bool_) for part in self.parts]
        for place, mask in enumerate(found):
            own = spans.parts == place
            mask[numbers(spans.rows[own], spans.sizes[own])] = True
        return found

    def at(self, places: Ints) -> Spans:
        """The rows in some places."""
        papers = np.searchsorted(self._starts, places, side="right") - 1
        return Spans(
            parts=self._part[papers],
            rows=self._first[papers] + places - self._starts[papers],
            sizes=np.ones(len(places), dtype=np.int64),
            places=places,
        )

    def documents_at(self, places: Ints) -> list[str]:
        """The document of each place."""
        papers = np.searchsorted(self._starts, places, side="right") - 1
        return [self.documents[paper] for paper in papers.tolist()]
