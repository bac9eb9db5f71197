"""The sockets on which the service listens. Imports no web framework: a wrong address is reported at once."""

from __future__ import annotations

import socket

from api.errors import AddressTaken

_BACKLOG = 1024  # connections that wait to be accepted


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises AddressTaken; port 0 takes a free one.

    Bound before the index is opened, so that a wrong address is reported at once.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise AddressTaken(
            f"cannot listen on {host} port {port}: {error}. Choose another with --host and --port"
        ) from error
    # Accepted connections inherit it: without it, Nagle and delayed ACKs add 40 ms to a kept-alive request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def sockets_for(listener: socket.socket, workers: int) -> list[socket.socket]:
    """A socket for each process at the address of `listener`, which is closed with its waiting connections.

    The system distributes connections among them. Where it cannot, all processes share one.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        return [listener]
    address = listener.getsockname()
    listener.close()  # `listener` was bound exclusively, so no other program listens there
    sockets = []
    for _ in range(workers):
        one = socket.create_server(address[:2], family=listener.family, backlog=_BACKLOG, reuse_port=True)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets.append(one)
    return sockets
