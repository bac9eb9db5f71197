"""Writes papers to the tables and reads them in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from corpus.errors import DamagedDocument
from corpus.head.paper_head import PaperHead
from corpus.model import Document
from corpus.notation.doc_numbers import key_of_number
from corpus.store import codec
from corpus.store.schema import (
    CLAUSES,
    CORRECTIONS,
    DOCUMENTS,
    HEAD_DAYS,
    HEAD_EFFECTS,
    HEADS,
    IDENTITIES,
    NAMES,
    VERSIONS,
    WITHDRAWN,
)

T = TypeVar("T")
Key = tuple[str, int]  # id and number of a version

_AT_ONCE = 200  # papers per query: SQLite limits the parameters of a query to some ten thousand


def _as_text(columns: Iterable[Column[Any]]) -> list[ColumnElement[Any]]:
    """JSON columns as text: most values are equal to others, and are decoded once."""
    return [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]


_HEAD_COLUMNS = _as_text(column for column in HEADS.columns if column is not HEADS.c.version)
# Of both, id and version come first.
_VERSION_COLUMNS = _as_text(VERSIONS.c[name] for name in ("document_id", "version", *codec.READ_OF_VERSION))
_CLAUSE_COLUMNS = _as_text(CLAUSES.c[name] for name in ("document_id", "version", *codec.READ_OF_CLAUSE))
_KEPT = 500  # rows that are fetched at once


def insert_version(
    connection: Connection, document: Document, *, version: int, content: str, original: bytes
) -> None:
    """Inserts a version with its clauses."""
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


def insert_head(connection: Connection, document: Document, *, version: int, content: str) -> None:
    """Inserts what is kept of a version beside its text: head, keys and names."""
    insert_keys(connection, document, version=version, content=content)
    insert_names(connection, document.text, document_id=document.id, version=version)


def insert_keys(connection: Connection, document: Document, *, version: int, content: str) -> None:
    """Inserts head and keys, which depend on corrections."""
    connection.execute(insert(HEADS).values(**codec.head_row(document, version=version, content=content)))
    connection.execute(insert(IDENTITIES).values(**codec.identity_row(document, version=version)))
    insert_days(connection, document, version=version)


def insert_days(connection: Connection, document: Document, *, version: int) -> None:
    """Inserts what else the status of this and other papers is computed by, in place of earlier rows."""
    for table, row in (
        (HEAD_DAYS, codec.days_row(document, version=version)),
        (HEAD_EFFECTS, codec.effects_row(document, version=version)),
    ):
        of_version = (table.c.document_id == document.id, table.c.version == version)
        connection.execute(delete(table).where(*of_version))
        if row is not None:
            connection.execute(insert(table).values(**row))


def insert_names(connection: Connection, text: str, *, document_id: str, version: int) -> None:
    """Inserts the names of papers in the text of a version."""
    if names := codec.name_rows(text, document_id=document_id, version=version):
        connection.execute(insert(NAMES), names)


def batches(wanted: Sequence[T]) -> Iterator[Sequence[T]]:
    """Splits `wanted` into batches for one query each."""
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def heads(connection: Connection, query: Select[Any]) -> list[PaperHead]:
    """The heads that a query of `head_query` returns, converted some at a time to save memory."""
    return [codec.head_of(row) for row in _fetched(connection, query)]


def head_query() -> Select[Any]:
    """Selects the heads of all papers in use, by id, as `codec.head_of` reads them."""
    of_head = (HEAD_DAYS.c.document_id == HEADS.c.document_id) & (HEAD_DAYS.c.version == HEADS.c.version)
    effects = (HEAD_EFFECTS.c.document_id == HEADS.c.document_id) & (
        HEAD_EFFECTS.c.version == HEADS.c.version
    )
    heads = select(
        *_HEAD_COLUMNS,
        HEAD_DAYS.c.valid_since,
        HEAD_DAYS.c.amended,
        cast(HEAD_EFFECTS.c.repeals_parts, Text),
        cast(HEAD_EFFECTS.c.extends, Text),
        HEAD_EFFECTS.c.status_set,
        HEAD_EFFECTS.c.until_set,
    )
    joined = heads.join(DOCUMENTS, head_in_use()).outerjoin(HEAD_DAYS, of_head)
    return joined.outerjoin(HEAD_EFFECTS, effects).order_by(HEADS.c.document_id)


def head_in_use() -> ColumnElement[bool]:
    """Joins the heads with the papers in use."""
    return (HEADS.c.document_id == DOCUMENTS.c.id) & (HEADS.c.version == DOCUMENTS.c.version)


def with_head(connection: Connection, wanted: Sequence[tuple[str, str]]) -> list[str]:
    """The ids of those papers, by id and content hash, that have a head."""
    columns = HEADS.c.document_id, HEADS.c.content_sha256
    queries = (select(HEADS.c.document_id).where(are(*columns, some)) for some in batches(wanted))
    return [document_id for query in queries for document_id in connection.execute(query).scalars()]


def read(connection: Connection, wanted: Sequence[Key]) -> Iterator[Document]:
    """Yields the versions that exist, in two queries for each batch. Raises DamagedDocument."""
    for some in batches(wanted):
        yield from _documents(
            connection,
            are(VERSIONS.c.document_id, VERSIONS.c.version, some),
            are(CLAUSES.c.document_id, CLAUSES.c.version, some),
        )


def are(paper: Column[Any], column: Column[Any], wanted: Sequence[tuple[str, Any]]) -> ColumnElement[bool]:
    """Whether both columns, of which `paper` is the id, are one of these pairs.

    With the pairs alone SQLite would read the whole table: it looks no pair up in an index.
    """
    ids = list(dict.fromkeys(document_id for document_id, _ in wanted))
    return and_(paper.in_(ids), tuple_(paper, column).in_(wanted))


def read_contents(connection: Connection, wanted: Sequence[tuple[str, str]]) -> Iterator[Document]:
    """Yields papers by id and content hash as far as they exist, each once, in a few queries for each batch.

    A paper whose head was corrected since is found by the hash it had before, too. Raises DamagedDocument.
    """
    for some in batches(wanted):
        yield from read(connection, versions_with(connection, some))


def versions_with(connection: Connection, wanted: Sequence[tuple[str, str]]) -> list[Key]:
    """The versions with these ids and content hashes as far as they exist, each once, in order.

    Where a head was corrected since, the version is found by the hash it had before, too.
    """
    found: dict[tuple[str, str], int] = {}
    for some in batches(wanted):
        for table in (CORRECTIONS, HEADS):
            # A paper that was changed and changed back has two versions of the same content.
            last = (
                select(table.c.document_id, table.c.content_sha256, func.max(table.c.version))
                .where(are(table.c.document_id, table.c.content_sha256, some))
                .group_by(table.c.document_id, table.c.content_sha256)
            )
            found |= {(row[0], row[1]): row[2] for row in connection.execute(last)}
    return sorted({(key[0], version) for key, version in found.items()})


def read_all(connection: Connection) -> Iterator[Document]:
    """Yields all papers in the version in use, in order of id, in two queries. Raises DamagedDocument."""
    in_use = select(DOCUMENTS.c.id, DOCUMENTS.c.version)
    yield from _documents(
        connection,
        tuple_(VERSIONS.c.document_id, VERSIONS.c.version).in_(in_use),
        tuple_(CLAUSES.c.document_id, CLAUSES.c.version).in_(in_use),
    )


def _documents(
    connection: Connection, of_version: ColumnElement[bool], of_clause: ColumnElement[bool]
) -> Iterator[Document]:
    """Merges versions and clauses, both ordered by id and version, while reading them.

    Raises DamagedDocument for a paper that differs from its checksum: no changed character may be quoted.
    """
    versions = select(*_VERSION_COLUMNS).where(of_version)
    clauses = select(*_CLAUSE_COLUMNS).where(of_clause)
    versions = versions.order_by(VERSIONS.c.document_id, VERSIONS.c.version)
    clauses = clauses.order_by(CLAUSES.c.document_id, CLAUSES.c.version, CLAUSES.c.position)
    found = groupby(_fetched(connection, clauses), key=_key)
    key, own = next(found, (None, iter(())))
    for row in _fetched(connection, versions):
        fitting: list[Sequence[Any]] = []
        if key == _key(row):
            fitting = [clause[2:] for clause in own]
            key, own = next(found, (None, iter(())))
        try:
            document = codec.read_document(row[0], row[2:], fitting)
            is_sound = codec.content_hash(document) == row[2]
        except (ValueError, TypeError) as error:
            raise DamagedDocument([row[0]]) from error
        if not is_sound:
            raise DamagedDocument([row[0]])
        yield document


def _fetched(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows, many at once: one by one, each takes longer than what is made of it."""
    return chain.from_iterable(connection.execute(query).partitions(_KEPT))


def _key(row: Sequence[Any]) -> Key:
    return row[0], row[1]


def numbered(connection: Connection, number: str) -> list[str]:
    """The ids of the papers with that 文号, in any spelling, in use or withdrawn."""
    key = key_of_number("".join(number.split()))
    if not any(char.isdigit() for char in key):
        return []
    current = func.coalesce(func.nullif(DOCUMENTS.c.version, 0), WITHDRAWN.c.version)
    query = (
        select(IDENTITIES.c.document_id)
        .join(DOCUMENTS, DOCUMENTS.c.id == IDENTITIES.c.document_id)
        .outerjoin(WITHDRAWN, WITHDRAWN.c.document_id == IDENTITIES.c.document_id)
        .where(IDENTITIES.c.version == current)
        # A number that is nothing without its issuer (令第3号) stands behind it in the key.
        .where(
            or_(IDENTITIES.c.number_key == key, IDENTITIES.c.number_key.endswith(f" {key}", autoescape=True))
        )
        .order_by(IDENTITIES.c.document_id)
    )
    return list(connection.execute(query).scalars())


def is_sound(connection: Connection, document_id: str, version: int) -> bool:
    """Whether a version can be read as it was stored."""
    try:
        return bool(list(read(connection, [(document_id, version)])))
    except (DamagedDocument, ValueError):
        return False
    except DBAPIError as error:
        # A lost connection says nothing of the paper, and nothing more can be done with it.
        if error.connection_invalidated:
            raise
        return False
