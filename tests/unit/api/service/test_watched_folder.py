"""Files of the watched folder: each state of each file becomes one job, and deletions change nothing."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.service.index_update import IndexUpdate
from api.service.job_reader import JobReader
from api.service.watched_folder import WatchedFolder
from api.settings import IngestSettings, Settings
from corpus.store.papers import Store
from rag.stored_papers import ListedPapers, open_store

_PAPER = """清溪市人民政府关于支持竹编产业的通知

溪政发〔2024〕7号

各县（市、区）人民政府：

一、支持建设

对新建竹编工坊的单位，一次性奖补{amount}万元。

清溪市人民政府
2024年5月6日
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "incoming"
    path.mkdir()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(Settings(data_dir=tmp_path / "data", cache_dir=tmp_path))


@pytest.fixture
def limits(folder: Path) -> IngestSettings:
    return IngestSettings(watch_dir=folder, max_waiting=3)


def _write(path: Path, *, amount: int = 37, at: int = 1_700_000_000) -> None:
    path.write_text(_PAPER.format(amount=amount), encoding="utf-8")
    os.utime(path, (at, at))


def _read_all(store: Store, limits: IngestSettings) -> None:
    index: IndexUpdate = None  # type: ignore[assignment]
    reader = JobReader(
        store,
        index=index,
        papers=ListedPapers(Settings(data_dir=limits.watch_dir or Path())),
        settings=limits,
        cache_dir=limits.watch_dir or Path(),
        is_stopping=lambda: False,
    )
    while reader.read_next():
        pass


def test_a_file_is_taken_once_it_is_no_longer_written(
    folder: Path, store: Store, limits: IngestSettings
) -> None:
    watch = WatchedFolder(store, limits)
    _write(folder / "bamboo.txt")
    assert watch.look() == 0  # it may still grow
    _write(folder / "bamboo.txt", amount=380, at=1_700_000_001)
    assert watch.look() == 0
    assert watch.look() == 1
    assert watch.look() == 0
    _read_all(store, limits)
    (job,) = store.jobs.list(most=9)
    assert (job.origin, [one["outcome"] for one in job.reports]) == ("folder", ["added"])


def test_another_process_takes_nothing_again(folder: Path, store: Store, limits: IngestSettings) -> None:
    _write(folder / "bamboo.txt")
    for _ in range(2):
        watch = WatchedFolder(store, limits)
        watch.look()
        watch.look()
    assert len(store.jobs.list(most=9)) == 1


def test_a_kill_between_job_and_note_repeats_nothing(
    folder: Path, store: Store, limits: IngestSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder / "bamboo.txt")
    watch = WatchedFolder(store, limits)
    watch.look()
    with monkeypatch.context() as patched:
        patched.setattr(store.watched, "note", lambda *_: None)
        assert watch.look() == 1
    assert watch.look() == 0
    assert len(store.jobs.list(most=9)) == 1


def test_changes_are_read_and_deletions_delete_nothing(
    folder: Path, store: Store, limits: IngestSettings
) -> None:
    watch = WatchedFolder(store, limits)
    _write(folder / "bamboo.txt")
    watch.look()
    watch.look()
    _read_all(store, limits)
    _write(folder / "bamboo.txt", amount=41, at=1_700_000_009)
    watch.look()
    watch.look()
    _read_all(store, limits)
    assert [one["outcome"] for one in store.jobs.list(most=9)[0].reports] == ["new_version"]
    (folder / "bamboo.txt").unlink()
    watch.look()
    watch.look()
    assert len(store.in_use()) == 1


def test_a_sidecar_gives_source_and_freshness(folder: Path, store: Store, limits: IngestSettings) -> None:
    watch = WatchedFolder(store, limits)
    _write(folder / "bamboo.txt")
    told = {"url": "https://qingxi.example.gov.cn/1", "fetched_at": "2026-03-01T08:00:00+08:00", "etag": "x"}
    (folder / "bamboo.txt.json").write_text(json.dumps(told), encoding="utf-8")
    watch.look()
    watch.look()
    _read_all(store, limits)
    ((document_id, _),) = store.in_use().items()
    assert store.document(document_id).source.url == told["url"]
    fetch = store.fetches.of(document_id)
    assert fetch is not None
    assert fetch.fetched_at == datetime(2026, 3, 1, tzinfo=UTC)
    # Downloaded again, unchanged: only the time is later.
    told["fetched_at"] = "2026-03-02T00:00:00Z"
    (folder / "bamboo.txt.json").write_text(json.dumps(told) + " ", encoding="utf-8")
    watch.look()
    watch.look()
    _read_all(store, limits)
    fetch = store.fetches.of(document_id)
    assert fetch is not None
    assert fetch.fetched_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert len(store.versions(document_id)) == 1


@pytest.mark.parametrize(
    "wrong", ["", "{", '{"url": "javascript:1"}', '{"fetched_at": "soon"}', "[]", "\xff"]
)
def test_a_wrong_sidecar_keeps_no_paper_out(
    wrong: str, folder: Path, store: Store, limits: IngestSettings, caplog: pytest.LogCaptureFixture
) -> None:
    watch = WatchedFolder(store, limits)
    _write(folder / "bamboo.txt")
    (folder / "bamboo.txt.json").write_text(wrong, encoding="latin-1")
    watch.look()
    assert watch.look() == 1
    assert "bamboo.txt.json" in caplog.text


def test_links_and_a_full_queue(folder: Path, store: Store, limits: IngestSettings, tmp_path: Path) -> None:
    _write(tmp_path / "outside.txt")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    for number in range(5):
        _write(folder / f"{number}.txt", amount=number + 10)
    watch = WatchedFolder(store, limits)
    watch.look()
    assert watch.look() == 3
    _read_all(store, limits)
    while (read := store.job_work.read_jobs()) and read:
        store.job_work.indexed(read, generation=1)
    assert watch.look() == 2


def test_a_folder_that_is_not_there_is_told(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = WatchedFolder(store, IngestSettings(watch_dir=tmp_path / "none"))
    assert (watch.look(), watch.look()) == (0, 0)
    assert caplog.text.count("none") == 1
