"""A place among the service's processes: the process that has it, and the signs of life that it sends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from os import set_blocking

# Starts a process that sends its signs of life over the connection.
Start = Callable[[Connection], BaseProcess]

_STEADY_S = 60.0  # a process that has run for so long did not die soon after it began
_LONGEST_PAUSE_S = 60.0  # before another process begins


class Slot:
    """Keeps the process that `start` returned last."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._missed = 0  # checks in a row without a sign of life
        self._early_deaths = 0  # of processes one after the other
        self.begin()

    def begin(self) -> None:
        """Starts a process."""
        self._received, sent = Pipe(duplex=False)
        with sent:  # the process has a copy of its own, so that its end is the end of the pipe
            self.process = self._start(sent)
        self._begun = time.monotonic()
        self._due: float | None = None  # when the planned successor has to begin
        self._speaks = False  # it has sent a sign of life
        self._heard = False  # it has sent one since the last check
        self._missed = 0

    @property
    def sources(self) -> list[Connection | int]:
        """What becomes readable when the process ends or sends a sign of life."""
        if self._due is not None:
            return []
        return [self.process.sentinel, *(() if self._received.closed else (self._received,))]

    @property
    def wait_s(self) -> float | None:
        """Seconds until the planned process has to begin; None when none is planned."""
        return None if self._due is None else max(0.0, self._due - time.monotonic())

    def plan_successor(self) -> float:
        """Plans a process in place of one that died, and returns the seconds until it has to begin.

        There is no pause after a single death. It doubles with each further process that dies soon after it
        began: a start takes a processor for seconds, which the other processes need.
        """
        if time.monotonic() - self._begun >= _STEADY_S:
            self._early_deaths = 0
        pause = min(_LONGEST_PAUSE_S, 2.0 ** (self._early_deaths - 1)) if self._early_deaths else 0.0
        self._early_deaths += 1
        self._due = time.monotonic() + pause
        return pause

    def listen(self) -> None:
        """Takes the signs of life that have arrived."""
        try:
            while not self._received.closed and self._received.poll():
                self._received.recv_bytes()
                self._speaks = self._heard = True
        except EOFError:
            self._received.close()

    def missed(self) -> int:
        """Counts a check: how many in a row have found no sign of life.

        0 until the first one: how long a process takes to start depends on the machine and the papers.
        """
        self._missed = 0 if self._heard or not self._speaks else self._missed + 1
        self._heard = False
        return self._missed


def give_sign_of_life(sent: Connection) -> None:
    """Tells the process that watches this one that it works. Never waits."""
    if sys.platform != "win32":
        set_blocking(sent.fileno(), False)
    # The watching process may be stopped for hours, until the pipe is full, or be gone.
    with suppress(BlockingIOError, BrokenPipeError):
        sent.send_bytes(b".")
