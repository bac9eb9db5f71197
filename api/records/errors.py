"""Errors of the records.

ZhengwenError
├── StoreError                corpus/errors.py: the database cannot be opened, or belongs to a later program
└── ApiError                  api/errors.py
    ├── SiteFault             a site with invalid origins or texts
    ├── UnknownSite           no site has that key
    ├── UnknownReceipt        no receipt has that id
    └── Rejected                  api/errors.py
        ├── UnknownConversation  404
        ├── UnknownAnswer        404
        └── NotKept              403

A missing object and another caller's give the same error, so that ids cannot be probed.
"""

from __future__ import annotations

from api.errors import ApiError, Rejected


class SiteFault(ApiError):
    """The site has invalid origins or texts; `field` is the one of `Sites.add` that is at fault."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


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
    """The caller has no conversation with that id."""

    status, kind = 404, "unknown-conversation"

    def __init__(self) -> None:
        super().__init__("you have no conversation with this id. Start one with POST /v1/conversations")


class UnknownAnswer(Rejected):
    """The caller got no answer with that id."""

    status, kind = 404, "unknown-answer"

    def __init__(self) -> None:
        super().__init__("you got no answer with this id, or it was deleted")


class NotKept(Rejected):
    """The service keeps no texts, and therefore no conversations."""

    kind = "not-kept"

    def __init__(self) -> None:
        super().__init__("this service keeps no conversations. Send the earlier messages as `history`")
