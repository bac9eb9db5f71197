"""Statistics of terms: all of them in memory where they are few, else read when a question needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from corpus.store.database import Transactions
from index.milvus.counts import all_counts, chunks_containing
from index.milvus.words import number_of
from index.search.lexical import idf_of, share_known

_REMEMBERED = 500_000  # terms whose counts are kept in memory, some 50 MB at most


class Terms:
    """The `TermStatistics` of the set `name` with `size` chunks. Counts of terms are read once and kept.

    Up to `in_memory` are read at once: understanding a question asks for many single pairs of characters.
    """

    def __init__(self, database: Transactions, name: str, size: int, *, in_memory: int = _REMEMBERED) -> None:
        self._database, self._name, self._size = database, name, size
        found = all_counts(database, name, most=in_memory)
        self._has_all = found is not None
        self._counts = found or {}

    def idf(self, term: str) -> float:
        return self._idf(self._read([term])[term])

    def known(self, weights: Mapping[str, float]) -> float:
        counts = self._read(weights)
        return share_known(weights, count=counts.__getitem__, size=self._size)

    def question(self, weights: Mapping[str, float]) -> dict[int, float]:
        """Weight · idf of each term that occurs, by its number: the vector of a question."""
        found = dict[int, float]()
        for term, count in self._read(weights).items():
            if count and weights[term]:
                number = number_of(term)
                found[number] = found.get(number, 0.0) + weights[term] * self._idf(count)
        return found

    def _idf(self, count: int) -> float:
        return idf_of(count, self._size)

    def _read(self, terms: Collection[str]) -> dict[str, int]:
        """How many chunks contain each term. A build in progress may have counted more than there are."""
        numbers = {term: number_of(term) for term in terms}
        if self._has_all:
            return {term: min(self._counts.get(number, 0), self._size) for term, number in numbers.items()}
        if len(self._counts) > _REMEMBERED:
            self._counts = {}
        known = self._counts  # another thread may begin a new one
        if absent := [number for number in numbers.values() if number not in known]:
            known.update(chunks_containing(self._database, self._name, absent))
        return {term: min(known[number], self._size) for term, number in numbers.items()}
