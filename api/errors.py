"""Errors of the doors.

ZhengwenError
└── DoorError
    ├── RequestFault   a request outside what the settings allow
    └── AddressTaken   the service cannot listen where it was told to
"""

from corpus.errors import ZhengwenError


class DoorError(ZhengwenError):
    """A request or a command that cannot be served as it is."""


class RequestFault(DoorError):
    """The request is well formed but outside what the settings allow."""


class AddressTaken(DoorError):
    """The service cannot listen where it was told to."""
