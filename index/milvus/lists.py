"""Lists of chunks, best first, by their own vector, by their sentences, and by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.milvus.ledger import Set
from index.milvus.papers import Papers
from index.milvus.rows import chunk_of, search_params
from index.milvus.server import MOST, Server, Where
from index.model import Vectors

_NOTHING = float("-inf")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The beginning of a list: the score of each chunk, the highest where it has several."""

    scores: Mapping[str, float]  # by primary key of the chunk; of papers in use alone
    lowest: float  # no chunk that is not in it has a higher score; -inf if it is whole
    asked: int  # rows that were asked for

    @property
    def is_whole(self) -> bool:
        return self.lowest == _NOTHING


class Lists:
    """The lists for one question; `where` limits the papers."""

    def __init__(
        self,
        server: Server,
        one: Set,
        index_type: str,
        papers: Papers,
        *,
        vector: Vectors,
        words: Mapping[int, float],
        where: Where | None,
    ) -> None:
        self._server, self._set, self._index_type, self._papers = server, one, index_type, papers
        self._vector, self._words, self._where = vector, dict(words), where

    def chunks(self, count: int) -> Ranked:
        """The chunks by their cosines."""
        return self._ranked(self._nearest(self._set.chunks, count), asked=count, limit=count)

    def sentences(self, count: int) -> Ranked:
        """The chunks by their best sentences, from twice `count` sentences, as a chunk has several."""
        limit = min(2 * count, MOST)
        rows = self._nearest(self._set.sentences, limit)
        return self._ranked([(chunk_of(row), score) for row, score in rows], asked=count, limit=limit)

    def words(self, count: int) -> Ranked:
        """The chunks by BM25 with the mean length that is stored."""
        if not self._words:
            return Ranked({}, _NOTHING, count)
        rows = self._server.nearest(self._set.chunks, "words", self._words, limit=count, where=self._where)
        return self._ranked(rows, asked=count, limit=count)

    def _nearest(self, collection: str, limit: int) -> list[tuple[str, float]]:
        params = search_params(self._index_type, limit)
        return self._server.nearest(
            collection, "vector", self._vector, limit=limit, where=self._where, params=params
        )

    def _ranked(self, rows: list[tuple[str, float]], *, asked: int, limit: int) -> Ranked:
        scores = dict[str, float]()
        for row, score in rows:
            if self._papers.document_of(row) is not None:
                scores.setdefault(row, score)
        lowest = rows[-1][1] if len(rows) >= limit else _NOTHING
        return Ranked(scores, lowest, asked)
