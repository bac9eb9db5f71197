"""Tables of chunks and their vectors, so that no text is embedded twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    select,
)

from corpus.store.database import Database
from corpus.store.schema import DOCUMENTS, HEADS
from index.build.atomic_files import sha256
from index.errors import IndexDamaged
from index.model import Chunk, ChunkPlace, Vectors

TABLES = MetaData()
_CHUNKS = Table(
    "chunks",
    TABLES,
    Column("document_id", String, ForeignKey(DOCUMENTS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("content_sha256", String(64), primary_key=True),  # of the paper with its corrections, as in heads
    Column("chunking", String, primary_key=True),  # Chunking.key
    Column("position", Integer, primary_key=True),  # reading order, from 0
    Column("clause_key", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("embedded_sha256", String(64), nullable=False, index=True),
)
# Keyed by the embedded text, not by paper: when a paper changes in one clause, only that clause is embedded.
_VECTORS = Table(
    "vectors",
    TABLES,
    Column("embedded_sha256", String(64), primary_key=True),
    Column("fingerprint", String, primary_key=True),  # of the model
    Column("data", LargeBinary, nullable=False),  # float32, little endian
)
_FLOAT = np.dtype("<f4")
_AT_ONCE = 500  # vectors per query
_TOLERANCE = 1e-3  # of a vector's length: float32 of any model is nearer to 1


def embedded_text(chunk: Chunk) -> str:
    """The input of the embedding model: the context as one sentence, then the text."""
    return "。".join(line for line in chunk.context.split("\n") if line) + "\n" + chunk.text


P = TypeVar("P", bound=ChunkPlace, covariant=True)


@dataclass(frozen=True, slots=True)
class Stored(Generic[P]):
    """A chunk, or its place, with the hash of its embedded text."""

    chunk: P
    embedded_sha256: str


class ChunkStore:
    """Chunks and vectors of the papers in use."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.add_tables(TABLES)

    def papers(self) -> dict[str, str]:
        """Content hashes of the papers in use, by id."""
        query = select(DOCUMENTS.c.id, HEADS.c.content_sha256).join(HEADS, _is_in_use())
        with self._database.reading() as connection:
            return {row.id: row.content_sha256 for row in connection.execute(query.order_by(DOCUMENTS.c.id))}

    def unchunked(self, chunking: str) -> dict[str, str]:
        """The papers in use that have no chunks of that kind, with their content hashes."""
        query = select(_CHUNKS.c.document_id, _CHUNKS.c.content_sha256).distinct()
        with self._database.reading() as connection:
            rows = connection.execute(query.where(_CHUNKS.c.chunking == chunking))
            have = {(row.document_id, row.content_sha256) for row in rows}
        return {paper: content for paper, content in self.papers().items() if (paper, content) not in have}

    def put_chunks(self, document_id: str, content: str, chunking: str, chunks: Sequence[Chunk]) -> None:
        """Replaces all chunks of one paper."""
        of_paper = and_(
            _CHUNKS.c.document_id == document_id,
            _CHUNKS.c.content_sha256 == content,
            _CHUNKS.c.chunking == chunking,
        )
        rows = [
            {
                "document_id": document_id,
                "content_sha256": content,
                "chunking": chunking,
                "position": position,
                "clause_key": chunk.clause_key,
                "start": chunk.start,
                "end": chunk.end,
                "text": chunk.text,
                "context": chunk.context,
                "embedded_sha256": sha256(embedded_text(chunk).encode()),
            }
            for position, chunk in enumerate(chunks)
        ]
        with self._database.writing() as connection:
            connection.execute(delete(_CHUNKS).where(of_paper))
            if rows:
                connection.execute(insert(_CHUNKS), rows)

    def chunks(self, chunking: str) -> list[Stored[Chunk]]:
        """The chunks of the papers in use, ordered by document and reading order."""
        with self._database.reading() as connection:
            return [_stored(row) for row in connection.execute(_in_use(chunking, *_CHUNKS.c))]

    def places(self, chunking: str) -> list[Stored[ChunkPlace]]:
        """The places of the same chunks in the same order, without reading any text."""
        names = ("clause_key", "document_id", "start", "end", "embedded_sha256")
        columns = [_CHUNKS.c[name] for name in names]
        with self._database.reading() as connection:
            return [
                Stored(ChunkPlace(intern(key), intern(document_id), start, end), embedded)
                for key, document_id, start, end, embedded in connection.execute(_in_use(chunking, *columns))
            ]

    def embedded(self, fingerprint: str) -> set[str]:
        """Hashes of the texts that the model has already embedded."""
        query = select(_VECTORS.c.embedded_sha256).where(_VECTORS.c.fingerprint == fingerprint)
        with self._database.reading() as connection:
            return set(connection.execute(query).scalars())

    def put_vectors(self, fingerprint: str, hashes: Sequence[str], vectors: Vectors) -> None:
        data = (np.ascontiguousarray(vector, dtype=_FLOAT).tobytes() for vector in vectors)
        rows = [
            {"embedded_sha256": embedded, "fingerprint": fingerprint, "data": vector}
            for embedded, vector in zip(hashes, data, strict=True)
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(_VECTORS), rows)

    def vectors(self, fingerprint: str, hashes: Iterable[str], dimension: int) -> Vectors:
        """(len(hashes), dimension). Raises IndexDamaged when a vector is absent or is not one of length 1."""
        query = select(_VECTORS.c.embedded_sha256, _VECTORS.c.data)
        with self._database.reading() as connection:
            found = connection.execute(query.where(_VECTORS.c.fingerprint == fingerprint))
            by_hash = {row.embedded_sha256: np.frombuffer(row.data, dtype=_FLOAT) for row in found}
        rows = [by_hash.get(embedded) for embedded in hashes]
        whole = [row for row in rows if row is not None and len(row) == dimension]
        if len(whole) != len(rows):
            raise IndexDamaged("vectors are missing in the database. Run `zhengwen ingest --rebuild`")
        found_vectors = np.array(whole, dtype=np.float32).reshape(len(whole), dimension)
        if not are_unit(found_vectors).all():
            raise IndexDamaged("vectors in the database are damaged. Run `zhengwen ingest --rebuild`")
        return found_vectors

    def of_paper(self, document_id: str, content: str, chunking: str) -> list[Stored[Chunk]]:
        """The chunks of one version of a paper, in reading order."""
        columns = _CHUNKS.c
        of_paper = (
            columns.document_id == document_id,
            columns.content_sha256 == content,
            columns.chunking == chunking,
        )
        with self._database.reading() as connection:
            rows = connection.execute(select(_CHUNKS).where(*of_paper).order_by(columns.position))
            return [_stored(row) for row in rows]

    def vectors_of(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are stored under some of `hashes`, of whatever length."""
        table, found = _VECTORS.c, dict[str, Vectors]()
        with self._database.reading() as connection:
            for start in range(0, len(hashes), _AT_ONCE):
                some = table.embedded_sha256.in_(hashes[start : start + _AT_ONCE])
                query = select(table.embedded_sha256, table.data).where(
                    table.fingerprint == fingerprint, some
                )
                for row in connection.execute(query):
                    whole = row.data[: len(row.data) // _FLOAT.itemsize * _FLOAT.itemsize]
                    found[row.embedded_sha256] = np.frombuffer(whole, dtype=_FLOAT)
        return found

    def prune(self, *chunkings: str) -> None:
        """Deletes chunks of other papers and kinds, and vectors without a chunk."""
        used = select(HEADS.c.version).join(DOCUMENTS, _is_in_use()).where(_is_of_version())
        stale = _CHUNKS.c.chunking.not_in(chunkings) | ~used.correlate(_CHUNKS).exists()
        standing = select(_CHUNKS.c.embedded_sha256)
        with self._database.writing() as connection:
            connection.execute(delete(_CHUNKS).where(stale))
            connection.execute(delete(_VECTORS).where(_VECTORS.c.embedded_sha256.not_in(standing)))

    def forget_vectors(self, fingerprint: str) -> None:
        """Deletes all vectors of one model."""
        with self._database.writing() as connection:
            connection.execute(delete(_VECTORS).where(_VECTORS.c.fingerprint == fingerprint))


def _stored(row: Any) -> Stored[Chunk]:
    chunk = Chunk(row.clause_key, row.document_id, row.start, row.end, row.text, row.context)
    return Stored(chunk, row.embedded_sha256)


def are_unit(vectors: Vectors) -> npt.NDArray[np.bool_]:
    """Whether each row has length 1, as every model returns it; false for one with a NaN."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    near: npt.NDArray[np.bool_] = np.abs(lengths - 1) < _TOLERANCE
    return near


def _is_in_use() -> ColumnElement[bool]:
    return and_(HEADS.c.document_id == DOCUMENTS.c.id, HEADS.c.version == DOCUMENTS.c.version)


def _is_of_version() -> ColumnElement[bool]:
    return and_(
        _CHUNKS.c.document_id == HEADS.c.document_id,
        _CHUNKS.c.content_sha256 == HEADS.c.content_sha256,
    )


def _in_use(chunking: str, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .join(HEADS, _is_of_version())
        .join(DOCUMENTS, _is_in_use())
        .where(_CHUNKS.c.chunking == chunking)
        .order_by(_CHUNKS.c.document_id, _CHUNKS.c.position)
    )
