"""Exports feedback as records that `zhengwen eval from-feedback` reads."""

from __future__ import annotations

from pydantic import ValidationError

from api.records.feedback import Feedback
from evals.draft import feedback as records

# Reasons that have the same name in test sets; the comment explains what remains unclear.
_SAME: dict[str, records.Reason] = {
    "wrong": "wrong",
    "incomplete": "incomplete",
    "outdated": "outdated",
    "unclear": "other",
    "other": "other",
}


def record_of(given: Feedback) -> records.Feedback | None:
    """The record; None if the question is not stored, or is not valid in a test set."""
    receipt = given.receipt
    if not receipt.texts_kept:
        return None
    comment = f"unclear. {given.text}".strip() if given.reason == "unclear" else given.text
    try:
        return records.Feedback(
            question=receipt.question,
            history=[records.EarlierTurn(role=turn.role, content=turn.content) for turn in receipt.history],
            verdict=given.thumb,
            reason=_SAME[given.reason] if given.reason else None,
            comment=comment,
            reply=records.RatedReply.model_validate(receipt.reply.model_dump()),
            time=given.given_at,
        )
    except ValidationError:
        # An empty question, or one longer than a test set allows.
        return None
