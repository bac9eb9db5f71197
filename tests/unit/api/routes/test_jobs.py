"""Uploads over HTTP: accepted, read, indexed, searchable; cancelled, repeated, never lost or done twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from service_app import EDITOR, KEY, ended, service

from api.records import Records
from api.service import job_reader
from api.service.incoming import papers_within
from api.service.index_update import IndexUpdate
from api.service.job_reader import JobReader
from api.settings import IngestSettings, ServerSettings, Settings
from benchmarks.postgres_server import PostgresServer, new_database
from corpus.errors import StoreUnreachable
from corpus.files import ReadPaper, papers_in
from corpus.formats.scans import recognition as scans
from corpus.head.paper_head import PaperHead
from corpus.report import Failed
from corpus.store.jobs.model import NewFile, Origin
from corpus.store.jobs.work import Begun
from corpus.store.papers import Store
from index.model import Embedder
from rag.settings import AnswerSettings
from rag.stored_papers import ListedPapers, open_store

_PAPER = """清溪市人民政府关于支持{matter}产业的通知

溪政发〔2024〕{number}号

各县（市、区）人民政府：

一、支持建设

对新建{matter}工坊的单位，一次性奖补{amount}万元。

清溪市人民政府
2024年5月6日
"""


# Reading does not touch the index.
_NO_INDEX: IndexUpdate = None  # type: ignore[assignment]


def _reader(store: Store, place: Settings) -> JobReader:
    return JobReader(
        store,
        index=_NO_INDEX,
        papers=ListedPapers(place),
        settings=place.ingest,
        cache_dir=place.cache_dir,
        is_stopping=lambda: False,
    )


def _begun(store: Store) -> Begun:
    job = store.job_work.waiting()
    assert job is not None
    assert store.job_work.begin(job)
    return job


def _paper(matter: str = "竹编", *, number: int = 7, amount: int = 37) -> bytes:
    return _PAPER.format(matter=matter, number=number, amount=amount).encode()


@pytest.fixture
def place(tmp_path: Path, unset: None) -> Settings:
    return Settings(
        data_dir=tmp_path,
        cache_dir=tmp_path,
        starting_papers=False,
        answer=AnswerSettings(reader=False),
        server=ServerSettings(editor_key=KEY, reload_s=0.02),
        ingest=IngestSettings(max_upload_files=3, max_upload_bytes=400_000, max_waiting=5),
    )


@pytest.fixture
def settings(place: Settings) -> Settings:
    return place


@pytest.fixture
def client(place: Settings, records: Records, tiny_embedder: Embedder) -> Iterator[TestClient]:
    with service(place, records, tiny_embedder) as client:
        yield client


@pytest.fixture
def idle(place: Settings, records: Records, tiny_embedder: Embedder) -> Iterator[TestClient]:
    """A service that accepts jobs and does none."""
    with service(place, records, tiny_embedder, works=False) as client:
        yield client


def _send(client: TestClient, *files: tuple[str, bytes], key: str = "", **fields: str) -> Any:
    headers = EDITOR | ({"Idempotency-Key": key} if key else {})
    sent = [("files", file) for file in files]
    return client.post("/v1/editor/uploads", files=sent, data=fields, headers=headers)


def test_an_upload_becomes_searchable(client: TestClient) -> None:
    response = _send(client, ("bamboo.txt", _paper()), url="https://qingxi.example.gov.cn/1")
    assert response.status_code == 202
    job = ended(client, response.json()["id"])
    assert response.headers["Location"] == f"/v1/editor/jobs/{job['id']}"
    assert (job["state"], job["error"], job["origin"]) == ("searchable", "", "upload")
    (report,) = job["reports"]
    assert (report["outcome"], report["recognised"]["doc_number"]) == ("added", "溪政发〔2024〕7号")
    reply = client.post("/v1/ask", json={"question": "清溪市新建竹编工坊奖补多少？"}).json()
    assert "37万元" in reply["text"]
    (cited, *_) = reply["citations"]
    assert cited["url"] == "https://qingxi.example.gov.cn/1"


def test_several_files_and_the_one_that_cannot_be_read(client: TestClient) -> None:
    response = _send(
        client, ("bamboo.txt", _paper()), ("empty.txt", b" \n"), ("tea.txt", _paper("茶", number=8))
    )
    job = ended(client, response.json()["id"])
    assert job["state"] == "searchable"
    assert [one["outcome"] for one in job["reports"]] == ["added", "refused", "added"]
    assert "empty" in job["reports"][1]["error"]
    # The refused one can be tried again, and the others stay as they are.
    again = client.post(f"/v1/editor/jobs/{job['id']}/retry", headers=EDITOR)
    assert (again.status_code, again.json()["state"]) == (200, "accepted")
    job = ended(client, job["id"])
    assert [one["outcome"] for one in job["reports"]] == ["added", "refused", "added"]


def test_a_job_of_which_nothing_can_be_read_has_failed(client: TestClient) -> None:
    job = ended(client, _send(client, ("scan.bin", bytes(range(256)) * 9)).json()["id"])
    assert job["state"] == "failed"
    assert job["error"]
    assert job["generation"] is None


def test_one_key_gives_one_job(idle: TestClient) -> None:
    first = _send(idle, ("bamboo.txt", _paper()), key="k1")
    again = _send(idle, ("bamboo.txt", _paper()), key="k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]
    other = _send(idle, ("bamboo.txt", _paper(amount=38)), key="k1")
    assert other.status_code == 409
    assert first.json()["id"] in other.json()["detail"]
    assert len(idle.get("/v1/editor/jobs", headers=EDITOR).json()["jobs"]) == 1


def test_what_was_accepted_is_done_by_the_next_process(
    place: Settings, records: Records, tiny_embedder: Embedder
) -> None:
    with service(place, records, tiny_embedder, works=False) as client:
        waiting = _send(client, ("bamboo.txt", _paper())).json()
        assert waiting["state"] == "accepted"
    with service(place, records, tiny_embedder) as client:
        job = ended(client, waiting["id"])
        assert [one["outcome"] for one in job["reports"]] == ["added"]


def test_an_interrupted_job_stores_nothing_twice(place: Settings) -> None:
    """The second attempt reports what the first one did, and stores the rest."""
    store = open_store(place)
    files = [NewFile("a.txt", _paper()), NewFile("b.txt", _paper("茶", number=8))]
    accepted = store.jobs.accept(files, origin=Origin.UPLOAD, most_waiting=5).job
    seen = iter([False, True])
    reader = JobReader(
        store,
        index=_NO_INDEX,
        papers=ListedPapers(place),
        settings=place.ingest,
        cache_dir=place.cache_dir,
        is_stopping=lambda: next(seen),
    )
    assert reader.read_next()
    job = store.jobs.get(accepted.id)
    assert (job.state, job.attempts, len(job.reports), len(store.in_use())) == ("accepted", 0, 1, 1)
    _reader(store, place).read_next()
    job = store.jobs.get(accepted.id)
    assert [one["outcome"] for one in job.reports] == ["added", "added"]
    assert len(store.in_use()) == 2


def test_a_killed_attempt_reports_what_it_stored(place: Settings) -> None:
    """The process died between storing a paper and reporting it."""
    store = open_store(place)
    accepted = store.jobs.accept([NewFile("a.txt", _paper())], origin=Origin.UPLOAD, most_waiting=5).job
    begun = _begun(store)
    (paper,) = papers_in(_paper(), name="a.txt")
    assert isinstance(paper, ReadPaper)
    store.job_work.take_in(begun, begun.files[0], 0, paper.document, original=paper.data)
    _reader(store, place).read_next()
    job = store.jobs.get(accepted.id)
    assert (job.state, [one["outcome"] for one in job.reports]) == ("read", ["added"])
    assert len(store.audit.lines()) == 1


def test_a_further_job_reads_the_heads_of_its_own_papers_only(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another process has stored some in between."""
    store, reader = open_store(place), _reader(open_store(place), place)

    def read(*papers: bytes) -> None:
        files = [NewFile(f"{number}.txt", data) for number, data in enumerate(papers)]
        store.jobs.accept(files, origin=Origin.UPLOAD, most_waiting=5)
        assert reader.read_next()

    read(_paper())
    asked: list[Collection[str] | None] = []
    heads = Store.heads

    def noting(self: Store, document_ids: Collection[str] | None = None) -> list[PaperHead]:
        asked.append(document_ids)
        return heads(self, document_ids)

    monkeypatch.setattr(Store, "heads", noting)
    read(_paper("茶", number=8), _paper("陶", number=9))
    read(_paper("丝", number=10))
    assert sum(len(ids) for ids in asked if ids is not None) == 3
    assert None not in asked


def test_a_job_is_cancelled_between_two_pages_of_a_scan(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(place)
    accepted = store.jobs.accept([NewFile("a.pdf", b"%PDF")], origin=Origin.UPLOAD, most_waiting=5).job
    steps: list[tuple[str, int, int]] = []

    def pages(*_: object, **__: object) -> Iterator[ReadPaper]:
        watch = scans._watch.get()
        assert watch is not None
        assert watch.progress is not None
        watch.progress(1, 3, "a.pdf, page 1")
        job = store.jobs.get(accepted.id)
        steps.append((job.step, job.done, job.total))
        store.jobs.cancel(accepted.id)
        watch.progress(2, 3, "a.pdf, page 2")
        pytest.fail("page 3 was read")
        yield

    monkeypatch.setattr(job_reader, "papers_within", pages)
    assert _reader(store, place).read_next()
    assert steps == [("a.pdf, page 1", 1, 3)]
    assert store.jobs.get(accepted.id).state == "cancelled"
    assert not _reader(store, place).read_next()


def test_a_file_that_kills_the_process_does_not_do_so_for_ever(place: Settings) -> None:
    store = open_store(place)
    accepted = store.jobs.accept([NewFile("a.txt", _paper())], origin=Origin.UPLOAD, most_waiting=5).job
    for _ in range(3):
        _begun(store)  # and never ended
    _reader(store, place).read_next()
    job = store.jobs.get(accepted.id)
    assert job.state == "failed"
    assert "3 times" in job.error
    assert store.jobs.retry(accepted.id).state == "accepted"


def test_a_database_that_dies_while_a_job_is_read_does_not_end_the_job(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = PostgresServer(durable=True)
    try:
        place = place.model_copy(update={"database_url": new_database(server.url())})
        store, another = open_store(place), open_store(place)
        files = [NewFile("a.txt", _paper())]
        accepted = store.jobs.accept(files, origin=Origin.UPLOAD, most_waiting=5).job
        readers = [_reader(store, place), _reader(another, place)]
        papers_of = papers_within

        def dies(*arguments: Any, **named: Any) -> Iterator[Any]:
            server.kill()
            return papers_of(*arguments, **named)

        with monkeypatch.context() as dying:
            dying.setattr(job_reader, "papers_within", dies)
            for number in range(6):
                with pytest.raises(StoreUnreachable):
                    readers[number % 2].read_next()
                server.start()
        for reader in readers:  # the database is there, but it is the turn of another server
            reader.give_back()
            reader.give_back()
        job = store.jobs.get(accepted.id)
        assert (job.attempts, job.error) == (0, "")
        assert readers[0].read_next()
        job = store.jobs.get(accepted.id)
        assert (job.state, [one["outcome"] for one in job.reports]) == ("read", ["added"])
    finally:
        server.stop()


def test_a_job_is_cancelled_before_it_is_stored(idle: TestClient, place: Settings) -> None:
    job = _send(idle, ("bamboo.txt", _paper())).json()
    cancelled = idle.post(f"/v1/editor/jobs/{job['id']}/cancel", headers=EDITOR)
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert open_store(place).job_work.waiting() is None
    assert idle.post(f"/v1/editor/jobs/{job['id']}/retry", headers=EDITOR).status_code == 409


def test_a_stored_job_is_not_cancelled(client: TestClient) -> None:
    job = ended(client, _send(client, ("bamboo.txt", _paper())).json()["id"])
    response = client.post(f"/v1/editor/jobs/{job['id']}/cancel", headers=EDITOR)
    assert response.status_code == 409
    assert "withdraw" in response.json()["detail"]


def test_too_many_jobs_are_rejected(idle: TestClient) -> None:
    for number in range(5):
        assert _send(idle, ("a.txt", _paper(number=number + 1))).status_code == 202
    full = _send(idle, ("a.txt", _paper(number=9)))
    assert full.status_code == 503
    assert int(full.headers["Retry-After"]) > 0


def test_the_events_of_a_job_end_with_it(client: TestClient) -> None:
    job = _send(client, ("bamboo.txt", _paper())).json()
    with client.stream("GET", f"/v1/editor/jobs/{job['id']}/events", headers=EDITOR) as stream:
        text = "".join(stream.iter_text())
    assert text.count("event: job") >= 1
    assert '"state":"searchable"' in text.rsplit("event: job", 1)[1]


def test_a_rehearsal_stores_nothing(client: TestClient, place: Settings) -> None:
    sent = [("files", ("bamboo.txt", _paper()))]
    report = client.post("/v1/editor/rehearsals", files=sent, headers=EDITOR).json()
    assert report["dry_run"] is True
    assert [one["outcome"] for one in report["files"]] == ["added"]
    store = open_store(place)
    assert store.is_empty()
    assert store.jobs.list(most=5) == []


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        ({}, [], "files"),
        ({"url": "javascript:alert(1)"}, [("a.txt", b"a")], "http"),
        ({"fetched_at": "yesterday"}, [("a.txt", b"a")], "fetched_at"),
        ({"url": "https://a.example"}, [("a.txt", b"a"), ("b.txt", b"b")], "one file"),
        ({"colour": "red"}, [("a.txt", b"a")], "colour"),
        ({}, [("a.txt", b"a")] * 4, "3 files"),
    ],
)
def test_wrong_uploads_are_named(
    idle: TestClient, fields: dict[str, str], files: list[tuple[str, bytes]], said: str
) -> None:
    response = _send(idle, *files, **fields)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_an_upload_may_be_larger_than_other_bodies(idle: TestClient) -> None:
    assert _send(idle, ("a.txt", _paper() + b" " * 350_000)).status_code == 202
    assert _send(idle, ("a.txt", b" " * 600_000)).status_code == 413
    large = {"question": "奖" * 200_000}
    assert idle.post("/v1/ask", json=large).status_code == 413


def test_what_a_file_unpacks_to_is_limited(place: Settings) -> None:
    limits = place.ingest.model_copy(update={"max_unpacked_bytes": 100})
    assert all(isinstance(one, Failed) for one in papers_within(limits, _paper(), name="a.txt", url=""))


def test_names_with_folders_lose_them(idle: TestClient) -> None:
    job = _send(idle, ("..\\..\\etc/pass\x07wd.txt", _paper())).json()
    (file,) = job["files"]
    assert "/" not in file["name"]
    assert "\\" not in file["name"]
    assert file["name"].isprintable()


def test_jobs_are_listed_in_pages(idle: TestClient) -> None:
    ids = [_send(idle, ("a.txt", _paper(number=n))).json()["id"] for n in (1, 2, 3)]
    first = idle.get("/v1/editor/jobs", params={"limit": 2}, headers=EDITOR).json()
    rest = idle.get("/v1/editor/jobs", params={"limit": 2, "after": first["next"]}, headers=EDITOR).json()
    assert [one["id"] for one in first["jobs"] + rest["jobs"]] == ids[::-1]
    assert rest["next"] is None
    assert idle.get("/v1/editor/jobs/none", headers=EDITOR).status_code == 404


def test_a_removed_paper_leaves_no_word_in_jobs(client: TestClient, place: Settings) -> None:
    job = ended(client, _send(client, ("bamboo.txt", _paper()), ("void.txt", b" ")).json()["id"])
    document_id = job["reports"][0]["document_id"]
    removed = client.delete(f"/v1/editor/papers/{document_id}", headers=EDITOR).json()
    assert removed["is_complete"] is True
    for path in place.data_dir.rglob("*"):
        if path.is_file():
            assert "新建竹编工坊".encode() not in path.read_bytes(), path
