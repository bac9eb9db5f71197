"""Keyed digests of questions and histories. They identify a text only to those who have the text."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence

from api.wire.question_schemas import Turn

_PURPOSE = (
    b"zhengwen.receipts"  # tokens are signed with the same secret; a digest must never be valid as a token
)


class Digests:
    """HMAC-SHA-256 of questions and histories, with a key derived from the service's secret."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, _PURPOSE, "sha256")

    def of(self, question: str, history: Sequence[Turn]) -> tuple[str, str]:
        """The digests of a question and of its history; the latter is empty without a history."""
        messages = [[turn.role, turn.content] for turn in history]
        return self._digest(question), self._digest(json.dumps(messages)) if messages else ""

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
