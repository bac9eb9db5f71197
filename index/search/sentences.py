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
        self._size = len(chunks)
        owners = _owners(sentences, chunks)
        self._placed: _Rows = np.flatnonzero(owners >= 0)
        self._owners: _Rows = owners[self._placed]
        of_chunk: dict[int, list[int]] = defaultdict(list)
        for row, owner in enumerate(owners.tolist()):
            of_chunk[owner].append(row)
        self._of_chunk = of_chunk

    def __len__(self) -> int:
        return len(self._sentences)

    def scores(self, vector: Vectors) -> Vectors:
        """The cosine of every sentence."""
        return self._dense.scores(vector)

    def joined(self, own: Vectors, sentences: Vectors, fusion: Fusion) -> Vectors:
        """The cosine of every chunk: its own combined with that of its best sentence, if it has any.

        `own` and `sentences` are the cosines of chunks and of sentences, by row.
        """
        best = np.full(self._size, -np.inf, dtype=np.float32)
        np.maximum.at(best, self._owners, sentences[self._placed])
        mixed = fusion.sentence_share * best + (1 - fusion.sentence_share) * own
        return np.where(np.isneginf(best), own, mixed).astype(np.float32)

    def of(self, chunk: int, sentences: Vectors) -> tuple[Similar, ...]:
        """The sentences of the chunk in a row, in reading order, with their cosines."""
        return tuple(
            Similar(self._sentences[row].start, self._sentences[row].end, float(sentences[row]))
            for row in self._of_chunk.get(chunk, ())
        )


def _owners(sentences: Sequence[ChunkPlace], chunks: Sequence[ChunkPlace]) -> _Rows:
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
