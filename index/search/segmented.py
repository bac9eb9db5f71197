"""Search engine over segments: FAISS over vectors, BM25 over terms, one order of all rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace, Fusion, Match, Similar, Vectors
from index.search.live import LiveRows, Spans
from index.search.ranges import numbers
from index.search.vectors import Scores, cosines, joined
from index.search.words import Words
from index.segments.segment import Ints, Segment

EXACT = 20_000  # rows that are all compared where there are lists, in about 15 ms
# Proposed for each of the best k: a chunk's cosine is made of its own and that of its best sentence.
_CHUNKS, _SENTENCES = 4, 6


class SegmentSearcher:
    """A `Searcher` over the rows in use of several segments."""

    def __init__(self, live: LiveRows, words: Words, *, fusion: Fusion, exact: int = EXACT) -> None:
        """Up to `exact` rows are all compared, even where there are lists."""
        self._live, self._words, self._fusion, self._exact = live, words, fusion, exact
        self._has_lists = any(part.segment.sentence_lists is not None for part in live.parts)

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` nearest and the `k` best by words, in the order of the papers.

        Where there are lists and many rows to search, a few of the nearest may be missed.
        """
        spans = None if documents is None else self._live.of_documents(documents)
        if self._has_lists and (spans is None or len(spans) > self._exact):
            spans = self._live.at(self._proposed(vector, weights, spans, k))
        if spans is None:
            return self._best(vector, self._all(vector), self._words.scores(weights), None, k)
        return self._best(
            vector, self._some(vector, spans), self._words.scores_in(weights, spans), spans.places, k
        )

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone."""
        return {one: self.search(vector, weights, k=k, documents=[one]) for one in documents}

    def _all(self, vector: Vectors) -> Scores:
        """The cosine of every row in use."""
        found = np.empty(len(self._live), dtype=np.float32)
        for part in self._live.parts:
            one = part.segment
            own, near = cosines(vector, one.chunk_vectors), cosines(vector, one.sentence_vectors)
            scores = joined(own, near, one.sentence_starts, self._fusion)
            if part.whole:
                return scores
            in_use = part.places >= 0
            found[part.places[in_use]] = scores[in_use]
        return found

    def _some(self, vector: Vectors, spans: Spans) -> Scores:
        """The cosine of each row of `spans`."""
        found = np.empty(len(spans), dtype=np.float32)
        offsets = np.cumsum(spans.sizes) - spans.sizes
        for number in range(len(self._live.parts)):
            own = spans.parts == number
            if own.any():
                rows = numbers(spans.rows[own], spans.sizes[own])
                here = numbers(offsets[own], spans.sizes[own])
                found[here] = self._of_rows(vector, number, rows)
        return found

    def _proposed(self, vector: Vectors, weights: Mapping[str, float], spans: Spans | None, k: int) -> Ints:
        """The places of rows among which are the best, nearly all by vectors and all by words."""
        masks = self._live.masks(spans)
        found = [self._words.best_places(weights, k, masks)]
        for number, (part, mask) in enumerate(zip(self._live.parts, masks, strict=True)):
            rows = _near(part.segment, vector, mask, k)
            if rows is None:
                rows = np.flatnonzero(mask)
                rows = rows[best(self._of_rows(vector, number, rows), k)]
            found.append(part.places[rows].astype(np.int64))
        return np.unique(np.concatenate(found))

    def _of_rows(self, vector: Vectors, part: int, rows: Ints) -> Scores:
        segment = self._live.parts[part].segment
        starts = segment.sentence_starts[rows]
        sizes = segment.sentence_starts[rows + 1] - starts
        own = cosines(vector, segment.chunk_vectors, only=rows)
        near = cosines(vector, segment.sentence_vectors, only=numbers(starts, sizes))
        bounds = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        return joined(own, near, bounds, self._fusion)

    def _best(
        self, vector: Vectors, dense: Scores, lexical: Scores, places: Ints | None, k: int
    ) -> list[Match]:
        """The best of the rows in `places`, or of all rows in use."""
        near = {at: rank for rank, at in enumerate(best(dense, k), 1)}
        said = {at: rank for rank, at in enumerate(best(lexical, k), 1) if lexical[at] > 0}
        found = sorted(near.keys() | said.keys())
        at = np.array(found, dtype=np.int64)
        rows = self._live.at(at if places is None else places[at])
        contents = self._contents(vector, rows)
        scores = zip(dense[at].tolist(), lexical[at].tolist(), strict=True)
        return [
            Match(chunk, near_score, said_score, near.get(one), said.get(one), sentences)
            for one, (chunk, sentences), (near_score, said_score) in zip(found, contents, scores, strict=True)
        ]

    def _contents(self, vector: Vectors, rows: Spans) -> list[tuple[ChunkPlace, tuple[Similar, ...]]]:
        """The chunk in each row, and its sentences with their cosines."""
        found: dict[int, tuple[ChunkPlace, tuple[Similar, ...]]] = {}
        for number, part in enumerate(self._live.parts):
            here = np.flatnonzero(rows.parts == number)
            some = rows.rows[here]
            chunks = part.segment.places(some, self._live.documents_at(rows.places[here]))
            contents = zip(chunks, similar(part.segment, vector, some), strict=True)
            found |= dict(zip(here.tolist(), contents, strict=True))
        return [found[at] for at in range(len(rows))]


def _near(segment: Segment, vector: Vectors, mask: npt.NDArray[np.bool_], k: int) -> Ints | None:
    """Rows of the segment near to the vector by their own or a sentence's, from its lists; None without."""
    if segment.chunk_lists is None or segment.sentence_lists is None:
        return None
    every = bool(mask.all())
    sentences = None if every else np.repeat(mask, np.diff(segment.sentence_starts))
    own = segment.chunk_lists.nearest(vector, _CHUNKS * k, allowed=None if every else mask)
    near = segment.sentence_lists.nearest(vector, _SENTENCES * k, allowed=sentences)
    owners = np.searchsorted(segment.sentence_starts, near, side="right") - 1
    return np.union1d(own, owners)


def similar(segment: Segment, vector: Vectors, rows: Ints) -> list[tuple[Similar, ...]]:
    """The sentences of each of some chunks, in reading order, with their cosines."""
    starts = segment.sentence_starts[rows]
    sizes = segment.sentence_starts[rows + 1] - starts
    near = numbers(starts, sizes)
    found = [
        Similar(start, end, cosine)
        for (start, end), cosine in zip(
            segment.sentence_places[near].tolist(),
            cosines(vector, segment.sentence_vectors, only=near).tolist(),
            strict=True,
        )
    ]
    ends = np.cumsum(sizes).tolist()
    return [tuple(found[first:end]) for first, end in zip([0, *ends[:-1]], ends, strict=False)]


def best(scores: Scores, k: int) -> list[int]:
    """The indexes of the `k` highest scores, highest first; equal scores in row order."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")[:k]
    return [int(place) for place in places[order]]
