"""Makes, fills and drops the pair of collections of a set."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from index.milvus.ledger import Listed, Set, State
from index.milvus.rows import (
    PaperRows,
    chunk_fields,
    chunk_id,
    dense_index,
    paper_key,
    scalar_index,
    sentence_fields,
    sentence_id,
    sparse_index,
)
from index.milvus.server import Server, Where
from index.model import Vectors


def make(server: Server, one: Set, *, dimension: int, index_type: str) -> None:
    """Makes the collections that are absent."""
    kinds = [
        (one.chunks, chunk_fields(dimension), [dense_index(index_type), sparse_index(), scalar_index()]),
        (one.sentences, sentence_fields(dimension), [dense_index(index_type), scalar_index()]),
    ]
    for name, fields, indexes in kinds:
        if not server.has(name):
            server.create(name, fields, indexes=indexes)


def put(server: Server, one: Set, rows: PaperRows) -> None:
    server.put(one.chunks, rows.chunks)
    server.put(one.sentences, rows.sentences)


def settle(server: Server, one: Set) -> None:
    """Prepares the rows for searches."""
    server.settle(one.chunks)
    server.settle(one.sentences)


def delete(server: Server, one: Set, papers: Sequence[tuple[str, str]]) -> None:
    """Deletes all rows of papers."""
    where = Where("paper", tuple(paper_key(*paper) for paper in papers))
    server.delete(one.chunks, where)
    server.delete(one.sentences, where)


def drop(server: Server, one: Set) -> None:
    for name in (one.chunks, one.sentences):
        if server.has(name):
            server.drop(name)


def are_there(server: Server, one: Set) -> bool:
    return server.has(one.chunks) and server.has(one.sentences)


def counts(server: Server, one: Set) -> tuple[int, int]:
    """Rows of chunks and of sentences."""
    return server.count(one.chunks), server.count(one.sentences)


def vectors_of(server: Server, one: Set, papers: Collection[Listed]) -> dict[str, Vectors]:
    """The vectors of papers that are whole, by the beginnings of the digests of their texts."""
    found = dict[str, Vectors]()
    for paper in papers:
        if paper.state is not State.WRITTEN:
            continue
        key = paper_key(paper.document_id, paper.content_sha256)
        ids = [chunk_id(key, position) for position in range(paper.chunks)]
        chunks = list(server.get(one.chunks, ids, ("digest", "vector", "sentences")))
        below = [sentence_id(row["id"], n) for row in chunks for n in range(row["sentences"])]
        for row in [*chunks, *server.get(one.sentences, below, ("digest", "vector"))]:
            found[row["digest"]] = np.array(row["vector"], dtype=np.float32)
    return found
