"""Papers that have one number and different texts, until an editor has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from corpus.errors import UnknownConflict
from corpus.store import audit
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.schema import CONFLICTS, DOCUMENTS, HEADS, IDENTITIES


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two papers in use with one number; the first id sorts before the other."""

    document_id: str
    other_id: str
    doc_number: str
    title: str
    other_title: str
    found_at: datetime


class Conflicts:
    """Lists conflicts, and stores what an editor decides."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> list[Conflict]:
        """The conflicts to decide. Withdrawing a paper or correcting its number ends its conflicts, too."""
        with self._database.reading() as connection:
            return [
                Conflict(one, other, number, title, other_title, audit.utc(at))
                for one, other, number, title, other_title, at in connection.execute(_open())
            ]

    def keep_both(self, document_id: str, other_id: str, *, reason: str) -> None:
        """Decides that both papers are right. Raises UnknownConflict for papers without an open conflict."""
        one, other = sorted((document_id, other_id))
        with self._database.writing() as connection:
            if (one, other) not in {(row.document_id, row.other_id) for row in connection.execute(_open())}:
                raise UnknownConflict(one, other)
            of_both = (CONFLICTS.c.document_id == one, CONFLICTS.c.other_id == other)
            decision = {"decided_at": datetime.now(UTC), "reason": reason}
            connection.execute(update(CONFLICTS).where(*of_both).values(decision))
            audit.write(connection, Action.DECIDED, one, {"other": other, "reason": reason})


def record(connection: Connection, document_id: str, other_id: str) -> None:
    """Stores a conflict, in the transaction that stores the paper."""
    one, other = sorted((document_id, other_id))
    row = {"document_id": one, "other_id": other, "found_at": datetime.now(UTC), "reason": ""}
    connection.execute(insert(CONFLICTS).values(row))
    audit.write(connection, Action.CONFLICT, document_id, {"other": other_id})


def open_pairs(connection: Connection) -> list[tuple[str, str]]:
    """The ids of the papers in each open conflict."""
    return [(row.document_id, row.other_id) for row in connection.execute(_open())]


def _open() -> Select[Any]:
    """Selects the conflicts not decided of papers in use that still have one number."""
    one, other, number, other_number = (
        DOCUMENTS.alias(),
        DOCUMENTS.alias(),
        IDENTITIES.alias(),
        IDENTITIES.alias(),
    )
    head, other_head = HEADS.alias(), HEADS.alias()
    query = (
        select(
            CONFLICTS.c.document_id,
            CONFLICTS.c.other_id,
            head.c.doc_number,
            head.c.title,
            other_head.c.title,
            CONFLICTS.c.found_at,
        )
        .join(one, one.c.id == CONFLICTS.c.document_id)
        .join(other, other.c.id == CONFLICTS.c.other_id)
        .where(CONFLICTS.c.decided_at.is_(None), number.c.number_key == other_number.c.number_key)
    )
    for table, paper in ((number, one), (head, one), (other_number, other), (other_head, other)):
        query = query.join(table, (table.c.document_id == paper.c.id) & (table.c.version == paper.c.version))
    return query.order_by(CONFLICTS.c.document_id, CONFLICTS.c.other_id)
