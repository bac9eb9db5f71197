"""Questions that were asked and not answered, or not in full, or without confidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import RECEIPTS

# The confidence is the probability that the papers answer the question: below it they more likely do not.
UNSURE_BELOW = 0.5
_PAGE = 200  # receipts read into memory at a time
_NO_QUESTIONS = frozenset({"instruction"})  # reasons of refusals of what asks about no paper


class Lack(StrEnum):
    """What a reply lacked."""

    REFUSED = "refused"
    PARTIAL = "partial"
    UNSURE = "unsure"  # answered, with a confidence below UNSURE_BELOW


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question that got no reply, or less than it asked for."""

    asked_at: datetime
    lack: Lack
    reason: str  # of a refusal; else empty
    question: str  # completed from the conversation; empty where the texts are not kept
    regions: tuple[str, ...]  # that the request was limited to
    texts_kept: bool


class UnmetQuestions:
    """Questions without a full reply, from the receipts. Thread-safe."""

    def __init__(self, database: RecordsDatabase) -> None:
        self._database = database

    def all(self, *, lacks: Collection[Lack], since: datetime | None = None) -> Iterator[Unmet]:
        """Yields the questions with one of `lacks`, oldest first; commands to the program are none."""
        table = RECEIPTS.c
        query = select(
            table.asked_at,
            table.outcome,
            table.texts_kept,
            table.question,
            table.filters,
            table.reply,
        ).where(or_(*(_CONDITIONS[lack] for lack in lacks)))
        if since is not None:
            query = query.where(table.asked_at >= since)
        query = query.order_by(table.asked_at, table.id)
        with self._database.reading() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                refusal = row.reply.get("refusal")
                reason = refusal["reason"] if refusal else ""
                if reason not in _NO_QUESTIONS:
                    yield Unmet(
                        asked_at=row.asked_at,
                        lack=_lack_of(row.outcome),
                        reason=reason,
                        question=row.reply.get("rewritten") or row.question,
                        regions=tuple(row.filters["regions"]),
                        texts_kept=row.texts_kept,
                    )


def _lack_of(outcome: str) -> Lack:
    return Lack(outcome) if outcome in (Lack.REFUSED, Lack.PARTIAL) else Lack.UNSURE


_OUTCOME, _CONFIDENCE = RECEIPTS.c.outcome, RECEIPTS.c.confidence
_CONDITIONS: dict[Lack, ColumnElement[bool]] = {
    Lack.REFUSED: _OUTCOME == "refused",
    Lack.PARTIAL: _OUTCOME == "partial",
    Lack.UNSURE: and_(_OUTCOME.in_(("answered", "corrected")), _CONFIDENCE < UNSURE_BELOW),
}
