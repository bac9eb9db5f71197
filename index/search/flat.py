"""Search engine that compares a question with every chunk: FAISS over vectors, BM25 over terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace, Fusion, Match, Vectors
from index.search.dense import DenseIndex, Rows
from index.search.lexical import LexicalIndex
from index.search.sentences import SentenceIndex

Scores = npt.NDArray[np.float32]


class FlatSearcher:
    """A `Searcher` that keeps vectors and postings in memory."""

    def __init__(
        self,
        chunks: Sequence[ChunkPlace],
        *,
        dense: DenseIndex,
        lexical: LexicalIndex,
        sentences: SentenceIndex,
        fusion: Fusion,
    ) -> None:
        self.chunks = tuple(chunks)
        self._dense, self._lexical, self._sentences, self._fusion = dense, lexical, sentences, fusion
        rows: dict[str, list[int]] = defaultdict(list)
        for row, chunk in enumerate(self.chunks):
            rows[chunk.document_id].append(row)
        self._rows = {document: np.array(found, dtype=np.int64) for document, found in rows.items()}

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` nearest and the `k` best by words, in the order of the papers."""
        rows = None if documents is None else self._rows_of(documents)
        return self._best(vector, self._lexical.scores(weights), rows, k)

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone; words are looked up once."""
        lexical = self._lexical.scores(weights)
        return {document: self._best(vector, lexical, self._rows_of([document]), k) for document in documents}

    def _best(self, vector: Vectors, lexical: Scores, rows: Rows | None, k: int) -> list[Match]:
        """The best among all chunks, or among those in `rows`; `lexical` has the score of every chunk."""
        cosines = self._sentences.scores(vector, chunks=rows)
        own = self._dense.scores(vector, rows=rows)
        dense = self._sentences.joined(own, cosines, self._fusion, chunks=rows)
        bounds = self._sentences.bounds(rows)
        lexical = lexical if rows is None else lexical[rows]
        near = {place: rank for rank, place in enumerate(best(dense, k), 1)}
        said = {place: rank for rank, place in enumerate(best(lexical, k), 1) if lexical[place] > 0}
        found = []
        for place in sorted(near.keys() | said.keys()):
            row = place if rows is None else int(rows[place])
            match = Match(
                chunk=self.chunks[row],
                dense=float(dense[place]),
                lexical=float(lexical[place]),
                dense_rank=near.get(place),
                lexical_rank=said.get(place),
                sentences=self._sentences.of(row, cosines[bounds[place] : bounds[place + 1]]),
            )
            found.append(match)
        return found

    def _rows_of(self, documents: Collection[str]) -> Rows:
        found = [self._rows[document] for document in dict.fromkeys(documents) if document in self._rows]
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def best(scores: Scores, k: int) -> list[int]:
    """The indexes of the `k` highest scores, highest first; equal scores in row order."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")[:k]
    return [int(place) for place in places[order]]
