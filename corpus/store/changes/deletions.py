"""Deletes papers for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select, update

from corpus.errors import UnknownDocument
from corpus.store import audit
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.in_use import last_deleted
from corpus.store.jobs.work import forget_paper
from corpus.store.schema import DELETED, DOCUMENTS, VERSIONS
from corpus.store.upkeep.backup_list import Backup, existing_backups, may_contain


@dataclass(frozen=True, slots=True)
class Deleted:
    """A paper that was deleted, and the backups that still contain it."""

    document_id: str
    versions: int
    backups: tuple[Backup, ...]


class Deletions:
    """Deletes papers. What is derived from them elsewhere is cleared afterwards, see `unfinished`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delete(self, document_id: str, *, reason: str) -> Deleted:
        """Deletes a paper with all its versions from every table. Raises UnknownDocument.

        Until `erase_traces`, what was in the file may still be in its log.
        """
        with self._database.writing() as connection:
            of_paper = VERSIONS.c.document_id == document_id
            query = select(func.min(VERSIONS.c.added_at), func.max(VERSIONS.c.version), func.count())
            first, last, versions = connection.execute(query.where(of_paper)).one()
            if not versions:
                raise UnknownDocument(document_id)
            backups = existing_backups(connection, since=audit.utc(first))
            last = max(last, last_deleted(connection, document_id))
            connection.execute(delete(DELETED).where(DELETED.c.document_id == document_id))
            row = {"document_id": document_id, "version": last, "at": datetime.now(UTC), "is_finished": False}
            connection.execute(insert(DELETED).values(row))
            digests = select(VERSIONS.c.sha256).where(of_paper)
            forget_paper(connection, document_id, list(connection.execute(digests).scalars()))
            connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.id == document_id))
            audit.write(connection, Action.REMOVED, document_id, {"versions": versions, "reason": reason})
        return Deleted(
            document_id, versions, tuple(one for one in backups if may_contain(one.path, document_id))
        )

    def deleted_at(self, document_id: str) -> datetime | None:
        """When a paper was deleted; None for one that was not, or is stored again."""
        gone = DELETED.c.document_id == document_id
        stored = select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id)
        with self._database.reading() as connection:
            at = connection.execute(select(DELETED.c.at).where(gone)).scalar()
            is_stored = connection.execute(stored).first() is not None
        return None if at is None or is_stored else audit.utc(at)

    def unfinished(self) -> list[str]:
        """The deleted papers that may still be in the index, in free pages, in the log or in receipts."""
        query = select(DELETED.c.document_id).where(~DELETED.c.is_finished).order_by(DELETED.c.document_id)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def erase_traces(self) -> None:
        """Rewrites the file of the database, so that nothing deleted is left in it or in its log.

        Takes seconds for each gigabyte. Raises StoreError while another program reads an older state.
        """
        self._database.erase_free_space()

    def finish(self, document_ids: list[str]) -> None:
        """Notes that nothing is left of these papers."""
        with self._database.writing() as connection:
            of_papers = DELETED.c.document_id.in_(document_ids)
            connection.execute(update(DELETED).where(of_papers).values(is_finished=True))
