"""Papers are added while questions are asked: every answer is of one state of the papers, old or new."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import Records, open_records
from api.service.answers.answer_service import Snapshot
from api.service.reload import PapersReloader
from api.settings import Settings
from corpus.progress import Progress
from index.build.embedded import EmbeddedEngine
from index.model import Embedder
from rag import assemble
from rag.settings import AnswerSettings
from rag.settings import Settings as CoreSettings

_PATIENCE_S = 300  # longer than a busy machine takes; only a failure waits for it
_QUESTION = {"question": "青山市新建竹材加工厂奖补多少？"}
_PAPER = """青山市人民政府办公室关于支持竹产业发展的通知

青政办发〔2025〕{number}号

一、支持竹材加工

（一）对新建竹材加工厂的企业，一次性奖补{amount}万元。

二、附则

（二）本通知自印发之日起施行，有效期30年。

青山市人民政府办公室
2025年4月1日
"""


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", answer=AnswerSettings(reader=False)
    )


def _store(place: Settings, tiny: assemble.EmbedderFactory, folder: Path, *, amount: int) -> None:
    path = folder / "bamboo.txt"
    path.write_text(_PAPER.format(number=11, amount=amount), encoding="utf-8")
    report = assemble.ingest(place, [path], embedder=tiny)
    assert report.index is not None
    assert report.index.generation > 1


def _app(place: Settings, opener: assemble.Opener, records: Records, *, today: date) -> Any:
    reloader = PapersReloader(
        current=EmbeddedEngine(place.data_dir / "index").in_use,
        open_snapshot=lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
        every_s=0.02,
    )
    return create_app(opener.open(today=today), place, records=records, today=today, reloader=reloader)


def test_papers_are_taken_up_without_a_wrong_answer_in_between(
    place: Settings, tiny_embedder: Embedder, tmp_path: Path
) -> None:
    def tiny(_: CoreSettings, __: Progress | None) -> Embedder:
        return tiny_embedder

    opener = assemble.Opener(place, embedder=tiny)
    seen: list[tuple[int, int]] = []  # generation before, amount answered (0: refused)
    faults: list[str] = []
    done = threading.Event()
    with open_records(place.service_url, lock_dir=None) as records:
        app = _app(place, opener, records, today=date.today())
        here = {"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 1)}
        with TestClient(app, **here) as client:  # type: ignore[arg-type]

            def ask() -> None:
                while not done.is_set():
                    response = client.post("/v1/ask", json=_QUESTION)
                    reply = response.json()
                    if response.status_code != 200:
                        faults.append(response.text)
                        continue
                    amounts = [n for n in (11, 22, 33) if f"奖补{n}万元" in reply["text"]]
                    fingerprints = records.receipts.get(reply["id"]).fingerprints
                    seen.append((fingerprints.generation, sum(amounts)))

            asking = threading.Thread(target=ask)
            asking.start()
            generations = [client.get("/ready").json()["generation"]]
            for amount in (11, 22, 33):
                _store(place, tiny, tmp_path, amount=amount)
                until = time.monotonic() + _PATIENCE_S
                while client.get("/ready").json()["generation"] == generations[-1]:
                    assert time.monotonic() < until, "the new papers are not taken up"
                    time.sleep(0.01)
                generations.append(client.get("/ready").json()["generation"])
            last = client.post("/v1/ask", json=_QUESTION).json()
            done.set()
            asking.join()
    assert faults == []
    assert "33万元" in last["text"]
    # Each generation answers with its own amount and no other, and they come in order.
    expected = dict(zip(generations, (0, 11, 22, 33), strict=True))
    assert {(generation, expected[generation]) for generation, _ in seen} == set(seen)
    assert [generation for generation, _ in seen] == sorted(generation for generation, _ in seen)


def test_statuses_follow_the_day(place: Settings, tiny_embedder: Embedder) -> None:
    """A service that was opened long ago tells today's statuses."""
    opener = assemble.Opener(place, embedder=lambda _, __: tiny_embedder)
    with open_records(place.service_url, lock_dir=None) as records:
        app = _app(place, opener, records, today=date(2020, 1, 1))
        with TestClient(app) as _:
            service, until = app.state.service, time.monotonic() + _PATIENCE_S
            while service.snapshot.today != date.today():
                assert time.monotonic() < until, "the day is not taken up"
                time.sleep(0.01)


def test_an_index_that_cannot_be_opened_leaves_the_service_as_it_is(
    place: Settings, tiny_embedder: Embedder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opener = assemble.Opener(place, embedder=lambda _, __: tiny_embedder)
    with open_records(place.service_url, lock_dir=None) as records:
        app = _app(place, opener, records, today=date.today())
        here = {"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 1)}
        with TestClient(app, **here) as client:  # type: ignore[arg-type]
            current = place.data_dir / "index" / "CURRENT"
            current.write_text("000099 " + "0" * 64 + "\n")
            until = time.monotonic() + _PATIENCE_S
            while "the papers in use stay" not in caplog.text:
                assert time.monotonic() < until
                time.sleep(0.01)
            assert client.post("/v1/ask", json={"question": "湖南创新药奖多少？"}).status_code == 200
            assert client.get("/ready").json()["generation"] == 1
