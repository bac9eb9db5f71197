"""Receipts of answers about the one small paper, for tests of the records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from one_paper import OnePaper

from api.records.receipts import Receipt, receipt_of
from api.service.answers import questions as asking
from api.settings import Settings
from api.wire.question_schemas import AskRequest, Filters, Turn

HOLDER, SITE = "0123456789abcdef", "zws_site"
TODAY = date(2026, 3, 1)
_ALL = Filters()


def receipt(
    question: str = "首次获批奖多少？",
    *,
    history: Sequence[Turn] = (),
    filters: Filters = _ALL,
    holder: str = HOLDER,
    site: str = SITE,
    asked_at: datetime | None = None,
) -> Receipt:
    """A receipt as the service makes it."""
    assistant = OnePaper()
    request = AskRequest(question=question, history=list(history), filters=filters)
    reply = asking.ask(request, assistant=assistant, longest=2000)
    return receipt_of(
        request,
        reply,
        holder=holder,
        site=site,
        channel="ask",
        info=assistant.info(),
        settings=Settings(data_dir=Path(), cache_dir=Path()),
        today=TODAY,
        asked_at=asked_at or datetime.now(UTC),
    )
