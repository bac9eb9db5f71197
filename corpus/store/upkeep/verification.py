"""Checks everything that is stored of each paper: checksums, places in the text, what is derived from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from corpus.errors import StoreDamaged, UnknownDocument
from corpus.facts.proof import stored_faults
from corpus.head.corrections import corrected
from corpus.model import Clause, Correction, Document, Span
from corpus.progress import Progress
from corpus.store import codec
from corpus.store.changes.corrections import corrections_of
from corpus.store.facts.rows import stored as stored_facts
from corpus.store.in_use import current_version
from corpus.store.papers import Store
from corpus.store.schema import (
    CLAUSES,
    CORRECTIONS,
    DELETED,
    DOCUMENTS,
    HEAD_DAYS,
    HEAD_EFFECTS,
    HEADS,
    IDENTITIES,
    NAMES,
    VERSIONS,
    WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was stored."""

    document_id: str  # empty for what is of no single paper
    kind: str  # "text", "original", "place", "head", "names", "version", "facts", "database", …
    message: str


@dataclass(frozen=True, slots=True)
class CheckedVersion:
    """One version of a paper, and what is wrong with it."""

    document_id: str
    version: int
    in_use: bool
    faults: tuple[Fault, ...]


def verify_papers(store: Store, *, progress: Progress | None = None) -> Iterator[CheckedVersion | Fault]:
    """Checks the database as a whole, then every version of every paper, one after the other.

    Faults of no single paper come as they are. Reads a version at a time, so memory does not grow with the
    number of papers, and a service may go on meanwhile.
    """
    yield from (Fault("", "database", message) for message in store.database.integrity())
    try:
        keys, used = _keys(store)
    except (StoreDamaged, ValueError) as error:
        yield Fault("", "database", f"the papers cannot be listed: {error}")
        return
    for done, (document_id, version) in enumerate(keys, start=1):
        found = tuple(_checked(store, document_id, version))
        yield CheckedVersion(document_id, version, used.get(document_id) == version, found)
        if progress is not None:
            progress(done, len(keys), "checking papers")
    known = set(keys)
    for document_id, version in used.items():
        if version and (document_id, version) not in known:
            yield Fault(document_id, "version", f"version {version} is in use, and is not stored")


def _keys(store: Store) -> tuple[list[tuple[str, int]], dict[str, int]]:
    """All versions, by id and number; and the number in use of each paper, 0 for a withdrawn one."""
    query = select(VERSIONS.c.document_id, VERSIONS.c.version)
    with store.database.reading() as connection:
        keys = [(row[0], row[1]) for row in connection.execute(query.order_by(*query.selected_columns))]
        used = {row.id: row.version for row in connection.execute(select(DOCUMENTS))}
        for table in (CORRECTIONS, DELETED, WITHDRAWN):
            connection.execute(select(table)).all()  # raises ValueError for a date that is none
    return keys, used


@dataclass(frozen=True, slots=True)
class _Stored:
    """The rows of a version, by the table they are in."""

    row: Row[Any]
    clauses: Sequence[Mapping[str, Any]]
    heads: Sequence[Mapping[str, Any]]
    names: Sequence[Mapping[str, Any]]
    identities: Sequence[Mapping[str, Any]]
    days: Sequence[Mapping[str, Any]]
    effects: Sequence[Mapping[str, Any]]
    made: tuple[Correction, ...]
    is_current: bool
    as_stated: bool  # no correction was ever made; the head of an earlier version has those of its time


def _read(store: Store, document_id: str, version: int) -> _Stored | None:
    """Returns the rows of a version; None where it was erased since the versions were listed."""
    with store.database.reading() as connection:
        row = connection.execute(select(VERSIONS).where(*_is(VERSIONS, document_id, version))).first()
        if row is None:
            return None
        ever = select(CORRECTIONS.c.id).where(CORRECTIONS.c.document_id == document_id).limit(1)
        return _Stored(
            row=row,
            clauses=_rows(connection, CLAUSES, document_id, version),
            heads=_rows(connection, HEADS, document_id, version),
            names=_rows(connection, NAMES, document_id, version),
            identities=_rows(connection, IDENTITIES, document_id, version),
            days=_rows(connection, HEAD_DAYS, document_id, version),
            effects=_rows(connection, HEAD_EFFECTS, document_id, version),
            made=corrections_of(connection, document_id),
            is_current=version == current_version(connection, document_id),
            as_stated=connection.execute(ever).first() is None,
        )


def _checked(store: Store, document_id: str, version: int) -> Iterator[Fault]:
    """Yields what is wrong with a version."""
    try:
        stored = _read(store, document_id, version)
    except UnknownDocument:
        yield Fault(document_id, "version", f"version {version} belongs to no paper")
        return
    except (StoreDamaged, ValueError) as error:
        yield Fault(document_id, "text", f"version {version} cannot be read: {_line(error)}")
        return
    if stored is None:
        return
    clauses = sorted(stored.clauses, key=lambda clause: str(clause["position"]).zfill(9))
    try:
        document = codec.document_of(document_id, dict(stored.row._mapping), clauses)
    except (ValueError, TypeError) as error:
        yield Fault(document_id, "text", f"version {version} is no paper: {_line(error)}")
        return
    is_sound = codec.content_hash(document) == stored.row.content_sha256
    if not is_sound:
        yield Fault(
            document_id, "text", f"text, head or clauses of version {version} differ from the checksum"
        )
    if [clause["position"] for clause in clauses] != list(range(len(clauses))):
        yield Fault(document_id, "text", f"clauses of version {version} are missing or out of order")
    yield from _of_original(document, stored.row, version)
    yield from (Fault(document_id, "place", f"version {version}: {found}") for found in misplaced(document))
    yield from _names(document, stored.names, version)
    yield from _facts(store, document, version)
    if stored.is_current or stored.as_stated:
        yield from _derived(corrected(document, stored.made), stored, version)
    if stored.is_current and is_sound:
        yield from _identities(corrected(document, stored.made), stored, version)


def _of_original(document: Document, row: Row[Any], version: int) -> Iterator[Fault]:
    digest = hashlib.sha256(row.original).hexdigest()
    if row.original and digest != row.sha256:
        yield Fault(document.id, "original", f"the file of version {version} differs from its checksum")
    if (row.sha256, row.name) != (document.source.sha256, document.source.name):
        yield Fault(document.id, "original", f"name or checksum of the file of version {version} was altered")


def _derived(document: Document, stored: _Stored, version: int) -> Iterator[Fault]:
    """Yields what differs in the tables that lists and look-ups read instead of the text."""
    content = codec.state_hash(stored.row.content_sha256, stored.made)
    expected = codec.head_row(document, version=version, content=content)
    if len(stored.heads) != 1:
        yield Fault(document.id, "head", f"version {version} is in no list of papers")
    elif wrong := sorted(name for name in expected if stored.heads[0][name] != expected[name]):
        yield Fault(
            document.id, "head", f"listed with another {', '.join(wrong)} than version {version} states"
        )
    days = codec.days_row(document, version=version)
    if stored.days != ([days] if days is not None else []):
        yield Fault(document.id, "head", f"days of version {version} differ from those of its text")
    acts = codec.effects_row(document, version=version)
    if stored.effects != ([acts] if acts is not None else []):
        told = f"what version {version} does to other papers differs from its text"
        yield Fault(document.id, "head", told)


def _identities(document: Document, stored: _Stored, version: int) -> Iterator[Fault]:
    if stored.identities != [codec.identity_row(document, version=version)]:
        yield Fault(document.id, "head", f"version {version} is recognised by other keys than it has")


def _names(document: Document, names: Sequence[Mapping[str, Any]], version: int) -> Iterator[Fault]:
    wanted = {one["reversed_key"] for one in codec.name_rows(document.text, document_id="", version=0)}
    if {bytes(one["reversed_key"]) for one in names} != wanted:
        yield Fault(document.id, "names", f"the names of papers in version {version} differ from its text")


def _facts(store: Store, document: Document, version: int) -> Iterator[Fault]:
    """Yields what is wrong with the facts of a version. One without any gets them when they are needed."""
    try:
        with store.database.reading() as connection:
            found = [facts for _, facts in stored_facts(connection, [(document.id, version)])]
    except (StoreDamaged, ValueError):
        found = [None]
    for facts in found:
        faults = ["they differ from their checksum"] if facts is None else stored_faults(document, facts)
        for fault in faults:
            yield Fault(document.id, "facts", f"facts of version {version}: {fault}")


def misplaced(document: Document) -> Iterator[str]:
    """Yields the places that are outside of the text, or of the text that they were read from."""
    end, ids = len(document.text), {clause.id for clause in document.clauses}
    for clause in document.clauses:
        offsets = (0, clause.start, clause.body_start, clause.end, clause.tree_end, end)
        if list(offsets) != sorted(offsets):
            yield f"clause {clause.id!r} is outside of the text"
        if clause.parent is not None and clause.parent not in ids:
            yield f"the clause above {clause.id!r} is missing"
        if clause.document_id != document.id:
            yield f"clause {clause.id!r} is of another paper"
    for what, found in (
        ("head", document.head),
        ("clauses", document.clauses),
        ("notices", document.notices),
    ):
        if any(span.end > end for span in _spans(found)):
            yield f"words of its {what} are outside of the text"
    original = len(document.source.original)
    for segment in document.source.map.segments:
        if segment.start + segment.length > end or segment.origin + segment.length > original:
            yield "the source map leads outside of the text or of the file"
            return


def _spans(found: Any) -> Iterator[Span]:
    """Yields all spans inside dataclasses and tuples."""
    if isinstance(found, Span):
        yield found
    elif isinstance(found, tuple):
        for one in found:
            yield from _spans(one)
    elif is_dataclass(found) and not isinstance(found, (type, Clause)):
        for field in fields(found):
            yield from _spans(getattr(found, field.name))
    elif isinstance(found, Clause):
        yield from _spans(found.responsibility)


def _rows(connection: Connection, table: Table, document_id: str, version: int) -> list[Mapping[str, Any]]:
    query = select(table).where(*_is(table, document_id, version))
    return [dict(row) for row in connection.execute(query).mappings()]


def _is(table: Table, document_id: str, version: int) -> tuple[Any, ...]:
    return (table.c.document_id == document_id, table.c.version == version)


def _line(error: Exception) -> str:
    """The error in one line: those of pydantic have many, with the text of the paper."""
    if isinstance(error, json.JSONDecodeError):
        return "a column is no JSON"
    return str(error).partition("\n")[0]
