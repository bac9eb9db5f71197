"""Keeps papers, and every earlier version of them, in a database that survives a crash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from corpus.errors import UnknownDocument
from corpus.model import Document
from corpus.store import codec
from corpus.store.database import Database
from corpus.store.schema import CLAUSES, DOCUMENTS, TABLES, VERSIONS


@dataclass(frozen=True, slots=True)
class Added:
    """The paper is stored for the first time."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The very same paper, read the same way, is stored already."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """The paper took the place of another version, which stays in the store."""

    document_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a paper."""

    document_id: str
    version: int  # from 1
    sha256: str  # of the bytes as received
    name: str  # file name
    added_at: datetime


class Store:
    """The papers. `url` is an SQLAlchemy database URL such as sqlite:////home/me/zhengwen/papers.sqlite.

    Raises StoreError when the database cannot be opened or has another schema.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url, TABLES)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    def add(self, document: Document, *, original: bytes = b"") -> Added | Unchanged | Replaced:
        """Store a paper under its id. When this returns, it is on the disk.

        `original` is the file as received, kept so that a later program can read it better.
        """
        content = codec.content_hash(document)
        with self.database.writing() as connection:
            latest = _latest(connection, document.id)
            if latest and latest[1] == content:
                return Unchanged(document.id)
            version = latest[0] + 1 if latest else 1
            if latest:
                change = update(DOCUMENTS).where(DOCUMENTS.c.id == document.id)
                connection.execute(change.values(version=version))
            else:
                connection.execute(insert(DOCUMENTS).values(id=document.id, version=version))
            _insert(connection, document, version=version, content=content, original=original)
        return Replaced(document.id, version) if latest else Added(document.id)

    def document(self, document_id: str, *, version: int | None = None) -> Document:
        """The paper, in the version in use unless another is named. Raises UnknownDocument."""
        with self.database.reading() as connection:
            if version is None:
                version = _version_in_use(connection, document_id)
            return _read(connection, document_id, version)

    def documents(self) -> tuple[Document, ...]:
        """All papers in the version in use, by id."""
        with self.database.reading() as connection:
            rows = connection.execute(select(DOCUMENTS).order_by(DOCUMENTS.c.id)).all()
            return tuple(_read(connection, row.id, row.version) for row in rows)

    def versions(self, document_id: str) -> tuple[Version, ...]:
        """Every state of a paper, oldest first. Raises UnknownDocument."""
        table = VERSIONS.c
        columns = (table.document_id, table.version, table.sha256, table.name, table.added_at)
        query = select(*columns).where(table.document_id == document_id).order_by(table.version)
        with self.database.reading() as connection:
            found = connection.execute(query).all()
        if not found:
            raise UnknownDocument(document_id)
        # SQLite keeps no time zone; all times are written in UTC.
        return tuple(Version(*row[:-1], added_at=row.added_at.replace(tzinfo=UTC)) for row in found)

    def original(self, document_id: str) -> bytes:
        """The file as received; empty when it was not kept. Raises UnknownDocument."""
        with self.database.reading() as connection:
            version = _version_in_use(connection, document_id)
            query = select(VERSIONS.c.original).where(*_is(document_id, version))
            return bytes(connection.execute(query).scalar_one())

    def remove(self, document_id: str) -> None:
        """Forget a paper with all its versions. Raises UnknownDocument."""
        with self.database.writing() as connection:
            gone = connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.id == document_id))
            if not gone.rowcount:
                raise UnknownDocument(document_id)

    def in_use(self) -> dict[str, str]:
        """Content hash of every paper in the version in use, by id."""
        joined = DOCUMENTS.join(
            VERSIONS, (VERSIONS.c.document_id == DOCUMENTS.c.id) & (VERSIONS.c.version == DOCUMENTS.c.version)
        )
        query = select(DOCUMENTS.c.id, VERSIONS.c.content_sha256).select_from(joined).order_by(DOCUMENTS.c.id)
        with self.database.reading() as connection:
            return {row.id: row.content_sha256 for row in connection.execute(query)}

    def corpus_hash(self) -> str:
        """Changes whenever a paper is added, changed or removed."""
        digest = hashlib.sha256()
        for document_id, content in self.in_use().items():
            digest.update(f"{document_id}\0{content}\n".encode())
        return digest.hexdigest()


def _is(document_id: str, version: int) -> tuple[Any, ...]:
    return (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)


def _latest(connection: Connection, document_id: str) -> tuple[int, str] | None:
    """Number and content hash of the version in use."""
    query = (
        select(VERSIONS.c.version, VERSIONS.c.content_sha256)
        .where(VERSIONS.c.document_id == document_id)
        .order_by(VERSIONS.c.version.desc())
    )
    row = connection.execute(query).first()
    return (row.version, row.content_sha256) if row else None


def _version_in_use(connection: Connection, document_id: str) -> int:
    version = connection.execute(select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document_id)).scalar()
    if version is None:
        raise UnknownDocument(document_id)
    return int(version)


def _insert(
    connection: Connection, document: Document, *, version: int, content: str, original: bytes
) -> None:
    row = {
        "document_id": document.id,
        "version": version,
        "content_sha256": content,
        "sha256": document.source.sha256,
        "name": document.source.name,
        "added_at": datetime.now(UTC),
        "original": original,
    }
    connection.execute(insert(VERSIONS).values(**row, **codec.document_row(document)))
    if clauses := [clause | {"version": version} for clause in codec.clause_rows(document)]:
        connection.execute(insert(CLAUSES), clauses)


def _read(connection: Connection, document_id: str, version: int) -> Document:
    row = connection.execute(select(VERSIONS).where(*_is(document_id, version))).mappings().first()
    if row is None:
        raise UnknownDocument(document_id)
    query = (
        select(CLAUSES)
        .where(CLAUSES.c.document_id == document_id, CLAUSES.c.version == version)
        .order_by(CLAUSES.c.position)
    )
    return codec.document_of(document_id, dict(row), [dict(m) for m in connection.execute(query).mappings()])
