"""Errors of the service and the command.

ZhengwenError
└── ApiError
    ├── RequestFault   a request outside what the settings allow
    ├── NothingToDo    a command without anything to work on
    ├── AddressTaken   the service cannot listen where it was told to
    ├── WorkersFailed  the processes of the service cannot start
    ├── SiteFault, UnknownSite, UnknownReceipt, OtherQuestion   api/records/errors.py, api/service/replay.py
    └── Rejected       a caller who may not, or cannot now, be served
        ├── TokenMissing, TokenExpired, TokenInvalid      401
        ├── OriginRefused, SiteUnknown, LocalOnly         403
        ├── UnknownConversation, UnknownAnswer            404, api/records/errors.py
        ├── NotKept                                       403, api/records/errors.py
        ├── RateLimited                                   429
        └── Busy                                          503
"""

from __future__ import annotations

from typing import ClassVar

from corpus.errors import ZhengwenError


class ApiError(ZhengwenError):
    """A request or a command that cannot be served as it is."""


class RequestFault(ApiError):
    """The request is well formed but outside what the settings allow.

    `field` is its place in the body of a request, "filters.documents"; empty when it is no field's fault.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NothingToDo(ApiError):
    """The command was given nothing to work on."""


class AddressTaken(ApiError):
    """The service cannot listen where it was told to."""


class WorkersFailed(ApiError):
    """The processes of the service cannot start."""


class Rejected(ApiError):
    """A caller who may not, or cannot now, be served."""

    status: ClassVar[int] = 403
    kind: ClassVar[str] = "forbidden"  # last part of the problem's type

    def __init__(self, message: str, *, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s  # whole seconds after which it is worth trying again; 0: never


class TokenMissing(Rejected):
    """Neither a visitor's token nor a key came with the request."""

    status, kind = 401, "token-missing"


class TokenExpired(Rejected):
    """The visitor's token is past its time; a new one is to be had."""

    status, kind = 401, "token-expired"


class TokenInvalid(Rejected):
    """The token or key is not one of ours."""

    status, kind = 401, "token-invalid"


class OriginRefused(Rejected):
    """The page that asks is not one of the site's."""

    kind = "origin-refused"


class SiteUnknown(Rejected):
    """No site has that key."""

    kind = "site-unknown"


class LocalOnly(Rejected):
    """Without a site the service answers only this machine."""

    kind = "local-only"


class RateLimited(Rejected):
    """The visitor or the site has asked too often."""

    status, kind = 429, "rate-limited"


class Busy(Rejected):
    """Too many wait already."""

    status, kind = 503, "busy"
