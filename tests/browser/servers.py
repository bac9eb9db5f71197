"""An app behind a real server on the loopback, in a thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_STARTS_WITHIN_S = 300  # also on a busy machine


@contextmanager
def running(app: ASGIApp, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve the app; gives its address. `listener` is a socket whose address had to be known before."""
    with listener or listening() as bound:
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            ends = time.monotonic() + _STARTS_WITHIN_S
            while not server.started:
                if not thread.is_alive() or time.monotonic() > ends:
                    raise RuntimeError("the server does not start")
                time.sleep(0.01)
            yield address_of(bound)
        finally:
            server.should_exit = True
            thread.join()


def listening() -> socket.socket:
    """A socket on a free port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"
