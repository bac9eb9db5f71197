"""One process that answers: from settings to the app, with everything it needs opened."""

from __future__ import annotations

import os

from fastapi import FastAPI

from api import log, serving
from api.app import create_app
from api.opening import open_all
from index.model import Progress
from rag.settings import Settings, load_settings


def create() -> FastAPI:
    """The app of one of several processes, with the settings of the environment."""
    log.configure("info")
    settings = load_settings()
    share = max(1, (os.cpu_count() or 1) // int(os.environ[serving.WORKERS]))
    if not settings.embedding.threads:
        embedding = settings.embedding.model_copy(update={"threads": share})
        settings = settings.model_copy(update={"embedding": embedding})
    return app_of(settings)


def app_of(settings: Settings, *, progress: Progress | None = None) -> FastAPI:
    """The app, with papers, index, model and records open."""
    opened = open_all(settings, progress=progress)
    return create_app(
        opened.seat.assistant,
        settings,
        records=opened.records,
        today=opened.seat.today,
        watch=opened.watch,
    )
