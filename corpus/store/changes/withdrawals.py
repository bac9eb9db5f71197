"""Takes papers out of use without losing them, and brings them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from corpus.errors import NotWithdrawn, UnknownDocument
from corpus.store import audit
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.in_use import version_in_use
from corpus.store.schema import DOCUMENTS, HEADS, WITHDRAWN


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A paper that was withdrawn. Its texts are still in the store."""

    document_id: str
    title: str
    reason: str
    at: datetime


class Withdrawals:
    """Withdraws papers and restores them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def withdraw(self, document_id: str, *, reason: str) -> None:
        """Takes a paper out of use: no question is answered from it. Raises UnknownDocument."""
        with self._database.writing() as connection:
            withdraw(connection, document_id, reason=reason)

    def restore(self, document_id: str) -> None:
        """Brings a paper back, in its last version. Raises UnknownDocument and NotWithdrawn."""
        with self._database.writing() as connection:
            restore(connection, document_id)

    def reason(self, document_id: str) -> str | None:
        """Why a paper was withdrawn; None for a paper in use."""
        query = select(WITHDRAWN.c.reason).where(WITHDRAWN.c.document_id == document_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def all(self) -> list[Withdrawal]:
        """The withdrawn papers, by id."""
        of_head = (HEADS.c.document_id == WITHDRAWN.c.document_id) & (HEADS.c.version == WITHDRAWN.c.version)
        query = (
            select(WITHDRAWN.c.document_id, HEADS.c.title, WITHDRAWN.c.reason, WITHDRAWN.c.at)
            .join(HEADS, of_head)
            .order_by(WITHDRAWN.c.document_id)
        )
        with self._database.reading() as connection:
            return [Withdrawal(*row[:-1], at=audit.utc(row.at)) for row in connection.execute(query)]


def withdraw(connection: Connection, document_id: str, *, reason: str) -> None:
    """Takes a paper out of use, in the transaction of the caller. Raises UnknownDocument."""
    version = version_in_use(connection, document_id)
    row = {"document_id": document_id, "version": version, "reason": reason, "at": datetime.now(UTC)}
    connection.execute(insert(WITHDRAWN).values(row))
    connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == document_id).values(version=0))
    audit.write(connection, Action.WITHDRAWN, document_id, {"version": version, "reason": reason})


def restore(connection: Connection, document_id: str) -> None:
    """Brings a paper back, in the transaction of the caller. Raises UnknownDocument and NotWithdrawn."""
    of_paper = WITHDRAWN.c.document_id == document_id
    version = connection.execute(select(WITHDRAWN.c.version).where(of_paper)).scalar()
    if version is None:
        known = connection.execute(select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id)).first()
        raise NotWithdrawn(document_id) if known else UnknownDocument(document_id)
    connection.execute(delete(WITHDRAWN).where(of_paper))
    connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == document_id).values(version=version))
    audit.write(connection, Action.RESTORED, document_id, {"version": version})
