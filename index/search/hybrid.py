"""Hybrid search by vectors and words, over any engine.

The weight of BM25 falls with the share of words that the papers contain: of a question in everyday words, or
in English, BM25 matches only what happens to be spelt the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from index.model import Embedder, Hit, Searcher, TermStatistics
from index.search.fusion import fuse
from index.search.lexical import term_weights

# Weight of the cosine in the fused score for a question all of whose words occur; the rest is BM25.
DENSE_WEIGHT = 0.45
_REMEMBERED = 1024  # questions whose vectors are cached, some 2 kB each


class HybridSearcher:
    """Embeds a question, queries the engine and fuses the scores."""

    def __init__(
        self, engine: Searcher, *, terms: TermStatistics, embedder: Embedder, weight: float = DENSE_WEIGHT
    ) -> None:
        self._engine, self._terms, self._weight = engine, terms, weight
        self.embedder = embedder
        # Questions recur, such as suggested ones, and the model takes a third of the time of an answer.
        self._vector = lru_cache(maxsize=_REMEMBERED)(embedder.embed_query)

    def search(
        self,
        query: str,
        *,
        k: int,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """The best `k` hits, best first; only from `documents` if given.

        `weights` are the terms to search for with their weights; by default those of `query`, 1 each.
        """
        words = term_weights(query) if weights is None else weights
        matches = self._engine.search(self._vector(query), words, k=k, documents=documents)
        return fuse(matches, words=self._share(words), k=k)

    def search_each(
        self, query: str, *, k: int, weights: Mapping[str, float] | None = None, documents: Collection[str]
    ) -> dict[str, list[Hit]]:
        """The best `k` hits in each of `documents` alone, as from `search`; the query is embedded once."""
        words = term_weights(query) if weights is None else weights
        found = self._engine.search_each(self._vector(query), words, k=k, documents=documents)
        share = self._share(words)
        return {document: fuse(matches, words=share, k=k) for document, matches in found.items()}

    def _share(self, words: Mapping[str, float]) -> float:
        return (1 - self._weight) * self._terms.known(words)
