"""One serving process: makes the app from the settings and opens everything it needs."""

from __future__ import annotations

import os
import signal
import socket
import sys
from multiprocessing.connection import Connection

import uvicorn
from fastapi import FastAPI

from api import terminal
from api.app import create_app
from api.process import serving
from api.process.apart import end_with_parent
from api.process.slot import give_sign_of_life
from api.process.supervisor import STARTUP_FAILED
from api.service.opening import open_all
from api.settings import Settings
from api.web import log
from corpus.errors import ZhengwenError
from corpus.progress import Progress

_TICKS_A_SECOND = 10  # of uvicorn


class WatchedServer(uvicorn.Server):
    """Sends a sign of life every second, from the loop that answers: when that hangs, none is sent."""

    def __init__(self, config: uvicorn.Config, signs: Connection) -> None:
        super().__init__(config)
        self._signs = signs

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            give_sign_of_life(self._signs)
        return await super().on_tick(counter)


def run(settings: Settings, listener: socket.socket, signs: Connection) -> None:
    """Serves on the socket until SIGTERM; the main function of one of several processes."""
    # Ctrl-C in a terminal reaches all processes of the command: the parent process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # see preloaded.py
    log.configure("info")
    end_with_parent()
    try:
        app = app_of(_with_its_share_of_threads(settings))
    except (ZhengwenError, OSError) as error:
        print(terminal.error_line(error), file=sys.stderr)
        sys.exit(STARTUP_FAILED)
    server = WatchedServer(serving.server_config(app, settings), signs)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(STARTUP_FAILED)


def app_of(settings: Settings, *, progress: Progress | None = None) -> FastAPI:
    """The app, with papers, index, model and records open."""
    opened = open_all(settings, progress=progress)
    return create_app(
        opened.snapshot.assistant,
        settings,
        records=opened.records,
        today=opened.snapshot.today,
        reloader=opened.reloader,
        editing=opened.editing,
        jobs=opened.jobs,
    )


def _with_its_share_of_threads(settings: Settings) -> Settings:
    """Divides the cores among the processes, unless the setting says otherwise."""
    share = max(1, (os.cpu_count() or 1) // settings.server.workers)
    threads = settings.embedding.threads or share
    embedding = settings.embedding.model_copy(update={"threads": threads})
    return settings.model_copy(update={"embedding": embedding})
