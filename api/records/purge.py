"""Retention: deletes what is older than the retention time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, delete, func, select, update

from api.records.conversations import forget
from api.records.receipts import delete_texts
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import CONVERSATIONS, FEEDBACK, RECEIPTS
from api.records.texts import without_words
from api.wire.question_schemas import Filters

_BATCH = 200  # rows of a transaction: answers wait about twenty milliseconds for it
_FEW = 20  # conversations of a transaction, each with its receipts
_PAUSE_S = 0.01  # between two transactions, so that waiting writers get their turn


@dataclass(frozen=True, slots=True)
class Purged:
    """Numbers of deleted rows, or of rows whose texts were deleted."""

    receipts: int
    feedback: int
    conversations: int


def purge(database: RecordsDatabase, older_than: datetime) -> Purged:
    """Deletes receipts asked before that time with their feedback, and conversations last used before it.

    A conversation that is still in use loses its turns from before.
    """
    receipts = feedback = conversations = 0
    while True:
        deleted, comments = _batch(database, RECEIPTS, RECEIPTS.c.asked_at, older_than)
        receipts, feedback = receipts + deleted, feedback + comments
        if deleted < _BATCH:
            break
        time.sleep(_PAUSE_S)
    while True:
        gone, _ = _batch(database, CONVERSATIONS, CONVERSATIONS.c.updated_at, older_than)
        conversations += gone
        if gone < _BATCH:
            break
        time.sleep(_PAUSE_S)
    # Always: an earlier call may have been kept from it by those who read.
    database.truncate_log()
    return Purged(receipts=receipts, feedback=feedback, conversations=conversations)


def forget_texts(database: RecordsDatabase) -> Purged:
    """Deletes all texts that people wrote: conversations, texts of receipts, comments of feedback."""
    receipts = conversations = 0
    with database.writing() as connection:
        written = update(FEEDBACK).where(FEEDBACK.c.text != "").values(text="")
        feedback = connection.execute(written).rowcount
    while True:
        with database.writing() as connection:
            ids = [row.id for row in connection.execute(select(CONVERSATIONS.c.id).limit(_FEW))]
            forget(connection, ids)
        conversations += len(ids)
        if len(ids) < _FEW:
            break
        time.sleep(_PAUSE_S)
    while True:
        with database.writing() as connection:
            taken = delete_texts(connection, RECEIPTS.c.texts_kept, most=_BATCH)
        receipts += taken
        if taken < _BATCH:
            break
        time.sleep(_PAUSE_S)
    _forget_regions(database)
    database.truncate_log()
    return Purged(receipts=receipts, feedback=feedback, conversations=conversations)


def _forget_regions(database: RecordsDatabase) -> None:
    """Deletes words from the filters of receipts whose texts an earlier version deleted except for these."""
    table, last = RECEIPTS.c, ""
    while True:
        query = select(table.id, table.filters).where(table.id > last).order_by(table.id).limit(_BATCH)
        with database.reading() as connection:
            rows = [(row.id, Filters.model_validate(row.filters)) for row in connection.execute(query)]
        bare = {receipt_id: without_words(filters) for receipt_id, filters in rows if filters.regions}
        if changed := {one: bare[one] for one, filters in rows if one in bare and bare[one] != filters}:
            with database.writing() as connection:
                for one, filters in changed.items():
                    connection.execute(
                        update(RECEIPTS).where(table.id == one).values(filters=filters.model_dump())
                    )
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]
        time.sleep(_PAUSE_S)


def _batch(
    database: RecordsDatabase, table: Table, moment: Column[datetime], older_than: datetime
) -> tuple[int, int]:
    """Numbers of deleted rows of the table, and of their feedback."""
    oldest = select(table.c.id).where(moment < older_than).order_by(moment).limit(_BATCH)
    with database.reading() as connection:
        if connection.execute(oldest.limit(1)).first() is None:
            return 0, 0  # with nothing to do, nobody must wait
    with database.writing() as connection:
        ids = [row.id for row in connection.execute(oldest)]
        about = select(func.count()).select_from(FEEDBACK).where(FEEDBACK.c.receipt.in_(ids))
        feedback = connection.execute(about).scalar_one() if table is RECEIPTS else 0
        connection.execute(delete(table).where(table.c.id.in_(ids), moment < older_than))
    return len(ids), feedback
