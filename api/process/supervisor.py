"""uvicorn's supervisor of processes, with a socket for each of them."""

from __future__ import annotations

import logging
import socket

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

log = logging.getLogger("zhengwen.serving")


class Workers(Multiprocess):
    """Where processes share a socket, the one that wakes first takes all connections that wait and keeps
    them, while the others have nothing to do.

    With one socket each the system shares them out. A process that dies is replaced at the same socket:
    connections that came meanwhile wait for it.
    """

    def init_processes(self) -> None:
        self.processes = [self._started(number) for number in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        for number, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if process.is_alive(timeout=self.config.timeout_worker_healthcheck):
                continue
            process.kill()  # it may hang
            process.join()
            if process.exitcode == STARTUP_FAILURE:
                # Another one would fail in the same way.
                self.should_exit.set()
                return
            log.error(
                "a process died and is replaced", extra={"pid": process.pid, "status": process.exitcode}
            )
            self.processes[number] = self._started(number)

    def _started(self, number: int) -> Process:
        process = Process(self.config, self._own(number))
        process.start()
        # Ours is a copy of the other end: while it is open, nobody notices that the process has died.
        process.child_conn.close()
        return process

    def _own(self, number: int) -> list[socket.socket]:
        return [self.sockets[number % len(self.sockets)]]
