"""All records of a service, in one database."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from api.records.conversations import Conversations
from api.records.database import RecordsDatabase
from api.records.digests import Digests
from api.records.feedback import FeedbackStore
from api.records.purge import Purged, forget_texts, purge
from api.records.receipts import Receipt, Receipts
from api.records.sites import Sites
from api.records.tables import SECRET

_CHECK_EVERY_S = 1.0  # each is a sync of the disk; anybody may ask whether the service is ready


class Records:
    """Sites, conversations, receipts and feedback. Thread-safe; what is written is on the disk.

    Made by `open_records`; close it when done.
    """

    def __init__(self, database: RecordsDatabase, *, keep_texts: bool) -> None:
        self._database = database
        self._checking, self._check_after = threading.Lock(), 0.0
        with database.reading() as connection:
            self._secret = bytes(connection.execute(select(SECRET.c.value)).scalar_one())
        self.sites = Sites(database)
        self.receipts = Receipts(database, marks=Digests(self._secret), keep_texts=keep_texts)
        self.conversations = Conversations(database, keep_texts=keep_texts)
        self.feedback = FeedbackStore(database, keep_texts=keep_texts)

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def secret(self) -> bytes:
        """What tokens are signed with: 32 random bytes, made once, the same for all processes."""
        return self._secret

    def keep_answer(self, receipt: Receipt, conversation_id: str | None) -> None:
        """Keep a receipt, and the turn of its conversation, if it has one. Both or neither.

        Raises UnknownConversation when the receipt's holder does not hold it.
        """
        with self._database.writing() as connection:
            self.receipts.keep(connection, receipt)
            if conversation_id is not None:
                self.conversations.keep_turn(connection, receipt, conversation_id)

    def purge(self, older_than: datetime) -> Purged:
        """Remove what was kept long enough; answers go on meanwhile."""
        return purge(self._database, older_than)

    def forget_texts(self) -> Purged:
        """Remove all that people wrote; what was found for them, and marks of their questions, stay.

        `conversations` counts those removed, `receipts` and `feedback` those that lost their texts outside.
        """
        return forget_texts(self._database)

    def check(self) -> None:
        """Raises StoreError when the records are out of reach, or take nothing more.

        However often it is called, it writes once a second at the most.
        """
        self.sites.any()
        with self._checking:
            if time.monotonic() >= self._check_after:
                self._database.try_writing()
                self._check_after = time.monotonic() + _CHECK_EVERY_S


def open_records(url: str, *, lock_dir: Path | None, keep_texts: bool = True) -> Records:
    """The records at an SQLAlchemy URL; the tables are made, or brought up to date, under a lock.

    `lock_dir` is a folder all processes on this machine share; None for a database that nobody else opens
    now. Without `keep_texts` nothing of what is asked is kept. Raises StoreError.
    """
    database = RecordsDatabase(url, lock_dir=lock_dir)
    try:
        return Records(database, keep_texts=keep_texts)
    except BaseException:
        database.close()
        raise
