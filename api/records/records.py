"""All records of a service, in one database."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from api.records.conversations import Conversations
from api.records.digests import Digests
from api.records.feedback import FeedbackStore
from api.records.purge import Purged, forget_texts, purge
from api.records.receipts import Receipt, Receipts
from api.records.removed_papers import forget_paper
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import SECRET
from api.records.sites import Sites
from api.records.unmet import UnmetQuestions
from corpus.errors import StoreError

_CHECK_EVERY_S = 1.0  # each syncs the disk, and anybody may send readiness checks


class Records:
    """Sites, conversations, receipts and feedback. Thread-safe; writes are on the disk when they return.

    Made by `open_records`; close it when done.
    """

    def __init__(self, database: RecordsDatabase, *, keep_texts: bool) -> None:
        self._database = database
        self._checking, self._check_after = threading.Lock(), 0.0
        with database.reading() as connection:
            self._secret = bytes(connection.execute(select(SECRET.c.value)).scalar_one())
        self.sites = Sites(database)
        self.receipts = Receipts(database, digests=Digests(self._secret), keep_texts=keep_texts)
        self.conversations = Conversations(database, keep_texts=keep_texts)
        self.feedback = FeedbackStore(database, keep_texts=keep_texts)
        self.unmet = UnmetQuestions(database)

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def secret(self) -> bytes:
        """The key that signs tokens: 32 random bytes, created once, the same for all processes."""
        return self._secret

    def store_answer(self, receipt: Receipt, conversation_id: str | None) -> None:
        """Stores a receipt and, if it has one, the turn of its conversation; both or neither.

        Raises UnknownConversation when the receipt's holder does not have this conversation.
        """
        with self._database.writing() as connection:
            self.receipts.keep(connection, receipt)
            if conversation_id is not None:
                self.conversations.add_turn(connection, receipt, conversation_id)

    def purge(self, older_than: datetime) -> Purged:
        """Deletes what is older than the retention time; answers continue meanwhile."""
        return purge(self._database, older_than)

    def forget_texts(self) -> Purged:
        """Deletes all texts that people wrote; what was found for them, and digests of their questions, stay.

        `conversations` counts those deleted, `receipts` and `feedback` those outside conversations that lost
        their texts.
        """
        return forget_texts(self._database)

    def forget_paper(self, document_id: str) -> int:
        """Deletes the words of a removed paper; ids, hashes and offsets stay. Returns the receipts changed.

        Raises StoreError while the log of the database, which may contain them, cannot be emptied.
        """
        found = forget_paper(self._database, document_id)
        if not self._database.truncate_log():
            raise StoreError(
                f"the log of {self._database.name!r} cannot be emptied while another program reads it. "
                "Run the command again in a moment"
            )
        return found

    def check(self) -> None:
        """Raises StoreError when the records cannot be reached or written to.

        However often it is called, it writes at most once a second.
        """
        self.sites.any()
        with self._checking:
            if time.monotonic() >= self._check_after:
                self._database.try_writing()
                self._check_after = time.monotonic() + _CHECK_EVERY_S


def open_records(url: str, *, lock_dir: Path | None, keep_texts: bool = True) -> Records:
    """The records at an SQLAlchemy URL; the tables are created or migrated under a lock.

    `lock_dir` is a folder that all processes on this machine share; None for a database that no other process
    opens. Without `keep_texts` no texts of questions are stored. Raises StoreError.
    """
    database = RecordsDatabase(url, lock_dir=lock_dir)
    try:
        return Records(database, keep_texts=keep_texts)
    except BaseException:  # raised again: whatever ends it, nobody else can close it
        database.close()
        raise
