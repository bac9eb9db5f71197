"""Lines about everything that was done to the papers. They contain no text of a paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from corpus.store.database import Database
from corpus.store.schema import AUDIT

Details = Mapping[str, str | int]


class Action(StrEnum):
    """What can be done to a paper."""

    ADDED = "added"
    NEW_VERSION = "new version"
    REREAD = "read again"
    CONFLICT = "conflict found"
    DECIDED = "conflict decided"
    CORRECTED = "corrected"
    UNDONE = "correction undone"
    FACT_CORRECTED = "fact corrected"
    FACT_HIDDEN = "fact called wrong"
    FACT_UNDONE = "correction of a fact undone"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    USED = "version put in use"
    REMOVED = "removed"
    STAGED = "staged"
    RELEASED = "released"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An action on a paper."""

    at: datetime
    action: Action
    document_id: str
    details: Details


class Audit:
    """Reads the lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> str:
        """Names the last line: the state of the papers that it left. Empty where nothing was done yet."""
        with self._database.reading() as connection:
            row = connection.execute(_MARKS.order_by(AUDIT.c.id.desc()).limit(1)).first()
        return "" if row is None else _mark(*row)

    def changed_since(self, mark: str) -> set[str] | None:
        """The ids of the papers of which something was changed since `last` returned `mark`.

        None where that is not known: `mark` is empty, or of another database that was put in the place of
        this one.
        """
        if not mark:
            return None
        number = int(mark.partition(" ")[0])
        later = select(AUDIT.c.document_id).where(AUDIT.c.id > number).distinct()
        with self._database.reading() as connection:
            row = connection.execute(_MARKS.where(AUDIT.c.id == number)).first()
            if row is None or _mark(*row) != mark:
                return None
            return set(connection.execute(later).scalars()) - {""}

    def lines(self, document_id: str = "", *, most: int = 1000) -> list[AuditLine]:
        """The last lines, of one paper or of all, oldest first."""
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(most)
        if document_id:
            query = query.where(AUDIT.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            AuditLine(utc(row.at), Action(row.action), row.document_id, row.details) for row in reversed(rows)
        ]


_MARKS = select(AUDIT.c.id, AUDIT.c.at, AUDIT.c.action, AUDIT.c.document_id)


def _mark(number: int, at: datetime, action: str, document_id: str) -> str:
    """The number of a line, and what tells it from the line with that number of another database."""
    return f"{number} {utc(at).isoformat()} {action} {document_id}"


def write(connection: Connection, action: Action, document_id: str, details: Details) -> None:
    """Writes a line in the transaction of the action."""
    values = {"at": datetime.now(UTC), "action": action.value, "document_id": document_id}
    connection.execute(insert(AUDIT).values(**values, details=dict(details)))


def utc(at: datetime) -> datetime:
    """A time from the database. SQLite keeps no time zone; all times are written in UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
