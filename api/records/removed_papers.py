"""Deletes the words of a removed paper from receipts and the conversations made of them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select, update

from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import RECEIPTS
from api.records.texts import quotes_of, without_paper
from api.wire.reply_schemas import AskResponse

_BATCH = 200  # receipts of a transaction: answers wait about twenty milliseconds for it
_PAUSE_S = 0.01  # between two transactions, so that waiting writers get their turn
_LEFT_OUT = "…"  # in the place of an earlier reply; an empty message is none


def forget_paper(database: RecordsDatabase, document_id: str) -> int:
    """Deletes what replies quote of a paper, and the replies themselves, which repeat it.

    Ids, hashes and offsets stay, as does what people asked. Earlier replies in the history of a question lose
    it as well. May be repeated after an interruption. Returns the number of receipts that quoted the paper.
    """
    replies, quotes = set[str](), set[str]()
    for row in _rows(database):
        if found := quotes_of(AskResponse.model_validate(row.reply), document_id):
            quotes |= found
            replies.add(row.reply["text"])
    if not quotes:
        return 0
    # Histories first: after an interruption the replies still tell what to look for in them.
    _forget_histories(database, replies - {""}, quotes)
    return _forget_replies(database, document_id)


def _forget_histories(database: RecordsDatabase, replies: Collection[str], quotes: Collection[str]) -> None:
    def repeats(turn: Any) -> bool:
        content = turn["content"]
        return turn["role"] == "assistant" and (content in replies or any(one in content for one in quotes))

    for row in _rows(database):
        bare = [turn | {"content": _LEFT_OUT} if repeats(turn) else turn for turn in row.history]
        if bare != row.history:
            _write(database, row.id, {"history": bare})


def _forget_replies(database: RecordsDatabase, document_id: str) -> int:
    count = 0
    for row in _rows(database):
        reply = AskResponse.model_validate(row.reply)
        if quotes_of(reply, document_id):
            bare = without_paper(reply, document_id).model_dump(mode="json")
            _write(database, row.id, {"reply": bare})
            count += 1
    return count


def _write(database: RecordsDatabase, receipt_id: str, values: dict[str, Any]) -> None:
    with database.writing() as connection:
        connection.execute(update(RECEIPTS).where(RECEIPTS.c.id == receipt_id).values(values))
    time.sleep(_PAUSE_S)


def _rows(database: RecordsDatabase) -> Iterator[Any]:
    """Yields all receipts by id, some at a time."""
    table, last = RECEIPTS.c, ""
    while True:
        query = select(table.id, table.reply, table.history).where(table.id > last).order_by(table.id)
        with database.reading() as connection:
            rows = connection.execute(query.limit(_BATCH)).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        last = rows[-1].id
