"""BM25 over the rows of several segments, with the statistics of all rows in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.search.bm25 import saturation
from index.search.lexical import idf_of, share_known
from index.search.live import LiveRows, Spans
from index.search.pruned import TermRows, best_rows
from index.search.ranges import numbers
from index.segments.segment import Ints, Rows

Scores = npt.NDArray[np.float32]
_REMEMBERED = 1 << 16  # terms whose number of rows is cached
_NEARLY = 1 - 1e-4  # of a score that was added in another order
_CACHED = 1 << 22  # postings whose scores are cached, 8 bytes each


class Words:
    """Scores and statistics of terms; a `TermStatistics`."""

    def __init__(self, live: LiveRows) -> None:
        self._live = live
        self.mean_length = live.length / len(live) if len(live) else 1.0
        self._saturation = [saturation(part.segment.lengths, self.mean_length) for part in live.parts]
        self._rounded = [one.astype(np.float32) for one in self._saturation]
        self._rows_containing = lru_cache(maxsize=_REMEMBERED)(self._count)
        self._cached: dict[str, tuple[tuple[Rows, Scores], ...]] = {}
        self._cached_size = 0

    def idf(self, term: str) -> float:
        """Inverse document frequency as in Lucene's BM25; the highest for an unknown term."""
        return idf_of(self._rows_containing(term), len(self._live))

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of the terms, weighted by weight and rarity, that occur in any chunk; 0 without terms."""
        return share_known(weights, count=self._rows_containing, size=len(self._live))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """A score for every row in use, the weighted sum over the terms; 0 if no term of `weights` occurs."""
        found = np.zeros(len(self._live), dtype=np.float32)
        for term, weight in weights.items():
            for places, values in self._of(term):
                found[places] += weight * values
        return found

    def scores_in(self, weights: Mapping[str, float], spans: Spans) -> Scores:
        """The same scores for the rows of `spans` only, without reading the others."""
        found = np.zeros(len(spans), dtype=np.float32)
        offsets = np.cumsum(spans.sizes) - spans.sizes
        for number, part in enumerate(self._live.parts):
            own = spans.parts == number
            if not own.any():
                continue
            # Of the type of the postings: numpy would convert all of them otherwise.
            first = spans.rows[own].astype(np.int32)
            last = first + spans.sizes[own].astype(np.int32)
            shift = offsets[own] - first
            for term, weight in weights.items():
                rows, counts, _ = part.segment.postings(term)
                starts = np.searchsorted(rows, first)
                sizes = np.searchsorted(rows, last) - starts
                here = numbers(starts, sizes)
                if len(here):
                    values = self._values(term, number, rows[here], counts[here])
                    found[rows[here] + np.repeat(shift, sizes)] += weight * values
        return found

    def best_places(
        self, weights: Mapping[str, float], k: int, masks: Sequence[npt.NDArray[np.bool_]]
    ) -> Ints:
        """Places of the `k` rows with the highest scores above 0 of those in `masks`, and of few more."""
        places, scores = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        for number in sorted(range(len(masks)), key=lambda one: -len(masks[one])):
            least = float(np.sort(scores)[-k]) if len(scores) >= k else 0.0
            terms = [self._term_rows(term, weight, number) for term, weight in weights.items()]
            rows, values = best_rows([one for one in terms if len(one.rows)], k, masks[number], least=least)
            part = self._live.parts[number].places
            places = np.concatenate([places, part[rows].astype(np.int64)])
            scores = np.concatenate([scores, values])
        if len(scores) <= k:
            return places
        kept: Ints = places[scores >= np.sort(scores)[-k] * _NEARLY]
        return kept

    def _term_rows(self, term: str, weight: float, number: int) -> TermRows:
        segment = self._live.parts[number].segment
        rows, counts, bound = segment.postings(term)
        longer = max(1.0, self.mean_length / segment.mean_length)  # see `index.search.bm25.highest`
        idf = self.idf(term)

        def values(some: slice | Ints) -> Scores:
            # Rounded, which takes a third of the time: these scores only say which rows to look at.
            tf = counts[some].astype(np.float32)
            return np.float32(weight * idf) * (tf / (self._rounded[number][rows[some]] + tf))

        return TermRows(rows, weight * idf * bound * longer, values)

    def _of(self, term: str) -> tuple[tuple[Rows, Scores], ...]:
        """The places that contain a term, and its BM25 score in each, part by part."""
        known = self._cached.get(term)
        if known is not None:
            return known
        found = tuple(self._of_part(term, number) for number in range(len(self._live.parts)))
        size = sum(len(places) for places, _ in found)
        if self._cached_size + size > _CACHED:
            # Another thread may do the same: what is lost is computed again.
            self._cached, self._cached_size = {}, 0
        self._cached[term] = found
        self._cached_size += size
        return found

    def _of_part(self, term: str, number: int) -> tuple[Rows, Scores]:
        part = self._live.parts[number]
        rows, counts, _ = part.segment.postings(term)
        values = self._values(term, number, rows, counts)
        if part.whole:
            return rows, values
        places = part.places[rows]
        in_use = places >= 0
        return places[in_use], values[in_use]

    def _values(self, term: str, number: int, rows: Rows, counts: npt.NDArray[np.uint16]) -> Scores:
        """The BM25 score of a term in some rows of a part."""
        tf = counts.astype(np.float64)
        found: Scores = (
            float(np.float32(self.idf(term))) * (tf / (self._saturation[number][rows] + tf))
        ).astype(np.float32)
        return found

    def _count(self, term: str) -> int:
        """The number of rows in use that contain a term."""
        found = 0
        for part in self._live.parts:
            rows, _, _ = part.segment.postings(term)
            found += len(rows)
            if len(rows) and len(part.unused_first):
                unused = np.searchsorted(rows, part.unused_last) - np.searchsorted(rows, part.unused_first)
                found -= int(unused.sum())
        return found
