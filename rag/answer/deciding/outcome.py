"""Names the outcome of an answer."""

from __future__ import annotations

from rag.model import Outcome


def outcome(*, wrong: bool, partial: bool) -> Outcome:
    """Returns CORRECTED for a wrong premise, else PARTIAL where something asked for is missing."""
    if wrong:
        return Outcome.CORRECTED
    return Outcome.PARTIAL if partial else Outcome.ANSWERED
