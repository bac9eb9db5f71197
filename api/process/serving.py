"""Runs the HTTP service on a socket."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import tempfile

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from api import terminal
from api.errors import AddressTaken, WorkersFailed
from api.process.supervisor import Workers
from corpus.errors import ZhengwenError
from rag.settings import Settings

# Variables by which the processes are told what the command line said, and where their figures add up.
WORKERS = "ZHENGWEN_SERVER__WORKERS"
_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_BACKLOG = 1024  # connections that may wait to be taken in
_HEALTHCHECK_S = 60  # a process that says nothing for so long is replaced; loading a model takes seconds


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
    uvicorn.Server(_config(app, settings)).run(sockets=[listener])


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
    """Answer in several processes, each with the app of `api.process.worker`, until told to stop.

    A process that dies is replaced. Raises WorkersFailed when they cannot start.
    """
    config = _config("api.process.worker:create", settings, factory=True, workers=settings.server.workers)
    supervisor = Workers(config, sockets=sockets)
    with tempfile.TemporaryDirectory(prefix="zhengwen-metrics-") as directory:
        os.environ[_METRICS] = directory
        os.environ[WORKERS] = str(settings.server.workers)
        supervisor.run()
    for one in sockets:
        one.close()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise WorkersFailed("the processes could not start; the lines above say why. Try `zhengwen doctor`")


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


def _config(
    app: FastAPI | str, settings: Settings, *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        # The service writes its own log of requests, which leaves out what stands in an address.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.server.trusted_proxies),
        forwarded_allow_ips=settings.server.trusted_proxies,
        timeout_graceful_shutdown=settings.server.grace_s,
        timeout_worker_healthcheck=_HEALTHCHECK_S,
    )
