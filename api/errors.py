"""Errors of the service and the command.

ZhengwenError
└── ApiError
    ├── RequestFault   a request outside what the settings allow
    ├── NothingToDo    a command without anything to work on
    ├── BackupFault    a backup cannot be made, or cannot be restored
    ├── AddressTaken   the service cannot listen on the address
    ├── WorkersFailed  the processes of the service cannot start
    ├── SiteFault, UnknownSite, UnknownReceipt   api/records/errors.py
    ├── OtherQuestion  api/service/receipts/replay.py
    └── Rejected       a caller who has no access, or cannot be served at the moment
        ├── TokenMissing, TokenExpired, TokenInvalid, EditorKeyWrong   401
        ├── OriginRefused, SiteUnknown, LocalOnly, EditingOff          403
        ├── UnknownConversation, UnknownAnswer            404, api/records/errors.py
        ├── NotKept                                       403, api/records/errors.py
        ├── RateLimited                                   429
        └── Busy                                          503
"""

from __future__ import annotations

from typing import ClassVar

from corpus.errors import ZhengwenError


class ApiError(ZhengwenError):
    """A request or a command that cannot be carried out."""


class RequestFault(ApiError):
    """The request is well formed but outside what the settings allow.

    `field` is its path in the request body, such as "filters.documents"; empty when no field is at fault.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NothingToDo(ApiError):
    """The command got nothing to work on."""


class BackupFault(ApiError):
    """A backup cannot be made, or what should be restored is none or is damaged."""


class AddressTaken(ApiError):
    """The service cannot listen on the address."""


class WorkersFailed(ApiError):
    """The service's processes cannot start."""


class Rejected(ApiError):
    """A caller who has no access, or cannot be served at the moment."""

    status: ClassVar[int] = 403
    kind: ClassVar[str] = "forbidden"  # last part of the problem's type

    def __init__(self, message: str, *, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s  # whole seconds after which to try again; 0: never


class TokenMissing(Rejected):
    """The request has neither a visitor's token nor a key."""

    status, kind = 401, "token-missing"


class TokenExpired(Rejected):
    """The visitor's token has expired; the client can get another."""

    status, kind = 401, "token-expired"


class TokenInvalid(Rejected):
    """The token or key is not valid."""

    status, kind = 401, "token-invalid"


class OriginRefused(Rejected):
    """The requesting page does not belong to the site."""

    kind = "origin-refused"


class SiteUnknown(Rejected):
    """No site has that key."""

    kind = "site-unknown"


class LocalOnly(Rejected):
    """Without a registered site the service answers only this machine."""

    kind = "local-only"


class EditingOff(Rejected):
    """The service accepts no changes of papers."""

    kind = "editing-off"


class EditorKeyWrong(Rejected):
    """The request for editors has no key, or another one."""

    status, kind = 401, "editor-key-wrong"


class RateLimited(Rejected):
    """The visitor or the site has sent too many requests."""

    status, kind = 429, "rate-limited"


class Busy(Rejected):
    """Too many requests are waiting."""

    status, kind = 503, "busy"
