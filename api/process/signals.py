"""Turns the signals that end the service into something that can be waited for with other things."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from types import FrameType


@contextmanager
def received_signals() -> Iterator[Connection]:
    """Within the block, SIGINT and SIGTERM do nothing but arrive at the connection, as their numbers."""
    received, sent = Pipe(duplex=False)

    def forward(number: int, _: FrameType | None) -> None:
        sent.send(number)

    with received, sent:
        before = {one: signal.signal(one, forward) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield received
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
