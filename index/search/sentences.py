"""Sentence vectors: the cosine of each chunk's best sentence, and the cosines of its sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace, Fusion, Similar, Vectors
from index.search.dense import DenseIndex

_Rows = npt.NDArray[np.int64]


class SentenceIndex:
    """Cosines of sentences, grouped by the chunks that contain them."""

    def __init__(
        self, sentences: Sequence[ChunkPlace], dense: DenseIndex, *, chunks: Sequence[ChunkPlace]
    ) -> None:
        self._sentences = tuple(sentences)
        self._dense = dense
        owners = owners_of(sentences, chunks)
        in_chunks = np.flatnonzero(owners >= 0)
        # The sentences of the chunk in row n are _rows[_starts[n] : _starts[n + 1]], in reading order.
        self._rows: _Rows = in_chunks[np.argsort(owners[in_chunks], kind="stable")]
        self._starts: _Rows = np.searchsorted(owners[self._rows], np.arange(len(chunks) + 1))

    def __len__(self) -> int:
        return len(self._sentences)

    def scores(self, vector: Vectors, *, chunks: _Rows | None = None) -> Vectors:
        """The cosines of the sentences of all chunks, or of those in the rows `chunks`, chunk by chunk.

        Those of the chunk `chunks[n]` are between `bounds(chunks)[n]` and `bounds(chunks)[n + 1]`.
        """
        if chunks is None:
            return self._dense.scores(vector, rows=self._rows)
        bounds = self.bounds(chunks)
        shifts = np.repeat(self._starts[chunks] - bounds[:-1], np.diff(bounds))
        return self._dense.scores(vector, rows=self._rows[np.arange(bounds[-1]) + shifts])

    def bounds(self, chunks: _Rows | None = None) -> _Rows:
        """Where the sentences of each chunk begin and end in the result of `scores`."""
        if chunks is None:
            return self._starts
        counts = self._starts[chunks + 1] - self._starts[chunks]
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])

    def joined(
        self, own: Vectors, sentences: Vectors, fusion: Fusion, *, chunks: _Rows | None = None
    ) -> Vectors:
        """The cosine of every chunk: its own combined with that of its best sentence, if it has any.

        `own` has the cosines of the chunks, `sentences` those that `scores` returned for them.
        """
        bounds = self.bounds(chunks)
        some = np.flatnonzero(bounds[:-1] < bounds[1:])
        joined = own.copy()
        if len(some):
            best = np.maximum.reduceat(sentences, bounds[some])
            joined[some] = fusion.sentence_share * best + (1 - fusion.sentence_share) * own[some]
        return joined

    def of(self, chunk: int, cosines: Vectors) -> tuple[Similar, ...]:
        """The sentences of the chunk in a row, in reading order, with their cosines."""
        rows = self._rows[self._starts[chunk] : self._starts[chunk + 1]].tolist()
        found = (self._sentences[row] for row in rows)
        return tuple(
            Similar(sentence.start, sentence.end, cosine)
            for sentence, cosine in zip(found, cosines.tolist(), strict=True)
        )


def owners_of(sentences: Sequence[ChunkPlace], chunks: Sequence[ChunkPlace]) -> _Rows:
    """For each sentence the row of the chunk in which it begins; -1 if there is none."""
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        starts[chunk.clause_key].append((chunk.start, row))
    for places in starts.values():
        places.sort()
    found = np.full(len(sentences), -1, dtype=np.int64)
    for row, sentence in enumerate(sentences):
        places = starts.get(sentence.clause_key, [])
        at = bisect_right(places, (sentence.start, len(chunks))) - 1
        if at >= 0:
            found[row] = places[at][1]
    return found
