"""A process that keeps answers: `python record_keeping.py URL FOLDER HOLDER CONVERSATION COUNT`.

It prints the id of each receipt once it is kept. Without a count it goes on until it is killed. PYTHONPATH
has to contain the folders of the test helpers.
"""

from __future__ import annotations

import itertools
import secrets
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from one_paper import INFO

from api.records import open_records
from api.records.receipts import Receipt, receipt_of
from api.settings import Settings
from api.wire import examples
from api.wire.question_schemas import AskRequest
from api.wire.reply_schemas import AskResponse


def receipt(question: str, *, holder: str) -> Receipt:
    """A receipt with the reply that the documentation shows, under a new id."""
    reply = AskResponse.model_validate(examples.ASK_RESPONSES[0])
    return receipt_of(
        AskRequest(question=question),
        reply.model_copy(update={"id": secrets.token_hex(18)}),
        holder=holder,
        site="",
        channel="ask",
        info=INFO,
        settings=Settings(data_dir=Path(), cache_dir=Path()),
        today=date(2026, 3, 1),
        asked_at=datetime.now(UTC),
    )


def main(url: str, folder: str, holder: str, conversation: str, count: str = "") -> None:
    with open_records(url, lock_dir=Path(folder)) as records:
        for number in range(int(count)) if count else itertools.count():
            kept = receipt(f"第{number}问", holder=holder)
            records.store_answer(kept, conversation)
            print(kept.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
