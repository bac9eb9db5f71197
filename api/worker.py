"""One process that answers: from settings to the app, with everything it needs opened."""

from __future__ import annotations

import os
from datetime import date

from fastapi import FastAPI

from api import log, serving
from api.app import create_app
from api.desk import Seat
from api.records import open_records
from api.reload import Watch
from index.model import Progress
from rag.assemble import Opener
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
    opener = Opener(settings, progress=progress)
    today = date.today()
    assistant = opener.open(today=today, progress=progress)

    def reopened(day: date) -> Seat:
        return Seat(assistant=opener.reopen(today=day), today=day)

    return create_app(
        assistant,
        settings,
        records=open_records(
            settings.service_url, lock_dir=settings.data_dir, keep_texts=settings.service.keep_texts
        ),
        today=today,
        watch=Watch(
            current=settings.data_dir / "index" / "CURRENT",
            open_seat=reopened,
            every_s=settings.server.reload_s,
        ),
    )
