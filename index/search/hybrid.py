"""Vector and word search as one: scores brought to 0..1 and added with weights.

Fusing scores beats fusing ranks on every set we measured: a rank hides how far ahead the best is.
The words weigh less the fewer of them the papers know: of a question in everyday words, or in English,
BM25 sees only what happens to be spelt alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.model import Chunk, Embedder, Hit
from index.search.dense import DenseIndex, Rows
from index.search.lexical import LexicalIndex, term_weights
from index.search.sentences import SentenceIndex

Scores = npt.NDArray[np.float32]

# Share of the cosine in the fused score for a question whose words the papers know; the rest is BM25.
DENSE_WEIGHT = 0.45
_REMEMBERED = 1024  # questions whose vectors are kept, some 2 kB each


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of all chunks for one question, row by row."""

    dense: Scores  # of chunks with their best sentences
    lexical: Scores
    sentences: Scores  # cosines of all sentences
    words: float  # share of BM25 in the fused score


class HybridSearcher:
    """Finds chunks by meaning and by words."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        dense: DenseIndex,
        lexical: LexicalIndex,
        embedder: Embedder,
        *,
        sentences: SentenceIndex,
        weight: float = DENSE_WEIGHT,
    ) -> None:
        self.chunks = tuple(chunks)
        self._dense, self._lexical, self._weight = dense, lexical, weight
        # Many ask what is suggested to them, or what others ask: a third of an answer's time is the model's.
        self._vector = lru_cache(maxsize=_REMEMBERED)(embedder.embed_query)
        self._sentences = sentences
        rows: dict[str, list[int]] = defaultdict(list)
        for row, chunk in enumerate(self.chunks):
            rows[chunk.document_id].append(row)
        self._rows = {document: np.array(found, dtype=np.int64) for document, found in rows.items()}

    def search(
        self,
        query: str,
        *,
        k: int,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """The best `k` hits, best first; only from `documents` when given."""
        return self.best(self.scores(query, weights=weights, documents=documents), k=k, documents=documents)

    def search_each(
        self, query: str, *, k: int, weights: Mapping[str, float] | None = None, documents: Collection[str]
    ) -> dict[str, list[Hit]]:
        """The best `k` hits of each of `documents`, as `search` in it alone; the query is embedded once."""
        scored = self.scores(query, weights=weights, documents=documents)
        return {document: self.best(scored, k=k, documents=[document]) for document in documents}

    def idf(self, term: str) -> float:
        """Weight of a term: the rarer in the corpus, the higher."""
        return self._lexical.idf(term)

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of weighted terms, from 0 to 1, that stand in any chunk."""
        return self._lexical.known(weights)

    def scores(
        self,
        query: str,
        *,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str] | None = None,
    ) -> Scored:
        """Cosine and BM25 score of every chunk; the cosine is -1 outside `documents`."""
        words = term_weights(query) if weights is None else weights
        rows = None if documents is None else self._rows_of(documents)
        vector = self._vector(query)
        sentences = self._sentences.scores(vector)
        return Scored(
            dense=self._sentences.joined(self._dense.scores(vector, rows=rows), sentences),
            lexical=self._lexical.scores(words),
            sentences=sentences,
            words=(1 - self._weight) * self._lexical.known(words),
        )

    def best(self, scored: Scored, *, k: int, documents: Collection[str] | None = None) -> list[Hit]:
        """The best `k` hits by scores that are known already; rows and scale are those of `documents`."""
        rows = self._rows_of(self._rows if documents is None else documents)
        dense, lexical = scored.dense[rows], scored.lexical[rows]
        fused = (1 - scored.words) * _scaled(dense) + scored.words * _scaled(lexical)
        best = _best(fused, k)
        return [
            Hit(
                chunk=self.chunks[rows[i]],
                score=float(fused[i]),
                dense=float(dense[i]),
                lexical=float(lexical[i]),
                dense_rank=_rank(dense, i),
                lexical_rank=_rank(lexical, i) if lexical[i] > 0 else None,
                sentences=self._sentences.of(int(rows[i]), scored.sentences),
            )
            for i in best
        ]

    def _rows_of(self, documents: Collection[str]) -> Rows:
        found = [self._rows[document] for document in dict.fromkeys(documents) if document in self._rows]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _scaled(scores: Scores) -> Scores:
    """Scores from 0 (worst) to 1 (best); all 0 where they do not differ."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def _best(scores: Scores, k: int) -> list[int]:
    """The places of the `k` highest scores, highest first; equal scores in row order."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")[:k]
    return [int(place) for place in places[order]]


def _rank(scores: Scores, place: int) -> int:
    """The rank of one score, from 1; equal scores in row order."""
    score = scores[place]
    return 1 + int(np.count_nonzero(scores > score)) + int(np.count_nonzero(scores[:place] == score))
