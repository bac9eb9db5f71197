"""The engine over Milvus passes the contract tests of a searcher, on Milvus Lite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import pytest
from milvus_folder import index_of, stopped
from searcher import SearcherContract

from corpus.store.papers import Store
from index.milvus.searcher import MilvusSearcher
from index.milvus.server import Server
from index.model import Chunk, Fusion, Searcher, Vectors


class TestMilvusSearcher(SearcherContract):
    server: ClassVar[Server]
    store: ClassVar[Store]
    made: ClassVar[int] = 0

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        folder = tmp_path_factory.mktemp("milvus")
        with stopped(folder / "index.db") as uri, Store(f"sqlite:///{folder / 'papers.db'}") as store:
            cls.server, cls.store = Server(uri), store
            yield

    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        cls.made += 1
        index = index_of(
            cls.store,
            cls.server,
            f"contract_{cls.made}",
            chunks=chunks,
            vectors=vectors,
            sentences=sentences,
            near=near,
            stored_mean=150.0,
        )
        return MilvusSearcher(index, Fusion())
