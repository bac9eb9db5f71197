"""Store of papers and all their earlier versions, in a crash-safe database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, delete, insert, select, tuple_, update
from sqlalchemy.exc import DBAPIError

from corpus.errors import DamagedDocument, StoreDamaged, UnknownDocument
from corpus.head.paper_head import PaperHead
from corpus.model import Document
from corpus.store import codec, rows
from corpus.store.database import Database
from corpus.store.schema import DOCUMENTS, HEADS, NAMES, REMOVED, TABLES, VERSIONS
from corpus.store.upgrades import UPGRADES

_KEPT_FOR = timedelta(days=1)  # how long a removed paper stays readable, for processes that still use it


@dataclass(frozen=True, slots=True)
class Added:
    """The paper is stored for the first time."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same paper with the same content is already stored."""

    document_id: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """The paper replaces another version, which stays in the store."""

    document_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper."""

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
        self.database = Database(url, TABLES, upgrades=UPGRADES)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    def add(self, document: Document, *, original: bytes = b"") -> Added | Unchanged | Replaced:
        """Stores a paper under its id, durably.

        `original` is the file as received, kept so that a later version of the program can parse it again. A
        damaged paper that comes in once more is stored again, as its next version.
        """
        content = codec.content_hash(document)
        with self.database.writing() as connection:
            _erase(connection, before=datetime.now(UTC) - _KEPT_FOR)
            row = select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document.id)
            in_use = connection.execute(row).scalar()  # None: never stored; 0: removed
            latest = _latest(connection, document.id)
            if in_use and latest and latest[1] == content and _is_sound(connection, document.id, latest[0]):
                return Unchanged(document.id)
            # Version numbers are not reused, even if the texts of removed versions were deleted.
            version = max(latest[0] if latest else 0, _last_removed(connection, document.id)) + 1
            if in_use is None:
                connection.execute(insert(DOCUMENTS).values(id=document.id, version=version))
            else:
                change = update(DOCUMENTS).where(DOCUMENTS.c.id == document.id)
                connection.execute(change.values(version=version))
            rows.insert_version(connection, document, version=version, content=content, original=original)
        return Replaced(document.id, version) if in_use else Added(document.id)

    def document(self, document_id: str, *, version: int | None = None) -> Document:
        """The paper, in the version in use unless another is named.

        Raises UnknownDocument, and DamagedDocument for a paper that differs from its checksum.
        """
        with _about(document_id), self.database.reading() as connection:
            in_use = _version_in_use(connection, document_id)
            found = next(rows.read(connection, [(document_id, version or in_use)]), None)
        if found is None:
            raise UnknownDocument(document_id)
        return found

    def documents(self) -> tuple[Document, ...]:
        """All papers in the version in use, in order of id."""
        with self.database.reading() as connection:
            return tuple(rows.read_all(connection))

    def read(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        """The papers with these ids and content hashes, also in versions that are no longer in use.

        Leaves out versions that were removed more than a day ago. Raises DamagedDocument, naming all papers
        of `wanted` that differ from their checksums or have lost their texts.
        """
        try:
            with self.database.reading() as connection:
                found = list(rows.read_contents(connection, wanted))
                read = {one.id for one in found}
                missing = [key for key in wanted if key[0] not in read]
                # A version that was removed long ago has no head either.
                if lost := rows.with_head(connection, missing):
                    raise DamagedDocument(lost)
                return found
        except (DamagedDocument, StoreDamaged, ValueError):
            return self._read_one_by_one(wanted)

    def _read_one_by_one(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        """The same papers, to name those that cannot be read: a query of several may not tell them."""
        found, damaged = list[Document](), set[str]()
        for key in wanted:
            try:
                with _about(key[0]), self.database.reading() as connection:
                    read = list(rows.read_contents(connection, [key]))
                    if not read and rows.with_head(connection, [key]):
                        raise DamagedDocument([key[0]])
                found += read
            except DamagedDocument:
                damaged.add(key[0])
        if damaged:
            raise DamagedDocument(damaged)
        return found

    def heads(self, document_ids: Collection[str] | None = None) -> list[PaperHead]:
        """The heads of the papers in use, or of those named, by id. No text is read."""
        query = rows.head_query()
        with self.database.reading() as connection:
            if document_ids is None:
                return rows.heads(connection, query)
            some = (query.where(HEADS.c.document_id.in_(ids)) for ids in rows.batches(sorted(document_ids)))
            return [head for one in some for head in rows.heads(connection, one)]

    def naming(self, ending: str) -> Generator[tuple[tuple[str, str], str]]:
        """Yields id and content hash of papers, with each of their names that ends so; in any version.

        Names and `ending` are keys of `corpus.notation.paper_names`.
        """
        start = codec.reversed_key(ending)
        # UTF-8 never contains this byte, so everything that begins with `start` sorts before it.
        of_head = (NAMES.c.document_id == HEADS.c.document_id) & (NAMES.c.version == HEADS.c.version)
        query = (
            select(HEADS.c.document_id, HEADS.c.content_sha256, NAMES.c.reversed_key)
            .join(NAMES, of_head)
            .where(NAMES.c.reversed_key >= start, NAMES.c.reversed_key < start + b"\xff")
        )
        with self.database.reading() as connection:
            for row in connection.execute(query):
                yield (row.document_id, row.content_sha256), codec.name_of(row.reversed_key)

    def versions(self, document_id: str) -> tuple[Version, ...]:
        """Every version of a paper, oldest first. Raises UnknownDocument."""
        table = VERSIONS.c
        columns = (table.document_id, table.version, table.sha256, table.name, table.added_at)
        query = select(*columns).where(table.document_id == document_id).order_by(table.version)
        with self.database.reading() as connection:
            _version_in_use(connection, document_id)
            removed = _last_removed(connection, document_id)
            found = connection.execute(query.where(table.version > removed)).all()
        # SQLite keeps no time zone; all times are written in UTC.
        return tuple(Version(*row[:-1], added_at=row.added_at.replace(tzinfo=UTC)) for row in found)

    def original(self, document_id: str) -> bytes:
        """The file as received; empty when it was not kept. Raises UnknownDocument."""
        with self.database.reading() as connection:
            version = _version_in_use(connection, document_id)
            query = select(VERSIONS.c.original).where(*_version_is(document_id, version))
            return bytes(connection.execute(query).scalar_one())

    def remove(self, document_id: str) -> None:
        """Takes a paper with all its versions out of use. Raises UnknownDocument.

        Its texts stay readable for a day and are deleted when a paper is added or removed after that.
        """
        with self.database.writing() as connection:
            _erase(connection, before=datetime.now(UTC) - _KEPT_FOR)
            _version_in_use(connection, document_id)
            latest = _latest(connection, document_id)
            assert latest is not None
            connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == document_id).values(version=0))
            connection.execute(delete(REMOVED).where(REMOVED.c.document_id == document_id))
            connection.execute(
                insert(REMOVED).values(
                    document_id=document_id, version=latest[0], removed_at=datetime.now(UTC)
                )
            )

    def erase_removed(self, *, before: datetime) -> None:
        """Deletes the texts of papers that were removed before that time."""
        with self.database.writing() as connection:
            _erase(connection, before=before)

    def is_empty(self) -> bool:
        """Whether no paper is in use."""
        with self.database.reading() as connection:
            query = select(DOCUMENTS.c.id).where(DOCUMENTS.c.version > 0).limit(1)
            return connection.execute(query).first() is None

    def in_use(self) -> dict[str, str]:
        """Content hashes of the papers in use, by id."""
        query = select(DOCUMENTS.c.id, HEADS.c.content_sha256).join(HEADS, rows.head_in_use())
        with self.database.reading() as connection:
            found = connection.execute(query.order_by(DOCUMENTS.c.id))
            return {row.id: row.content_sha256 for row in found}

    def corpus_hash(self) -> str:
        """Changes whenever a paper is added, changed or removed."""
        digest = hashlib.sha256()
        for document_id, content in self.in_use().items():
            digest.update(f"{document_id}\0{content}\n".encode())
        return digest.hexdigest()


def _is_sound(connection: Connection, document_id: str, version: int) -> bool:
    """Whether a version can be read as it was stored."""
    try:
        return bool(list(rows.read(connection, [(document_id, version)])))
    except (DamagedDocument, DBAPIError, ValueError):
        return False


@contextmanager
def _about(document_id: str) -> Iterator[None]:
    """Raises DamagedDocument for what cannot be read of one paper."""
    try:
        yield
    except (StoreDamaged, ValueError) as error:
        raise DamagedDocument([document_id]) from error


def _version_is(document_id: str, version: int) -> tuple[Any, ...]:
    return (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)


def _latest(connection: Connection, document_id: str) -> tuple[int, str] | None:
    """Number and content hash of the last version, in use or removed; None if never stored."""
    query = (
        select(VERSIONS.c.version, VERSIONS.c.content_sha256)
        .where(VERSIONS.c.document_id == document_id)
        .order_by(VERSIONS.c.version.desc())
    )
    row = connection.execute(query).first()
    return (row.version, row.content_sha256) if row else None


def _version_in_use(connection: Connection, document_id: str) -> int:
    version = connection.execute(select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document_id)).scalar()
    if not version:
        raise UnknownDocument(document_id)
    return int(version)


def _last_removed(connection: Connection, document_id: str) -> int:
    """The number of the last removed version; 0 if none was removed."""
    query = select(REMOVED.c.version).where(REMOVED.c.document_id == document_id)
    return connection.execute(query).scalar() or 0


def _erase(connection: Connection, *, before: datetime) -> None:
    """Deletes removed versions. The row in `documents` stays, so that version numbers are not reused."""
    old = VERSIONS.alias()
    # Begins with the few removed papers: every call of `add` comes here, and must not read all versions.
    of_removed = (
        select(old.c.document_id, old.c.version)
        .join(REMOVED, (REMOVED.c.document_id == old.c.document_id) & (REMOVED.c.version >= old.c.version))
        .where(REMOVED.c.removed_at < before)
    )
    version = tuple_(VERSIONS.c.document_id, VERSIONS.c.version)
    connection.execute(delete(VERSIONS).where(version.in_(of_removed)))
