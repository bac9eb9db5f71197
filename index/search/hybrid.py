"""Search by meaning and by words, over whatever engine keeps the chunks.

The words weigh less the fewer of them the papers contain: of a question in everyday words, or in English,
BM25 sees only what happens to be spelt alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from index.model import Embedder, Hit, Searcher, TermStatistics
from index.search.fusion import fuse
from index.search.lexical import term_weights

# Share of the cosine in the fused score for a question whose words the papers contain; the rest is BM25.
DENSE_WEIGHT = 0.45
_REMEMBERED = 1024  # questions whose vectors are kept, some 2 kB each


class HybridSearcher:
    """Embeds a question, asks the engine and fuses what it returns."""

    def __init__(
        self, engine: Searcher, *, terms: TermStatistics, embedder: Embedder, weight: float = DENSE_WEIGHT
    ) -> None:
        self._engine, self._terms, self._weight = engine, terms, weight
        # Many ask what is suggested to them, or what others ask: a third of an answer's time is the model's.
        self._vector = lru_cache(maxsize=_REMEMBERED)(embedder.embed_query)

    def search(
        self,
        query: str,
        *,
        k: int,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """The best `k` hits, best first; only from `documents` when given.

        `weights` are the terms to look for with what each counts; without them those of `query`, 1 each.
        """
        words = term_weights(query) if weights is None else weights
        matches = self._engine.search(self._vector(query), words, k=k, documents=documents)
        return fuse(matches, words=self._share(words), k=k)

    def search_each(
        self, query: str, *, k: int, weights: Mapping[str, float] | None = None, documents: Collection[str]
    ) -> dict[str, list[Hit]]:
        """The best `k` hits of each of `documents`, as `search` in it alone; the query is embedded once."""
        words = term_weights(query) if weights is None else weights
        found = self._engine.search_each(self._vector(query), words, k=k, documents=documents)
        share = self._share(words)
        return {document: fuse(matches, words=share, k=k) for document, matches in found.items()}

    def _share(self, words: Mapping[str, float]) -> float:
        return (1 - self._weight) * self._terms.known(words)
