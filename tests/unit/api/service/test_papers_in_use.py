"""The papers in use: a damaged one leaves the others answering, and no fault ends the watch for new ones."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import Records
from api.service.answers.answer_service import Snapshot
from api.service.reload import PapersReloader
from api.settings import Settings
from corpus.errors import StoreUnreachable
from index.build.embedded import EmbeddedEngine
from index.errors import IndexUnreachable
from index.model import Embedder
from rag.assemble import Opener, open_assistant
from rag.settings import AnswerSettings
from rag.stored_papers import open_store

_PATIENCE_S = 120  # longer than a busy machine takes; only a failure waits for it
_ASKED = {"question": "湖南省对首次获批的创新药最高奖多少？"}


@pytest.fixture
def settings(tmp_path: Path, unset: None, starting_data: Path) -> Settings:
    """A data directory with the five papers and their index."""
    shutil.copytree(starting_data, tmp_path, dirs_exist_ok=True)
    return Settings(data_dir=tmp_path, cache_dir=tmp_path, answer=AnswerSettings(reader=False))


@pytest.fixture
def opener(settings: Settings, tiny_embedder: Embedder) -> Opener:
    return Opener(settings, embedder=lambda _, __: tiny_embedder)


def _damage(settings: Settings, document_id: str) -> None:
    with closing(sqlite3.connect(settings.data_dir / "zhengwen.db")) as database:
        changed = "UPDATE document_versions SET text = replace(text, '创新', '创薪') WHERE document_id = ?"
        assert database.execute(changed, (document_id,)).rowcount == 1
        database.commit()


@pytest.fixture
def client(settings: Settings, opener: Opener, records: Records) -> Iterator[TestClient]:
    """A service of the five papers, one of them damaged after the start."""
    app = create_app(opener.open(today=date.today()), settings, records=records)
    _damage(settings, "hubei")
    with client_of(app) as client:
        yield client


def test_a_paper_that_is_removed_while_the_service_runs_leaves_the_others_answering(
    settings: Settings, opener: Opener, records: Records
) -> None:
    app = create_app(opener.open(today=date.today()), settings, records=records)
    with open_store(settings) as store:
        store.remove("hunan")
    with client_of(app) as client:
        assert client.get("/v1/documents/hunan").status_code == 404
        asked = client.post("/v1/ask", json=_ASKED)
        assert asked.status_code == 200
        assert {cited["document_id"] for cited in asked.json()["citations"]} & {"hunan"} == set()


def test_a_damaged_paper_does_not_keep_the_others_from_answering(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/ready").json()["damaged"] == []
    for question in (_ASKED["question"], "各省对创新药分别奖多少？", "湖北省对创新药奖多少？"):
        reply = client.post("/v1/ask", json={"question": question})
        assert reply.status_code == 200, reply.text
        assert "创薪" not in reply.json()["text"]
        assert "hubei" not in {one["document_id"] for one in reply.json()["citations"]}
    asked_of_it = client.post("/v1/ask", json={"question": "湖北省对创新药奖多少？"}).json()
    assert asked_of_it["outcome"] == "refused"
    assert "已损坏" in asked_of_it["text"]
    assert "鄂政办发" in asked_of_it["text"]
    assert client.post("/v1/ask", json={"question": "浙江省对创新药最高奖多少万元？"}).json()["citations"]
    assert client.get("/ready").json()["damaged"] == ["hubei"]
    assert caplog.text.count("the other papers are in use") == 1
    hits = client.post("/v1/search", json={"query": "创新药 奖励", "k": 20}).json()["hits"]
    assert hits
    assert "hubei" not in {hit["document_id"] for hit in hits}


@pytest.mark.parametrize("address", ["/v1/documents/hubei", "/d/hubei"])
def test_a_damaged_paper_asked_for_by_name_is_said_to_be_damaged(client: TestClient, address: str) -> None:
    for _ in range(2):  # before and after it was found by a question
        found = client.get(address, headers={"Accept": "application/json"})
        assert found.status_code == 503
        assert "damaged" in found.text
        client.post("/v1/ask", json={"question": "湖北省对创新药奖多少？"})
    assert client.get("/v1/documents/hunan").status_code == 200


def test_the_command_answers_from_the_other_papers(
    settings: Settings, tiny_embedder: Embedder, opener: Opener
) -> None:
    from api.service.answers import questions
    from api.wire.question_schemas import AskRequest

    opener.open(today=date.today())
    _damage(settings, "hubei")
    assistant = open_assistant(settings, embedder=lambda _, __: tiny_embedder)
    request = AskRequest(question="各省对创新药分别奖多少？")
    reply = questions.ask(request, assistant=assistant, longest=2000)
    assert "创薪" not in reply.text
    assert reply.citations


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


def _app(settings: Settings, records: Records, opener: Opener, open_snapshot: Any, **more: Any) -> Any:
    opened = opener.open(today=date.today())
    reloader = PapersReloader(
        current=EmbeddedEngine(settings.data_dir / "index").in_use,
        open_snapshot=open_snapshot,
        every_s=0.01,
        **more,
    )
    return create_app(opened, settings, records=records, reloader=reloader)


def test_no_fault_ends_the_watch(
    settings: Settings, records: Records, opener: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody foresaw is logged once; MCP goes on, and so do later updates."""
    faults = [RuntimeError("a bug"), MemoryError(), RuntimeError("a bug")]

    def open_snapshot(day: date) -> Snapshot:
        if faults:
            raise faults.pop()
        return Snapshot(assistant=opener.reopen(today=day), today=day)

    current = settings.data_dir / "index" / "CURRENT"
    app = _app(settings, records, opener, open_snapshot)
    with client_of(app) as client:
        before = app.state.service.snapshot
        # The same number and another digest: an index that was built anew after a backup was restored.
        current.write_text(current.read_text().split(" ")[0] + " " + "0" * 64 + "\n")
        _until(lambda: not faults)
        assert "a bug" in caplog.text
        assert client.post("/v1/ask", json=_ASKED).status_code == 200
        headers = {"Accept": "application/json, text/event-stream"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        assert client.post("/mcp", json=ping, headers=headers).status_code == 200
        assert app.state.service.snapshot is before  # the digest is wrong, so it is not opened
        assert app.state.service.behind_s > 0


def test_an_outage_of_the_database_is_one_line_in_the_log(
    settings: Settings, records: Records, opener: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    """Its errors differ: a connection that breaks, a server that starts, none that answers."""
    faults: list[Exception] = []
    raised: list[Exception] = []

    def stored() -> str:
        if faults:
            raised.append(faults.pop())
            raise raised[-1]
        return open_store(settings).corpus_hash()

    caplog.set_level("INFO", logger="zhengwen.reload")
    open_snapshot = partial(_reopened, opener)
    app = _app(settings, records, opener, open_snapshot, stored=stored)
    with client_of(app):
        for outage in (1, 2):
            reasons = ["terminating connection", "the database system is starting up", "connection refused"]
            faults += [*(StoreUnreachable("papers", reason) for reason in reasons), IndexUnreachable("none")]
            with open_store(settings) as store:
                store.remove(("hunan", "hubei")[outage - 1])
            opener.open(today=date.today())  # another index, so the stored papers are looked at
            _until(lambda: caplog.text.count("answers again") == outage)  # noqa: B023
            assert len(raised) == 4 * outage
            assert caplog.text.count("while a database is away") == outage
            _until(lambda: app.state.service.snapshot.assistant.info().documents == 5 - outage)  # noqa: B023
    assert "Traceback" not in caplog.text


def _reopened(opener: Opener, day: date) -> Snapshot:
    return Snapshot(assistant=opener.reopen(today=day), today=day)


def test_an_index_of_the_same_number_is_taken_up(
    settings: Settings, records: Records, opener: Opener
) -> None:
    app = _app(settings, records, opener, lambda day: Snapshot(assistant=opener.open(today=day), today=day))
    current = settings.data_dir / "index" / "CURRENT"
    with client_of(app):
        before = app.state.service.snapshot
        time.sleep(0.05)
        assert app.state.service.snapshot is before
        current.write_text(current.read_text().replace("\n", " \n"))  # not what it was
        _until(lambda: app.state.service.behind_s > 0)


def test_ready_tells_that_stored_papers_are_not_in_use(
    settings: Settings, records: Records, opener: Opener
) -> None:
    """A paper that was stored, and not indexed because of a crash."""
    app = _app(
        settings,
        records,
        opener,
        lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
        stored=lambda: open_store(settings).corpus_hash(),
    )
    with client_of(app) as client:
        assert client.get("/ready").json() == {
            "status": "ready",
            "generation": 1,
            "damaged": [],
            "behind_s": 0,
        }
    with open_store(settings) as store:
        store.remove("hubei")
    app = create_app(
        app.state.service.assistant,
        settings,
        records=records,
        reloader=PapersReloader(
            current=EmbeddedEngine(settings.data_dir / "index").in_use,
            open_snapshot=lambda day: Snapshot(assistant=opener.reopen(today=day), today=day),
            every_s=0.01,
            stored=lambda: open_store(settings).corpus_hash(),
        ),
    )
    with client_of(app) as client:
        _until(lambda: client.get("/ready").json()["behind_s"] > 0)


def test_a_paper_that_was_repaired_answers_again(
    settings: Settings, records: Records, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.reload._STORED_EVERY_S", 0.01)
    with_it = {"question": "湖北省对创新药奖多少？"}
    app = _app(settings, records, opener, lambda day: Snapshot(assistant=opener.reopen(today=day), today=day))
    with open_store(settings) as store:
        whole, original = store.document("hubei"), store.original("hubei")
    _damage(settings, "hubei")
    with client_of(app) as client:
        client.post("/v1/ask", json=with_it)
        assert client.get("/ready").json()["damaged"] == ["hubei"]
        with open_store(settings) as store:
            store.add(whole, original=original)
        _until(lambda: client.get("/ready").json()["damaged"] == [])
        assert "已损坏" not in client.post("/v1/ask", json=with_it).json()["text"]
