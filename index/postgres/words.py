"""BM25 over the postings in the database, computed by the process that searches.

The postings of a term are read once and kept with their scores, up to a limit of memory: a question of
thirty terms has a hundred thousand of them among as many chunks, and a database takes ten times as long to
add them up row by row. Which papers may be answered from is decided by the database for every search.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.postgres.connections import Searches
from index.postgres.papers import IndexedPapers, Rows
from index.postgres.postings import POSTING
from index.postgres.tables import Tables
from index.search.lexical import K1, B, idf_of, share_known

Scores = npt.NDArray[np.float32]
_MOST_BYTES = 256 << 20  # of postings in memory; those of 100,000 chunks are 120 MB


@dataclass(frozen=True, slots=True)
class _Term:
    """The rows that contain a term, ascending, with its score in each."""

    rows: npt.NDArray[np.int32]
    scores: Scores


class Words:
    """A `TermStatistics`, and the BM25 scores of all chunks. Thread-safe."""

    def __init__(
        self,
        searches: Searches,
        tables: Tables,
        papers: IndexedPapers,
        counts: Mapping[str, int],
        *,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        """`counts`: in how many chunks each term occurs."""
        self._searches, self._papers, self._counts = searches, papers, counts
        self._most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[str, _Term] = OrderedDict()
        self._lock = threading.Lock()
        lengths = papers.lengths.astype(np.float64)
        mean = lengths.mean() if len(lengths) else 1.0
        self._saturation = (K1 * (1 - B + B * lengths / mean)).astype(np.float64)
        self._query = (
            "SELECT term, array_agg(paper), array_agg(chunks), "
            f"{tables.dialect.bytes_joined.format('data')} "
            f"FROM {tables.postings} WHERE term = ANY(%s) GROUP BY term"
        )

    def idf(self, term: str) -> float:
        return idf_of(self._counts.get(term, 0), self._papers.size)

    def known(self, weights: Mapping[str, float]) -> float:
        return share_known(weights, count=lambda term: self._counts.get(term, 0), size=self._papers.size)

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """A score for every row; 0 where no term of `weights` occurs. Raises IndexFault."""
        found = np.zeros(self._papers.size, dtype=np.float32)
        terms = [term for term in weights if term in self._counts]
        of_term = self._of(terms)
        for term in terms:
            one = of_term[term]
            found[one.rows] += np.float32(weights[term]) * one.scores
        return found

    def _of(self, terms: Sequence[str]) -> dict[str, _Term]:
        with self._lock:
            found = {term: self._kept[term] for term in terms if term in self._kept}
            for term in found:
                self._kept.move_to_end(term)
        absent = [term for term in terms if term not in found]
        if absent:
            read = self._read(absent)
            found |= read
            self._keep(read)
        return found

    def _read(self, terms: list[str]) -> dict[str, _Term]:
        """The postings of the terms; of a paper that was deleted meanwhile there are none."""
        none = _Term(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))
        found = dict.fromkeys(terms, none)
        with self._searches.connection() as connection:
            for term, papers, chunks, data in connection.execute(self._query, (terms,), binary=True):
                found[str(term)] = self._weighed(str(term), papers, chunks, data)
        return found

    def _weighed(self, term: str, papers: list[int], chunks: list[int], data: bytes) -> _Term:
        postings = np.frombuffer(data, dtype=POSTING)
        first: Rows = np.repeat(self._papers.first(np.array(papers, dtype=np.int64)), chunks)
        inside = first >= 0
        rows = first[inside] + postings["chunk"][inside]
        counts = postings["count"][inside].astype(np.float64)
        scores = np.float32(self.idf(term)) * (counts / (self._saturation[rows] + counts))
        return _Term(rows.astype(np.int32), scores.astype(np.float32))

    def _keep(self, read: Mapping[str, _Term]) -> None:
        with self._lock:
            for term, one in read.items():
                if term not in self._kept:
                    self._kept[term] = one
                    self._bytes += one.rows.nbytes + one.scores.nbytes
            while self._bytes > self._most_bytes and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.rows.nbytes + oldest.scores.nbytes
