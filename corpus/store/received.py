"""Files as they were received, looked up by their bytes."""

from __future__ import annotations

from sqlalchemy import select

from corpus.errors import DamagedDocument
from corpus.model import Document
from corpus.store import rows
from corpus.store.database import Database
from corpus.store.schema import IDENTITIES


class ReceivedFiles:
    """Which files are stored. Files of several papers are not among them, as some may be missing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def digests(self) -> frozenset[str]:
        """The SHA-256 of the files that are stored as one paper, also of withdrawn papers."""
        with self._database.reading() as connection:
            keys = connection.execute(select(IDENTITIES.c.received_key).distinct()).scalars()
            return frozenset(key for key in keys if ":" not in key)

    def paper(self, digest: str) -> Document | None:
        """The paper of such a file as it was read, without corrections; None if it is absent or damaged."""
        table = IDENTITIES.c
        query = (
            select(table.document_id, table.version)
            .where(table.received_key == digest)
            .order_by(table.version.desc(), table.document_id)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).first()
            if found is None:
                return None
            try:
                return next(iter(rows.read(connection, [(found.document_id, found.version)])), None)
            except (DamagedDocument, ValueError):
                return None
