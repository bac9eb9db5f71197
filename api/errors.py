"""Errors of the doors.

ZhengwenError
└── DoorError
    ├── RequestFault   a request outside what the settings allow
    ├── NothingToDo    a command without anything to work on
    └── AddressTaken   the service cannot listen where it was told to
"""

from corpus.errors import ZhengwenError


class DoorError(ZhengwenError):
    """A request or a command that cannot be served as it is."""


class RequestFault(DoorError):
    """The request is well formed but outside what the settings allow."""


class NothingToDo(DoorError):
    """The command was given nothing to work on."""


class AddressTaken(DoorError):
    """The service cannot listen where it was told to."""
