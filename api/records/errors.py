"""Errors of the records.

ZhengwenError
├── StoreError                corpus/errors.py: the database cannot be opened, or belongs to a later program
└── DoorError                 api/errors.py
    ├── SiteFault             a site that cannot be added as it is described
    ├── UnknownSite           no site has that key
    ├── UnknownReceipt        no receipt has that id
    └── TurnedAway
        ├── UnknownConversation  404
        ├── UnknownAnswer        404
        └── NotKept              403

Whether something is absent or another's is never told: both are unknown.
"""

from __future__ import annotations

from api.errors import ApiError, Rejected


class SiteFault(ApiError):
    """The site cannot be added as it is described."""


class UnknownSite(ApiError):
    """No site has that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no site has the key {key!r}. `zhengwen site list` shows the keys in use")
        self.key = key


class UnknownReceipt(ApiError):
    """No receipt has that id."""

    def __init__(self, receipt_id: str) -> None:
        super().__init__(
            f"no receipt has the id {receipt_id!r}. It is the `id` of a reply of this service; "
            "receipts older than ZHENGWEN_SERVICE__RETENTION_DAYS are gone"
        )
        self.receipt_id = receipt_id


class UnknownConversation(Rejected):
    """The caller holds no conversation of that id."""

    status, kind = 404, "unknown-conversation"

    def __init__(self) -> None:
        super().__init__("you hold no conversation of this id. Start one with POST /v1/conversations")


class UnknownAnswer(Rejected):
    """The caller was given no answer of that id."""

    status, kind = 404, "unknown-answer"

    def __init__(self) -> None:
        super().__init__("you were given no answer of this id, or it is no longer kept")


class NotKept(Rejected):
    """The service keeps no texts, so it keeps no conversations either."""

    kind = "not-kept"

    def __init__(self) -> None:
        super().__init__("this service keeps no conversations. Send what was said before as `history`")
