"""Writes versions of papers, in the transaction of the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from corpus.head.corrections import corrected
from corpus.model import Document
from corpus.store import audit, codec, rows
from corpus.store.audit import Action
from corpus.store.corrections import corrections_of
from corpus.store.in_use import last_deleted, latest_version, withdrawn_because
from corpus.store.outcomes import Added, Replaced, Unchanged
from corpus.store.schema import DOCUMENTS, WITHDRAWN


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper."""

    document_id: str
    version: int  # from 1
    sha256: str  # of the bytes as received
    name: str  # file name
    added_at: datetime


def put(
    connection: Connection, document: Document, *, original: bytes, action: Action | None = None
) -> Added | Unchanged | Replaced:
    """Stores a paper under its id, as its next version unless its last one is equal and undamaged.

    A withdrawn paper stays withdrawn. `action` is that of the audit line, if not that of the outcome.
    """
    content = codec.content_hash(document)
    in_use = connection.execute(select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document.id)).scalar()
    latest = latest_version(connection, document.id)
    if latest is not None and latest[1] == content and rows.is_sound(connection, document.id, latest[0]):
        return Unchanged(document.id, latest[0], withdrawn_because(connection, document.id))
    version = (latest[0] if latest else last_deleted(connection, document.id)) + 1
    if in_use is None:
        connection.execute(insert(DOCUMENTS).values(id=document.id, version=version))
    elif in_use:
        change = update(DOCUMENTS).where(DOCUMENTS.c.id == document.id)
        connection.execute(change.values(version=version))
    else:
        change = update(WITHDRAWN).where(WITHDRAWN.c.document_id == document.id)
        connection.execute(change.values(version=version))
    corrections = corrections_of(connection, document.id)
    state = codec.state_hash(content, corrections)
    rows.insert_version(connection, document, version=version, content=content, original=original)
    rows.insert_head(connection, corrected(document, corrections), version=version, content=state)
    usual = Action.ADDED if in_use is None else Action.NEW_VERSION
    details: dict[str, str | int] = {"version": version, "sha256": document.source.sha256}
    audit.write(connection, action or usual, document.id, details)
    if in_use is None:
        return Added(document.id, version=version)
    return Replaced(document.id, version, withdrawn_because(connection, document.id))
