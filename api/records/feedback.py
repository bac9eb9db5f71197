"""Feedback on answers: a thumb, optionally a reason and a comment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import delete, insert, select

from api.records.errors import UnknownAnswer
from api.records.receipts import Receipt, receipt_in
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import FEEDBACK, RECEIPTS

Thumb = Literal["up", "down"]
Reason = Literal["wrong", "incomplete", "outdated", "unclear", "other"]

_PAGE = 200  # receipts read into memory at a time


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on the answer of a receipt."""

    receipt: Receipt
    given_at: datetime
    thumb: Thumb
    reason: Reason | None
    text: str  # empty where nothing was written, or texts are not kept


class FeedbackStore:
    """Feedback by answer. Thread-safe."""

    def __init__(self, database: RecordsDatabase, *, keep_texts: bool) -> None:
        self._database, self._keep_texts = database, keep_texts

    def keep(
        self, answer: str, *, holder: str, site: str, thumb: Thumb, reason: Reason | None, text: str
    ) -> None:
        """Stores feedback in place of the holder's earlier one.

        Raises UnknownAnswer for an answer that was not given to this holder on this site.
        """
        table = RECEIPTS.c
        own = select(table.id).where(table.id == answer, table.holder == holder, table.site == site)
        row = {"receipt": answer, "given_at": datetime.now(UTC), "thumb": thumb, "reason": reason}
        with self._database.writing() as connection:
            # The lock on the receipt serialises two concurrent writes, on every database.
            if connection.execute(own.with_for_update()).first() is None:
                raise UnknownAnswer
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.receipt == answer))
            connection.execute(insert(FEEDBACK).values(row | {"text": text if self._keep_texts else ""}))

    def all(self, *, since: datetime | None = None, thumb: Thumb | None = None) -> Iterator[Feedback]:
        """All feedback, oldest first."""
        table = FEEDBACK.c
        query = select(FEEDBACK, RECEIPTS).join(RECEIPTS).order_by(table.given_at, table.receipt)
        if since is not None:
            query = query.where(table.given_at >= since)
        if thumb is not None:
            query = query.where(table.thumb == thumb)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                yield Feedback(
                    receipt=receipt_in(row),
                    given_at=row.given_at,
                    thumb=row.thumb,
                    reason=row.reason,
                    text=row.text,
                )
