"""Runs the HTTP service on a socket."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from api.errors import AddressTaken

_BACKLOG = 128  # connections that may wait while the service starts


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


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Answer until the process is told to stop; requests under way are finished first."""
    # The service writes its own log of requests, which leaves out what stands in an address.
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
