"""Starts the service's processes, replaces one that dies, and stops them all."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess
from types import FrameType

from api.errors import WorkersFailed

# Exit status of a process that cannot open what it needs: another one would fail in the same way. uvicorn
# exits with the same status when the app does not start.
STARTUP_FAILED = 3
_SLACK_S = 10  # for closing what is open, after the grace for requests in progress

log = logging.getLogger("zhengwen.serving")


class Supervisor:
    """Keeps `count` processes running, each started by `start(number)`, until SIGINT or SIGTERM.

    A process counts as healthy while it runs. /ready detects one that runs without answering.
    """

    def __init__(self, start: Callable[[int], BaseProcess], *, count: int, grace_s: float) -> None:
        self._start = start
        self._count = count
        self._grace_s = grace_s
        self._processes: list[BaseProcess] = []

    def run(self) -> None:
        """Raises WorkersFailed when a process cannot start, and KeyboardInterrupt at the end after SIGINT."""
        received, sent = Pipe(duplex=False)
        with received, sent, _handled_by(sent):
            try:
                self._processes.extend(map(self._start, range(self._count)))
                last = self._keep(received)
            finally:
                self._stop()
        if last == signal.SIGINT:
            raise KeyboardInterrupt

    def _keep(self, received: Connection) -> int:
        """Replaces processes that die until a signal arrives, and returns its number."""
        while True:
            wait([received, *(process.sentinel for process in self._processes)])
            if received.poll():
                return int(received.recv())
            self._replace_the_dead()

    def _replace_the_dead(self) -> None:
        for number, process in enumerate(self._processes):
            if process.is_alive():
                continue
            if process.exitcode == STARTUP_FAILED:
                raise WorkersFailed(
                    "the processes could not start; the lines above have the reason. Try `zhengwen doctor`"
                )
            log.error(
                "a process died and is replaced", extra={"pid": process.pid, "status": process.exitcode}
            )
            self._processes[number] = self._start(number)

    def _stop(self) -> None:
        """Stops all processes: each finishes its requests; one that takes too long is killed."""
        for process in self._processes:
            process.terminate()
        until = time.monotonic() + self._grace_s + _SLACK_S
        for process in self._processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                log.error("a process did not stop and is killed", extra={"pid": process.pid})
                process.kill()
                process.join()


@contextmanager
def _handled_by(sent: Connection) -> Iterator[None]:
    """A pipe that receives SIGINT and SIGTERM and wakes the reader of its other end."""

    def forward(number: int, _: FrameType | None) -> None:
        sent.send(number)

    before = {one: signal.signal(one, forward) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
