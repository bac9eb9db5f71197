"""The app behind a real server on the loopback, for clients that bring their own HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from api.process import listening

_STARTS_WITHIN_S = 300  # also on a busy machine


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve the app in a thread; gives the address."""
    with listening.listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ends = time.monotonic() + _STARTS_WITHIN_S
            while not server.started:
                if not thread.is_alive() or time.monotonic() > ends:
                    raise RuntimeError("the server does not start")
                time.sleep(0.01)
            yield listening.address_of(listener)
        finally:
            server.should_exit = True
            thread.join()
