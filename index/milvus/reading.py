"""Reads chunks with their sentences by primary key and computes their scores from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.milvus.ledger import Set
from index.milvus.papers import Papers
from index.milvus.rows import chunk_of, position_of, sentence_id
from index.milvus.server import Row, Server
from index.milvus.words import score
from index.model import ChunkPlace, Similar, Vectors

_CHUNK_FIELDS = ("clause", "start", "end", "sentences", "length", "words", "vector")
_SENTENCE_FIELDS = ("start", "end", "vector")


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk with its scores."""

    place: ChunkPlace
    order: tuple[str, int]  # paper, and place in reading order
    dense: float
    lexical: float
    sentences: tuple[Similar, ...]


class Reading:
    """The chunks that one search has read."""

    def __init__(
        self,
        server: Server,
        one: Set,
        papers: Papers,
        *,
        vector: Vectors,
        words: Mapping[int, float],
        mean: float,
        share: float,
    ) -> None:
        self._server, self._set, self._papers = server, one, papers
        self._vector, self._words, self._mean, self._share = vector, words, mean, share
        self._found: dict[str, Found] = {}

    @property
    def found(self) -> Iterable[Found]:
        return self._found.values()

    def kth_nearest(self, k: int) -> float:
        """The `k`-th highest cosine of those that were read; -inf if there are fewer."""
        if len(self._found) < k:
            return float("-inf")
        return sorted((one.dense for one in self._found.values()), reverse=True)[k - 1]

    def read(self, ids: Iterable[str]) -> None:
        """Reads chunks that were not read yet. One that was deleted meanwhile is left out."""
        wanted = [row_id for row_id in dict.fromkeys(ids) if row_id not in self._found]
        if not wanted:
            return
        chunks = list(self._server.get(self._set.chunks, wanted, _CHUNK_FIELDS))
        own = self._cosines(chunks)
        sentences = self._sentences(chunks)
        for row, cosine in zip(chunks, own, strict=True):
            similar = sentences.get(row["id"], ())
            document = self._papers.document_of(row["id"])
            if document is not None and len(similar) == row["sentences"]:
                self._found[row["id"]] = self._of(row, document, cosine, similar)

    def _of(self, row: Row, document: str, own: float, similar: tuple[Similar, ...]) -> Found:
        best = max((one.cosine for one in similar), default=own)
        lexical = score(row["words"], row["length"], self._words, stored_mean=self._set.mean, mean=self._mean)
        return Found(
            place=ChunkPlace(row["clause"], document, row["start"], row["end"]),
            order=(document, position_of(row["id"])),
            dense=self._share * best + (1 - self._share) * own,
            lexical=lexical,
            sentences=similar,
        )

    def _sentences(self, chunks: Sequence[Row]) -> dict[str, tuple[Similar, ...]]:
        """The sentences of the chunks in reading order, by primary key of the chunk."""
        ids = [sentence_id(row["id"], position) for row in chunks for position in range(row["sentences"])]
        rows = list(self._server.get(self._set.sentences, ids, _SENTENCE_FIELDS))
        found = dict[str, list[Similar]]()
        for row, cosine in zip(rows, self._cosines(rows), strict=True):
            found.setdefault(chunk_of(row["id"]), []).append(Similar(row["start"], row["end"], cosine))
        return {
            chunk: tuple(sorted(some, key=lambda one: (one.start, one.end))) for chunk, some in found.items()
        }

    def _cosines(self, rows: Sequence[Mapping[str, Any]]) -> list[float]:
        vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
        cosines: list[float] = (vectors.reshape(len(rows), -1) @ self._vector).tolist() if rows else []
        return cosines
