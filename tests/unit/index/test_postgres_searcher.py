"""The engine in PostgreSQL passes the contract tests of a searcher, by each of its statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest
from indexed import five
from searcher import SearcherContract

from benchmarks.postgres_server import new_database
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.chunks import embedded_text
from index.build.manifest import Chunking
from index.model import Chunk, Fusion, Searcher, Vectors
from index.postgres.engine import PostgresEngine


class _Given:
    """An embedder whose vectors are given."""

    fingerprint = "given"

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self.dimension = vectors.shape[1]
        self._row = {text: row for row, text in enumerate(texts)}
        self._vectors = vectors

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._vectors[[self._row[text] for text in texts]]

    def embed_query(self, text: str) -> Vectors:
        raise AssertionError("no question is embedded by an engine")


class TestPostgresSearcher(SearcherContract):
    compared: ClassVar = 1_000_000
    server: ClassVar[str]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _server(cls, postgres: str) -> None:
        cls.server = postgres

    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        engine = PostgresEngine(url := new_database(cls.server), compared=cls.compared)
        pieces = [*chunks, *sentences]
        given = _Given([embedded_text(p) for p in pieces], np.concatenate([vectors, near]))
        with Store(url) as store:
            for paper in five() if chunks else ():
                store.add(paper)
            opened = engine.build(store, embedder=given, chunking=Chunking(), calibration={})
        assert opened.manifest.chunks == len(chunks)
        assert opened.set.has_graph == (len(pieces) > cls.compared)
        return opened.searcher(Fusion())


class TestPostgresSearcherWithCandidates(TestPostgresSearcher):
    compared: ClassVar = 0


class TestPostgresSearcherWithChunksFirst(TestPostgresSearcher):
    """Compares the chunks of the papers that are named, and the sentences of the nearest."""

    compared: ClassVar = 200
