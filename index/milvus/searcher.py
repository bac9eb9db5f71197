"""Search in Milvus: candidates by chunk, by sentence and by words, whose scores are then computed exactly.

The cosine of a chunk is a weighted sum of its own and its best sentence's, which are in two collections.
Both lists are read from the best on until no chunk outside of them can be among the best (the threshold
algorithm of Fagin, Lotem and Naor, 2001): a chunk that is in neither has at most the lowest of each. So the
result is as exact as the indexes of Milvus: exact with FLAT, else but for what the index of vectors
overlooks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from index.milvus.ledger import Set
from index.milvus.lists import Lists, Ranked
from index.milvus.papers import Papers
from index.milvus.reading import Found, Reading
from index.milvus.server import MOST, Server, Where
from index.milvus.statistics import Terms
from index.milvus.words import factors
from index.model import Fusion, Match, Vectors

_FIRST = 2  # times k: rows of each list that are asked for at first; docs/scale.md says how many are needed
_MORE = 4  # times as many the next time
_TIES = 16  # rows after the k best by words, as several may have one score
_ROUNDING = 1e-5  # of a cosine, and of a BM25 score in relation to it


@dataclass(frozen=True, slots=True)
class Index:
    """An opened index: where it is, what it may return, how its words are weighed."""

    server: Server
    set: Set
    index_type: str
    papers: Papers
    terms: Terms
    mean: float  # mean length of its chunks


class MilvusSearcher:
    """A `Searcher` over the collections of a set."""

    def __init__(self, index: Index, fusion: Fusion) -> None:
        self._index, self._fusion = index, fusion

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` nearest and the `k` best by words, in the order of the papers. Raises IndexFault."""
        where = self._index.papers.where(documents)
        if where is not None and not where.values:
            return []
        words = self._index.terms.question(weights)
        query = np.ascontiguousarray(vector, dtype=np.float32)
        return _Search(self._index, self._fusion, query, words, k, where).run()

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone."""
        return {one: self.search(vector, weights, k=k, documents=[one]) for one in documents}


class _Search:
    """One search. Every row is read once."""

    def __init__(
        self,
        index: Index,
        fusion: Fusion,
        vector: Vectors,
        words: Mapping[int, float],
        k: int,
        where: Where | None,
    ) -> None:
        self._index, self._words, self._k = index, words, k
        self._share = fusion.sentence_share
        self._lists = Lists(
            index.server, index.set, index.index_type, index.papers, vector=vector, words=words, where=where
        )
        self._reading = Reading(
            index.server,
            index.set,
            index.papers,
            vector=vector,
            words=words,
            mean=index.mean,
            share=self._share,
        )

    def run(self) -> list[Match]:
        first = min(_FIRST * self._k, MOST)
        with ThreadPoolExecutor(max_workers=3) as pool:
            own = pool.submit(self._lists.chunks, first)
            near = pool.submit(self._lists.sentences, first)
            said = pool.submit(self._lists.words, min(self._k + _TIES, MOST))
            by_words = self._said(said.result())
            self._find(own.result(), near.result(), by_words)
        return self._matches()

    def _said(self, said: Ranked) -> list[str]:
        """All chunks that can be among the `k` best by words.

        The list is by the mean length that is stored, from which today's scores differ by known factors.
        """
        least, most = factors(self._index.set.mean, self._index.mean)
        while True:
            ranked = sorted(said.scores.values(), reverse=True)
            enough = least * ranked[self._k - 1] * (1 - _ROUNDING) if len(ranked) >= self._k else 0.0
            if said.is_whole or said.lowest * most < enough or said.asked >= MOST:
                break
            said = self._lists.words(min(_MORE * said.asked, MOST))
        return [row for row, score in said.scores.items() if score * most >= enough]

    def _find(self, own: Ranked, near: Ranked, by_words: list[str]) -> None:
        """Reads `by_words` and all chunks that can be among the `k` nearest."""
        share, found = self._share, self._reading
        while True:
            most = {
                row: share * near.scores.get(row, near.lowest) + (1 - share) * own.scores.get(row, own.lowest)
                for row in own.scores.keys() | near.scores.keys()
            }
            ranked = sorted(most, key=lambda row: -most[row])
            found.read([*by_words, *ranked[: 2 * self._k]])
            enough = found.kth_nearest(self._k) - _ROUNDING
            found.read([row for row in ranked[2 * self._k :] if most[row] >= enough])
            others = share * near.lowest + (1 - share) * own.lowest
            if others <= found.kth_nearest(self._k) - _ROUNDING or own.asked >= MOST:
                return
            more = min(_MORE * own.asked, MOST)
            own, near = self._lists.chunks(more), self._lists.sentences(more)

    def _matches(self) -> list[Match]:
        found = sorted(self._reading.found, key=lambda one: one.order)
        near = _ranks([one.dense for one in found], self._k)
        said = _ranks([one.lexical for one in found], self._k)
        return [
            _match(one, near.get(place), said.get(place) if one.lexical > 0 else None)
            for place, one in enumerate(found)
            if place in near or (place in said and one.lexical > 0)
        ]


def _ranks(scores: list[float], k: int) -> dict[int, int]:
    """The ranks of the `k` highest scores by their places; of equal ones the first is better."""
    best = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
    return {place: rank for rank, place in enumerate(best, 1)}


def _match(found: Found, dense_rank: int | None, lexical_rank: int | None) -> Match:
    return Match(found.place, found.dense, found.lexical, dense_rank, lexical_rank, found.sentences)
