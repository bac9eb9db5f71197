"""Writes versions of papers, in the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from corpus.errors import UnknownVersion
from corpus.facts.model import PaperFacts
from corpus.head.corrections import corrected
from corpus.model import Document
from corpus.store import audit, codec, rows
from corpus.store.audit import Action
from corpus.store.changes.corrections import corrections_of, rewrite_head
from corpus.store.facts import rows as facts
from corpus.store.in_use import (
    content_of,
    current_version,
    last_deleted,
    latest_version,
    set_current_version,
    withdrawn_because,
)
from corpus.store.outcomes import Added, Replaced, Unchanged
from corpus.store.schema import DOCUMENTS, VERSIONS


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper."""

    document_id: str
    version: int  # from 1
    sha256: str  # of the bytes as received
    name: str  # file name
    added_at: datetime
    is_current: bool = False  # in use; of a withdrawn paper the one that was


def put(
    connection: Connection,
    document: Document,
    *,
    original: bytes,
    action: Action | None = None,
    put_in_use: bool = True,
    read: PaperFacts | None = None,
) -> Added | Unchanged | Replaced:
    """Stores a paper under its id, as its next version unless the one in use is equal and undamaged.

    A withdrawn paper stays withdrawn. `action` is that of the audit line, if not that of the outcome. Without
    `put_in_use` the version in use of a stored paper stays so. `read` are the facts of its text, where they
    were read before the transaction.
    """
    content = codec.content_hash(document)
    in_use = connection.execute(select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document.id)).scalar()
    latest = latest_version(connection, document.id)
    current = None if in_use is None else current_version(connection, document.id)
    if current is not None and content == content_of(connection, document.id, current):
        if rows.is_sound(connection, document.id, current):
            if not facts.are_sound(connection, document.id, current):
                facts.read_facts(connection, document, version=current, content=content, read=read)
            return Unchanged(document.id, current, withdrawn_because(connection, document.id))
        put_in_use = True  # it mends the version in use
    version = (latest[0] if latest else last_deleted(connection, document.id)) + 1
    if in_use is None:
        connection.execute(insert(DOCUMENTS).values(id=document.id, version=version))
    elif put_in_use:
        set_current_version(connection, document.id, version)
    corrections = corrections_of(connection, document.id)
    state = codec.state_hash(content, corrections)
    rows.insert_version(connection, document, version=version, content=content, original=original)
    rows.insert_head(connection, corrected(document, corrections), version=version, content=state)
    facts.read_facts(connection, document, version=version, content=content, read=read)
    usual = Action.ADDED if in_use is None else Action.NEW_VERSION
    details: dict[str, str | int] = {"version": version, "sha256": document.source.sha256}
    if in_use is not None and not put_in_use:
        details["in use"] = current or 0
    audit.write(connection, action or usual, document.id, details)
    if in_use is None:
        return Added(document.id, version=version)
    kept = None if put_in_use else current
    because = withdrawn_because(connection, document.id)
    return Replaced(document.id, version, because, kept, before=current or 0)


def use(
    connection: Connection, document_id: str, version: int, *, reason: str, read: PaperFacts | None = None
) -> None:
    """Puts an earlier or later version in use, with the corrections in force; `read` as in `put`.

    Raises UnknownDocument and UnknownVersion.
    """
    before = current_version(connection, document_id)
    query = select(VERSIONS.c.version).where(VERSIONS.c.document_id == document_id)
    known = connection.execute(query).scalars().all()
    if version not in known:
        raise UnknownVersion(document_id, version, known)
    set_current_version(connection, document_id, version)
    rewrite_head(connection, document_id, version)
    facts.read_again(connection, document_id, version, read=read)
    details: dict[str, str | int] = {"version": version, "instead of": before, "reason": reason}
    audit.write(connection, Action.USED, document_id, details)
