"""A process that is killed between accepting a file and indexing it: the next one goes on, and once only."""

from __future__ import annotations

import asyncio
import multiprocessing
import runpy
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.process import listening
from api.records import open_records
from api.service.answers.answer_service import Snapshot
from api.service.editing import Editing
from api.service.index_update import IndexUpdate
from api.service.job_reader import JobReader
from api.service.job_worker import JobWorker
from api.service.reload import PapersReloader
from api.settings import ServerSettings, Settings
from index.build.embedded import EmbeddedEngine
from index.model import Embedder
from rag.assemble import Opener
from rag.settings import AnswerSettings
from rag.stored_papers import open_store

_KEY = "a-key-for-editors-0123"
_EDITOR = {"Authorization": f"Bearer {_KEY}"}
_PATIENCE_S = 300
_CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
_PAPER = """清溪市人民政府关于支持竹编产业的通知

溪政发〔2024〕7号

各县（市、区）人民政府：

一、支持建设

对新建竹编工坊的单位，一次性奖补37万元。

清溪市人民政府
2024年5月6日
""".encode()


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        cache_dir=folder,
        starting_papers=False,
        answer=AnswerSettings(reader=False),
        server=ServerSettings(editor_key=_KEY, reload_s=0.05),
    )


def _serve(folder: Path, hangs_at: str, said: Connection) -> None:
    """Serves until it is killed; hangs where it is told to, and says so."""
    settings = _settings(folder)
    embedder: Embedder = runpy.run_path(str(_CONFTEST))["TinyEmbedder"]()
    if hangs_at:

        def hang(*_: object) -> bool:
            said.send(hangs_at)
            time.sleep(_PATIENCE_S)
            return True

        setattr(JobReader, hangs_at, hang)
    opener = Opener(settings, embedder=lambda *_: embedder)
    today = date.today()
    assistant = opener.open(today=today)
    reloader = PapersReloader(
        current=EmbeddedEngine(folder / "index").in_use,
        open_snapshot=lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
        every_s=0.05,
    )
    store = open_store(settings)
    with (
        listening.listen("127.0.0.1", 0) as listener,
        open_records(settings.service_url, lock_dir=None) as records,
    ):
        index = IndexUpdate(settings, opener.update_index, records=records)
        app = create_app(
            assistant,
            settings,
            records=records,
            today=today,
            reloader=reloader,
            editing=Editing(settings, store, records, index, opener.papers),
            jobs=JobWorker(settings, store, index=index, reloader=reloader, papers=opener.papers),
        )
        said.send(listening.address_of(listener))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        asyncio.run(server.serve(sockets=[listener]))


@contextmanager
def _process(folder: Path, hangs_at: str = "") -> Iterator[tuple[str, Connection]]:
    """A serving process, its address, and what it says; it is killed at the end."""
    context = multiprocessing.get_context("spawn")
    hears, said = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(folder, hangs_at, said))
    process.start()
    try:
        assert hears.poll(_PATIENCE_S)
        first = hears.recv()
        assert first.startswith("http")
        yield first, hears
    finally:
        process.kill()
        process.join()


def _ended(address: str, job_id: str) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE_S
    while True:
        job: dict[str, Any] = httpx.get(f"{address}/v1/editor/jobs/{job_id}", headers=_EDITOR).json()
        if job["state"] in ("searchable", "failed"):
            return job
        assert time.monotonic() < until, job
        time.sleep(0.05)


@pytest.mark.parametrize("hangs_at", ["_refuse", "update_index"])
def test_a_killed_process_loses_and_repeats_nothing(tmp_path: Path, hangs_at: str) -> None:
    files = [("files", ("bamboo.txt", _PAPER)), ("files", ("void.txt", b" "))]
    with _process(tmp_path, hangs_at) as (address, hears):
        response = httpx.post(f"{address}/v1/editor/uploads", files=files, headers=_EDITOR)
        assert response.status_code == 202
        job_id = response.json()["id"]
        # It hangs between two papers, or when it looks for work: the upload is on the disk in any case.
        assert hears.poll(_PATIENCE_S)
    with _process(tmp_path) as (address, _):
        job = _ended(address, job_id)
        assert job["state"] == "searchable"
        assert [one["outcome"] for one in job["reports"]] == ["added", "refused"]
        lines = httpx.get(f"{address}/v1/editor/audit", headers=_EDITOR).json()["lines"]
        assert [line["action"] for line in lines] == ["added"]
        reply = httpx.post(f"{address}/v1/ask", json={"question": "新建竹编工坊奖补多少？"}).json()
        assert "37万元" in reply["text"]
