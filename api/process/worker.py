"""One process that answers: from settings to the app, with everything it needs opened."""

from __future__ import annotations

import os
import signal
import threading
import time

from fastapi import FastAPI

from api.app import create_app
from api.process import serving
from api.service.opening import open_all
from api.web import log
from corpus.progress import Progress
from rag.settings import Settings, load_settings

_LOOK_S = 1.0


def create() -> FastAPI:
    """The app of one of several processes, with the settings of the environment."""
    log.configure("info")
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    settings = load_settings()
    share = max(1, (os.cpu_count() or 1) // int(os.environ[serving.WORKERS]))
    if not settings.embedding.threads:
        embedding = settings.embedding.model_copy(update={"threads": share})
        settings = settings.model_copy(update={"embedding": embedding})
    return app_of(settings)


def _end_with(parent: int) -> None:
    """Stop, gently, when the process that started this one is gone: nobody else would."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


def app_of(settings: Settings, *, progress: Progress | None = None) -> FastAPI:
    """The app, with papers, index, model and records open."""
    opened = open_all(settings, progress=progress)
    return create_app(
        opened.snapshot.assistant,
        settings,
        records=opened.records,
        today=opened.snapshot.today,
        watch=opened.watch,
    )
