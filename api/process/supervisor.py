"""Starts the service's processes, replaces one that dies or hangs, and stops them all."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from api.errors import WorkersFailed
from api.process.signals import received_signals
from api.process.slot import Slot

# Exit status of a process that cannot open what it needs: another one would fail in the same way. uvicorn
# exits with the same status when the app does not start.
STARTUP_FAILED = 3
SLACK_S = 10  # for closing what is open, after the grace for requests in progress
# A process hangs when so many checks in a row have found no sign of life. Counted, not timed: where the whole
# service was stopped for a while (a suspended machine, Ctrl-Z), that is one check.
_CHECKS = 6

log = logging.getLogger("zhengwen.serving")


class Supervisor:
    """Keeps `count` processes running, each started by `start(number, signs)`, until SIGINT or SIGTERM.

    A process sends signs of life over `signs`. One that has begun to, and then sends none for `hung_s`
    seconds, is killed and replaced like one that died.
    """

    def __init__(
        self,
        start: Callable[[int, Connection], BaseProcess],
        *,
        count: int,
        grace_s: float,
        hung_s: float = 60.0,
    ) -> None:
        self._start = start
        self._count = count
        self._grace_s = grace_s
        self._check_s = hung_s / _CHECKS
        self._slots: list[Slot] = []

    def run(self) -> None:
        """Raises WorkersFailed when a process cannot start, and KeyboardInterrupt at the end after SIGINT."""
        with received_signals() as received:
            try:
                for number in range(self._count):
                    if not received.poll():
                        self._slots.append(Slot(partial(self._start, number)))
                last = self._keep(received)
            finally:
                self._stop()
        if last == signal.SIGINT:
            raise KeyboardInterrupt

    def _keep(self, received: Connection) -> int:
        """Replaces processes that die or hang until a signal arrives, and returns its number."""
        check = time.monotonic() + self._check_s
        while True:
            sources = (source for slot in self._slots for source in slot.sources)
            pauses = (slot.wait_s for slot in self._slots if slot.wait_s is not None)
            wait([received, *sources], min([max(0.0, check - time.monotonic()), *pauses]))
            if received.poll():
                return int(received.recv())
            for slot in self._slots:
                slot.listen()
            if time.monotonic() >= check:
                self._kill_the_hung()
                check = time.monotonic() + self._check_s
            self._replace_the_dead()

    def _kill_the_hung(self) -> None:
        for slot in self._slots:
            if slot.missed() >= _CHECKS and slot.process.is_alive():
                log.error("a process hangs and is killed", extra={"pid": slot.process.pid})
                slot.process.kill()

    def _replace_the_dead(self) -> None:
        for slot in self._slots:
            if slot.wait_s is None and not slot.process.is_alive():
                self._plan_successor(slot)
            if slot.wait_s == 0:
                slot.begin()

    def _plan_successor(self, slot: Slot) -> None:
        process = slot.process
        if process.exitcode == STARTUP_FAILED:
            raise WorkersFailed(
                "the processes could not start; the lines above have the reason. Try `zhengwen doctor`"
            )
        what = {"pid": process.pid, "status": process.exitcode, "pause_s": slot.plan_successor()}
        log.error("a process died and is replaced", extra=what)

    def _stop(self) -> None:
        """Stops all processes: each finishes its requests; one that takes too long is killed."""
        processes = [slot.process for slot in self._slots]
        for process in processes:
            process.terminate()
        until = time.monotonic() + self._grace_s + SLACK_S
        for process in processes:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                log.error("a process did not stop and is killed", extra={"pid": process.pid})
                process.kill()
                process.join()
