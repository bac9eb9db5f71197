"""Runs the HTTP service on a socket."""

from __future__ import annotations

import multiprocessing
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api import terminal
from api.errors import WorkersFailed
from api.process.apart import run_apart
from api.process.supervisor import Supervisor
from api.settings import Settings, metrics_shared_in
from corpus.errors import ZhengwenError

# Attempts to fork a process, and seconds between two: noticing a death takes the system milliseconds.
_ATTEMPTS, _PAUSE_S = 200, 0.05


def serve(app: FastAPI, listener: socket.socket, settings: Settings) -> None:
    """Serves in this process until it is stopped; requests in progress are finished first."""
    uvicorn.Server(server_config(app, settings)).run(sockets=[listener])


def prepare(settings: Settings) -> None:
    """Creates model and index once, with a bar, before several processes open them.

    Runs in a process of its own, which returns the memory. Raises WorkersFailed when that process fails; its
    stderr has the reason.
    """
    if run_apart(partial(_open_once, settings)):
        raise WorkersFailed(
            "the papers cannot be opened; the line above has the reason. Try `zhengwen doctor`"
        )


def _open_once(settings: Settings) -> None:
    from api.service.opening import open_all

    try:
        with terminal.Bar() as bar:
            open_all(settings, progress=bar).records.close()
    except (ZhengwenError, OSError) as error:
        print(terminal.error_line(error), file=sys.stderr)
        sys.exit(1)


def serve_in_processes(sockets: list[socket.socket], settings: Settings) -> None:
    """Serves in several processes until stopped, each on a socket of its own.

    Where processes share a socket, the one that wakes first accepts all waiting connections, while the others
    are idle; with one socket each the system distributes the connections. A process that dies or hangs is
    replaced on the same socket: connections that arrive meanwhile wait for it. Raises WorkersFailed when they
    cannot start.
    """

    context = _context()

    def start(number: int, signs: Connection) -> BaseProcess:
        listener = sockets[number % len(sockets)]
        return started(partial(context.Process, target=_work, args=(settings, listener, signs)))

    supervisor = Supervisor(start, count=settings.server.workers, grace_s=settings.server.grace_s)
    with tempfile.TemporaryDirectory(prefix="zhengwen-metrics-") as folder, metrics_shared_in(Path(folder)):
        try:
            supervisor.run()
        finally:
            for one in sockets:
                one.close()


def started(create: Callable[[], BaseProcess]) -> BaseProcess:
    """Starts the process that `create` returns.

    The process that it is forked from may have died a moment ago: its connection is refused or breaks off
    until multiprocessing notices that it is gone and starts another. Raises WorkersFailed when that does not
    happen.
    """
    for _ in range(_ATTEMPTS):
        process = create()
        try:
            process.start()
        except (ConnectionError, EOFError):
            time.sleep(_PAUSE_S)
        else:
            return process
    raise WorkersFailed("no process can be forked. Look at the lines above, and start the service again")


def _context() -> ForkServerContext | SpawnContext:
    """How processes are started: forked from one that has loaded what they share, where that is safe."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["api.process.preloaded"])
    return context


def _work(settings: Settings, listener: socket.socket, signs: Connection) -> None:
    # Imported in the process that answers alone, and after the metrics folder is set.
    from api.process import worker

    worker.run(settings, listener, signs)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """The uvicorn configuration for the app."""
    return uvicorn.Config(
        app,
        workers=settings.server.workers,
        # The service writes its own log of requests, without the content of addresses.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=settings.server.trusted_proxies,
        timeout_graceful_shutdown=settings.server.grace_s,
    )
