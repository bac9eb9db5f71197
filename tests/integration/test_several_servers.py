"""Two services on one PostgreSQL answer from one state, share the work, and outlast its death."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from api.records import open_records
from api.service.opening import open_all
from benchmarks.postgres_server import PostgresServer, new_database
from benchmarks.reliability.papers import HashedPairs, text_of
from benchmarks.reliability.served import EDITOR_KEY, Served, serving, settings_on
from corpus.errors import StoreUnreachable
from corpus.store.jobs.model import JobState
from corpus.store.jobs.turn import DatabaseTurn
from index.postgres.connections import close_all
from rag.changes import change
from rag.stored_papers import open_store

_EDITOR = {"Authorization": f"Bearer {EDITOR_KEY}"}
_PATIENCE_S = 300
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_ORIGIN = "https://portal.example.gov.cn"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of its own, as it is killed. What was committed outlasts that, as in production."""
    started = PostgresServer(settings=["shared_buffers=16MB", "synchronous_commit=on"])
    yield started
    close_all()
    started.stop()


@pytest.fixture(scope="module")
def url(server: PostgresServer) -> str:
    return new_database(server.url())


@pytest.fixture(scope="module")
def both(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Served]]:
    """Two services that start at once on an empty database."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    with serving(*(settings_on(url, folder) for folder in folders)) as served:
        yield served


def _eventually(read: Callable[[], Any]) -> Any:
    """What `read` returns, once it returns something; errors of the database that is away are waited for."""
    until = time.monotonic() + _PATIENCE_S
    while not (found := read()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def _upload(server: Served, *names: str, key: str = "") -> httpx.Response:
    files = [("files", (f"{name}.txt", text_of(name, 7))) for name in names]
    headers = _EDITOR | ({"Idempotency-Key": key} if key else {})
    return httpx.post(f"{server.address}/v1/editor/uploads", files=files, headers=headers, timeout=60)


def _is_searchable(server: Served, job_id: str) -> bool:
    job = httpx.get(f"{server.address}/v1/editor/jobs/{job_id}", headers=_EDITOR, timeout=60).json()
    assert job.get("state") != JobState.FAILED.value, job
    return bool(job.get("state") == JobState.SEARCHABLE.value)


def _ask(server: Served, name: str, **more: Any) -> httpx.Response:
    body = {"question": f"{name}市新建竹纤维工厂奖补多少？"}
    headers = more.pop("headers", {})
    return httpx.post(f"{server.address}/v1/ask", json=body | more, headers=headers, timeout=60)


def _answers(server: Served, name: str) -> bool:
    response = _ask(server, name)
    return response.status_code == 200 and "7万元" in response.json()["text"]


def _has_documents(server: Served, number: int) -> bool:
    listed = httpx.get(f"{server.address}/v1/documents", timeout=60).json()["documents"]
    return len(listed) == number


def _is_ready(server: Served) -> bool:
    return httpx.get(f"{server.address}/ready", timeout=60).status_code == 200


def test_what_one_server_takes_in_or_withdraws_holds_for_both(
    both: list[Served], url: str, tmp_path: Path
) -> None:
    one, two = both
    job = _upload(one, "清溪").json()["id"]
    _eventually(lambda: _is_searchable(two, job) and _answers(one, "清溪") and _answers(two, "清溪"))
    settings = settings_on(url, tmp_path)
    with open_store(settings) as store:
        (paper,) = store.in_use()
        store.withdrawals.withdraw(paper, reason="")
    # At once, and before the index knows of it.
    assert not _answers(one, "清溪")
    assert not _answers(two, "清溪")
    change(settings, lambda store: store.withdrawals.restore(paper), embedder=lambda *_: HashedPairs())
    _eventually(lambda: _answers(one, "清溪") and _answers(two, "清溪"))


def test_a_request_sent_to_both_is_one_job_and_is_worked_on_once(both: list[Served]) -> None:
    names = ("白石", "黄沙", "青山", "红岩")
    with ThreadPoolExecutor(8) as pool:
        sent = list(
            pool.map(lambda n: _upload(both[n % 2], names[n // 2 % 4], key=f"k{n // 2 % 4}"), range(16))
        )
    assert {one.status_code for one in sent} <= {200, 202}
    jobs = {one.json()["id"] for one in sent}
    assert len(jobs) == len(names)
    for job in jobs:
        _eventually(partial(_is_searchable, both[0], job))
    lines = httpx.get(f"{both[1].address}/v1/editor/audit", headers=_EDITOR).json()["lines"]
    added = [line["document_id"] for line in lines if line["action"] == "added"]
    assert len(added) == len(set(added))
    assert len(added) >= len(names)
    for one in both:
        _eventually(partial(_has_documents, one, len(added)))


def test_a_visitor_goes_on_at_the_other_server(both: list[Served], url: str, tmp_path: Path) -> None:
    with open_records(url, lock_dir=None) as records:
        site = records.sites.add("湖南", origins=(_ORIGIN,))
        page = {"Origin": _ORIGIN}

        def token() -> str:
            arrived = httpx.post(
                f"{both[0].address}/v1/visitors", json={"site": site.key}, headers=page, timeout=60
            )
            return str(arrived.json().get("token", ""))

        headers = page | {"Authorization": f"Bearer {_eventually(token)}"}
        started = _eventually(
            lambda: (
                httpx.post(f"{both[1].address}/v1/conversations", headers=headers, timeout=60)
                .json()
                .get("id")
            )
        )
        replies = [_ask(server, "清溪", conversation=started, headers=headers) for server in (*both, *both)]
        assert [reply.status_code for reply in replies] == [200] * 4
        shown = httpx.get(f"{both[0].address}/v1/conversations/{started}", headers=headers, timeout=60).json()
        assert len(shown["turns"]) == 4
        for reply in replies:
            assert records.receipts.get(reply.json()["id"])


def test_the_turn_to_work_passes_on_when_a_connection_ends(url: str) -> None:
    database = new_database(url)
    one, two = DatabaseTurn(database), DatabaseTurn(database)
    assert one.acquire()
    assert one.acquire()
    assert not two.acquire()
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:  # as if the server of the first had died
        connection.execute(text(_END_OTHERS))
    engine.dispose()
    assert _eventually(two.acquire)
    assert not one.acquire()
    two.release()
    assert _eventually(one.acquire)
    one.release()


def test_a_database_that_dies_costs_nothing_acknowledged(
    both: list[Served], server: PostgresServer, url: str, tmp_path: Path
) -> None:
    job = _upload(both[0], "溪口").json()["id"]
    told = [_ask(one, "清溪").json()["id"] for one in both]
    server.kill()
    for one in both:
        for response in (_ask(one, "清溪"), httpx.get(f"{one.address}/ready"), _upload(one, "无")):
            assert response.status_code == 503, response.text
            assert int(response.headers["Retry-After"]) > 0
            assert "Start its server" in response.text or "Start the server" in response.text
            assert "Traceback" not in response.text
        assert httpx.get(f"{one.address}/health").status_code == 200
    with pytest.raises(StoreUnreachable, match="Start its server"):
        open_all(settings_on(url, tmp_path))
    server.start()
    for one in both:
        _eventually(partial(_is_ready, one))
        _eventually(partial(_is_searchable, one, job))
        _eventually(partial(_answers, one, "溪口"))
    with open_records(url, lock_dir=None) as records:
        for receipt in told:
            assert records.receipts.get(receipt)
