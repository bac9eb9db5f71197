"""Runs the HTTP service on a socket."""

from __future__ import annotations

import multiprocessing
import socket
import sys
import tempfile
from multiprocessing.context import SpawnProcess
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api import terminal
from api.errors import AddressTaken, WorkersFailed
from api.process.supervisor import Supervisor
from api.settings import Settings, figures_shared_in
from corpus.errors import ZhengwenError

_BACKLOG = 1024  # connections that may wait to be taken in


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises AddressTaken; port 0 takes a free one.

    Bound before the index is opened, so that a wrong address is said at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise AddressTaken(
            f"cannot listen on {host} port {port}: {error}. Choose another with --host and --port"
        ) from error
    # Accepted connections inherit it: without, Nagle and delayed ACKs add 40 ms to a kept-alive request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: FastAPI, listener: socket.socket, settings: Settings) -> None:
    """Answer in this process until it is told to stop; requests under way are finished first."""
    uvicorn.Server(server_config(app, settings)).run(sockets=[listener])


def prepare(settings: Settings) -> None:
    """Make model and index once, with a bar, before several processes open them.

    In a process of its own, which gives back the memory. Raises WorkersFailed when it fails, having said why.
    """
    process = multiprocessing.get_context("spawn").Process(target=_open_once, args=(settings,))
    process.start()
    process.join()
    if process.exitcode:
        raise WorkersFailed("the papers cannot be opened; the line above says why. Try `zhengwen doctor`")


def _open_once(settings: Settings) -> None:
    from api.service.opening import open_all

    try:
        with terminal.Bar() as bar:
            open_all(settings, progress=bar).records.close()
    except (ZhengwenError, OSError) as error:
        print(terminal.error_line(error), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def serve_in_processes(sockets: list[socket.socket], settings: Settings) -> None:
    """Answer in several processes until told to stop, each on a socket of its own.

    Where processes share a socket, the one that wakes first accepts all connections that wait and keeps
    them, while the others have nothing to do; with one socket each the system shares them out. A process
    that dies is replaced at the same socket: connections that came meanwhile wait for it.
    Raises WorkersFailed when they cannot start.
    """

    spawn = multiprocessing.get_context("spawn")

    def start(number: int) -> SpawnProcess:
        process = spawn.Process(target=_work, args=(settings, sockets[number % len(sockets)]))
        process.start()
        return process

    supervisor = Supervisor(start, count=settings.server.workers, grace_s=settings.server.grace_s)
    with tempfile.TemporaryDirectory(prefix="zhengwen-metrics-") as folder, figures_shared_in(Path(folder)):
        try:
            supervisor.run()
        finally:
            for one in sockets:
                one.close()


def _work(settings: Settings, listener: socket.socket) -> None:
    # Imported in the process that answers alone, and after it knows where figures are added up.
    from api.process import worker

    worker.run(settings, listener)


def one_each(listener: socket.socket, workers: int) -> list[socket.socket]:
    """A socket for each process at the address of `listener`, which is closed with all that wait there.

    The system shares out connections among them. Where it cannot, the one is for all.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        return [listener]
    address = listener.getsockname()
    listener.close()  # it was bound alone, so nobody else listens there
    sockets = []
    for _ in range(workers):
        one = socket.create_server(address[:2], family=listener.family, backlog=_BACKLOG, reuse_port=True)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets.append(one)
    return sockets


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How a process serves the app."""
    return uvicorn.Config(
        app,
        workers=settings.server.workers,
        # The service writes its own log of requests, which leaves out what is in an address.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=settings.server.trusted_proxies,
        timeout_graceful_shutdown=settings.server.grace_s,
    )
