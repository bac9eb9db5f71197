"""Search engine that compares a question with every chunk: FAISS over vectors, BM25 over terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace, Fusion, Match, Vectors
from index.search.dense import DenseIndex, Rows
from index.search.lexical import LexicalIndex
from index.search.sentences import SentenceIndex

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Scored:
    """The scores of all chunks for one question, by row."""

    dense: Scores  # of chunks with their best sentences; -1 outside the requested papers
    lexical: Scores
    sentences: Scores  # cosines of all sentences


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
        rows = self._rows_of(self._rows if documents is None else documents)
        return self._best(self._scored(vector, weights, None if documents is None else rows), rows, k)

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone; every chunk is compared once."""
        scored = self._scored(vector, weights, self._rows_of(documents))
        return {document: self._best(scored, self._rows_of([document]), k) for document in documents}

    def _scored(self, vector: Vectors, weights: Mapping[str, float], rows: Rows | None) -> _Scored:
        sentences = self._sentences.scores(vector)
        return _Scored(
            dense=self._sentences.joined(self._dense.scores(vector, rows=rows), sentences, self._fusion),
            lexical=self._lexical.scores(weights),
            sentences=sentences,
        )

    def _best(self, scored: _Scored, rows: Rows, k: int) -> list[Match]:
        dense, lexical = scored.dense[rows], scored.lexical[rows]
        near = {place: rank for rank, place in enumerate(best(dense, k), 1)}
        said = {place: rank for rank, place in enumerate(best(lexical, k), 1) if lexical[place] > 0}
        return [
            Match(
                chunk=self.chunks[rows[place]],
                dense=float(dense[place]),
                lexical=float(lexical[place]),
                dense_rank=near.get(place),
                lexical_rank=said.get(place),
                sentences=self._sentences.of(int(rows[place]), scored.sentences),
            )
            for place in sorted(near.keys() | said.keys())
        ]

    def _rows_of(self, documents: Collection[str]) -> Rows:
        found = [self._rows[document] for document in dict.fromkeys(documents) if document in self._rows]
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
