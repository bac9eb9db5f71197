"""Milvus Lite in a folder of a test, and papers in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

import pytest
from milvus_lite.server_manager import server_manager_instance
from pymilvus.client import grpc_handler
from pymilvus.client.connection_manager import ConnectionManager

from corpus.store.papers import Store
from index.build.atomic_files import sha256
from index.build.chunks import embedded_text
from index.build.pieces import Embedded, EmbeddedPaper
from index.milvus import collections
from index.milvus.ledger import Ledger
from index.milvus.papers import Papers
from index.milvus.rows import rows_of
from index.milvus.searcher import Index
from index.milvus.server import Server
from index.milvus.statistics import Terms
from index.milvus.tables import create_tables
from index.model import Chunk, Vectors


@contextmanager
def stopped(uri: Path) -> Iterator[str]:
    """Stops the server in this process that Milvus Lite starts for a folder, after the block."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(grpc_handler, "time", SimpleNamespace(time=time.time, sleep=_briefly))
        yield str(uri)
        ConnectionManager.get_instance().close_all()
        server_manager_instance.release_server(str(uri))


def _briefly(seconds: float) -> None:
    """The client waits half a second before it asks whether an index is made; the server makes it at once."""
    time.sleep(min(seconds, 0.01))


def index_of(
    store: Store,
    server: Server,
    name: str,
    *,
    chunks: Sequence[Chunk],
    vectors: Vectors,
    sentences: Sequence[Chunk],
    near: Vectors,
    stored_mean: float,
) -> Index:
    """An index of chunks, ordered by paper; `stored_mean` is the mean length that its vectors have."""
    create_tables(store.database)
    ledger = Ledger(store.database, name)
    one = ledger.begin(name, key="", mean=stored_mean)
    collections.make(server, one, dimension=vectors.shape[1], index_type="FLAT")
    for paper in _papers(chunks, vectors, sentences, near):
        rows, named = rows_of(paper, stored_mean), (paper.document_id, paper.content_sha256)
        ledger.writing(one, named, chunks=len(rows.chunks), sentences=len(rows.sentences), length=rows.length)
        collections.put(server, one, rows)
        ledger.written(one, named, rows.containing)
    collections.settle(server, one)
    papers = ledger.papers(one)
    size = sum(paper.chunks for paper in papers)
    return Index(
        server=server,
        set=one,
        index_type="FLAT",
        papers=Papers((paper.document_id, paper.content_sha256) for paper in papers),
        terms=Terms(store.database, one.name, size, in_memory=0),  # so that they are read one by one
        mean=sum(paper.length for paper in papers) / max(size, 1),
    )


def _papers(
    chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
) -> Iterator[EmbeddedPaper]:
    for document_id, rows in groupby(range(len(chunks)), key=lambda row: chunks[row].document_id):
        own = [row for row, one in enumerate(sentences) if one.document_id == document_id]
        yield EmbeddedPaper(
            document_id, "", _embedded(chunks, vectors, list(rows)), _embedded(sentences, near, own)
        )


def _embedded(pieces: Sequence[Chunk], vectors: Vectors, rows: list[int]) -> Embedded:
    some = tuple(pieces[row] for row in rows)
    return Embedded(some, tuple(sha256(embedded_text(one).encode()) for one in some), vectors[rows])
