"""The whole service over a store of its own, with a tiny model: papers can be changed, and jobs are done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from endpoints import client_of
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import Records
from api.service.answers.answer_service import Snapshot
from api.service.editing import Editing
from api.service.index_update import IndexUpdate
from api.service.job_worker import JobWorker
from api.service.reload import PapersReloader
from api.settings import Settings
from index.build.embedded import EmbeddedEngine
from index.model import Embedder
from rag.assemble import Opener
from rag.stored_papers import open_store

KEY = "a-key-for-editors-0123"
EDITOR = {"Authorization": f"Bearer {KEY}"}
PATIENCE_S = 300  # longer than a busy machine takes; only a failure waits for it


@contextmanager
def service(
    settings: Settings, records: Records, embedder: Embedder, *, works: bool = True
) -> Iterator[TestClient]:
    """A client of the service. Without `works` jobs are accepted and not done."""
    opener = Opener(settings, embedder=lambda *_: embedder)
    today = date.today()
    assistant = opener.open(today=today)
    reloader = PapersReloader(
        current=EmbeddedEngine(settings.data_dir / "index").in_use,
        open_snapshot=lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
        every_s=0.02,
    )
    store = open_store(settings)
    index = IndexUpdate(settings, opener.update_index, records=records)
    app = create_app(
        assistant,
        settings,
        records=records,
        today=today,
        reloader=reloader,
        editing=Editing(settings, store, records, index, opener.papers),
        jobs=JobWorker(settings, store, index=index, reloader=reloader, papers=opener.papers)
        if works
        else None,
    )
    with client_of(app) as client:
        yield client


def ended(client: TestClient, job_id: str) -> dict[str, Any]:
    """The job when it has ended."""
    until = time.monotonic() + PATIENCE_S
    while True:
        job: dict[str, Any] = client.get(f"/v1/editor/jobs/{job_id}", headers=EDITOR).json()
        if job["state"] in ("searchable", "failed", "cancelled"):
            return job
        assert time.monotonic() < until, job
        time.sleep(0.02)
