"""Backups: whole or absent, checked before they are restored, and restored whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.errors import BackupFault
from api.maintenance import backup_folder
from api.maintenance.backup import backups, backups_containing, create
from api.maintenance.restoring import restore
from api.records import open_records
from api.settings import ServerSettings, ServiceSettings, Settings
from corpus.errors import StoreError
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from index.build import atomic_files
from rag.stored_papers import open_store

_PAPER = "关于{what}的通知\n\n一、补助\n\n（一）对{what}的企业补助{amount}万元。\n"


def _paper(document_id: str, *, amount: int = 5) -> Document:
    data = _PAPER.format(what=f"{document_id}项目", amount=amount).encode()
    return parse(load(data, name=f"{document_id}.txt"), document_id=document_id)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, nothing_set: None) -> Path:
    """A data directory with two papers, and records of a service."""
    folder = tmp_path_factory.mktemp("filled")
    settings = Settings(data_dir=folder, cache_dir=folder)
    _store(settings, _paper("one"), _paper("two"))
    open_records(settings.service_url, lock_dir=folder).close()
    return folder


@pytest.fixture
def settings(filled: Path, tmp_path: Path, unset: None) -> Settings:
    """Two papers, and records of a service, in the test's own data directory."""
    shutil.copytree(filled, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


def _store(settings: Settings, *papers: Document) -> None:
    with open_store(settings) as store:
        for paper in papers:
            store.add(paper)


def _stored(settings: Settings) -> dict[str, str]:
    with open_store(settings) as store:
        return {one.id: one.text for one in store.documents()}


def _made(settings: Settings, path: Path) -> Path:
    create(settings, path, settings_lines="ZHENGWEN_SERVER__PORT=8001\n")
    return path


def test_a_backup_is_restored_and_what_was_there_is_kept(settings: Settings, tmp_path: Path) -> None:
    before = _stored(settings)
    with open_records(settings.service_url, lock_dir=settings.data_dir) as records:
        secret = records.secret()
    backup = _made(settings, tmp_path / "backup")
    _store(settings, _paper("one", amount=9), _paper("three"))
    (settings.data_dir / "service.db").unlink()
    (settings.data_dir / "index").mkdir()
    later = _stored(settings)
    done = restore(settings, backup)
    assert _stored(settings) == before
    with open_records(settings.service_url, lock_dir=settings.data_dir) as records:
        assert records.secret() == secret
    assert (settings.data_dir / "index").is_dir()  # whose vectors need not be computed again
    (aside,) = done.aside
    kept = Settings(data_dir=aside, cache_dir=aside)
    assert _stored(kept) == later
    assert [one.name for one in settings.data_dir.glob("restor*")] == []


def test_a_backup_is_made_while_others_read_and_write(settings: Settings, tmp_path: Path) -> None:
    with open_store(settings) as store, store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE documents SET version = 7")
        copied = tmp_path / "copy.sqlite"
        store.database.copy_to(copied)
    with closing(sqlite3.connect(copied)) as database:
        assert database.execute("SELECT DISTINCT version FROM documents").fetchall() == [(1,)]


def test_deleted_words_are_in_no_backup(settings: Settings, tmp_path: Path) -> None:
    with open_store(settings) as store, store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM document_versions WHERE document_id = 'two'")
        connection.exec_driver_sql("DELETE FROM documents WHERE id = 'two'")
    backup = _made(settings, tmp_path / "backup")
    assert "two项目".encode() not in (backup / "papers.sqlite").read_bytes()


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    for taken in (tmp_path / "folder", tmp_path / "file", tmp_path / "dangling"):
        if taken.name == "folder":
            taken.mkdir()
        elif taken.name == "file":
            taken.write_text("mine")
        else:
            taken.symlink_to(tmp_path / "absent")
        with pytest.raises(BackupFault, match="no backup is overwritten"):
            _made(settings, taken)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_backup_that_fails_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    (settings.data_dir / "service.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        _made(settings, tmp_path / "backup")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data"]


def test_keys_are_in_no_settings_of_a_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ZHENGWEN_SERVER__API_KEY", "a-very-hidden-key-0123456789")
    monkeypatch.setenv("ZHENGWEN_SERVER__LIMITS_URL", "redis://user:hidden-password@127.0.0.1")
    monkeypatch.setenv("ZHENGWEN_SERVER__PORT", "8123")
    assert _run("backup", "create", str(tmp_path / "backup")).exit_code == 0
    written = (tmp_path / "backup" / "settings.env").read_text()
    assert "ZHENGWEN_SERVER__PORT=8123" in written
    assert "hidden" not in written


@pytest.mark.parametrize("name", ["papers.sqlite", "service.sqlite", "settings.env", "manifest.json"])
@pytest.mark.parametrize("harm", [lambda b: b[:-1], lambda b: bytes([b[0] ^ 8]) + b[1:], lambda b: None])
def test_a_damaged_backup_is_not_restored(
    settings: Settings, tmp_path: Path, name: str, harm: Callable[[bytes], bytes | None]
) -> None:
    backup = _made(settings, tmp_path / "backup")
    data = harm((backup / name).read_bytes())
    (backup / name).unlink()
    if data is not None:
        (backup / name).write_bytes(data)
    before = _stored(settings)
    with pytest.raises(BackupFault, match=r"backup"):
        restore(settings, backup)
    assert _stored(settings) == before


def test_a_backup_that_is_no_database_is_not_restored(settings: Settings, tmp_path: Path) -> None:
    before = _stored(settings)
    backup = _made(settings, tmp_path / "backup")
    other = b"of another program " * 500
    (backup / "papers.sqlite").write_bytes(other)
    manifest = json.loads((backup / "manifest.json").read_bytes())
    manifest["files"]["papers.sqlite"] = {"sha256": atomic_files.sha256(other), "bytes": len(other)}
    (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupFault, match="cannot be restored: file is not a database"):
        restore(settings, backup)
    assert _stored(settings) == before


def test_a_backup_of_a_later_version_is_not_restored(settings: Settings, tmp_path: Path) -> None:
    backup = _made(settings, tmp_path / "backup")
    manifest = json.loads((backup / "manifest.json").read_text())
    for change in ({"format": 2}, {"schema_version": "999"}, {"revision": "9999"}):
        (backup / "manifest.json").write_text(json.dumps(manifest | change))
        with pytest.raises(BackupFault, match="later version"):
            restore(settings, backup)


def test_a_folder_in_use_is_not_restored_into(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.store.folder_lock._WAIT_S", 0.1)
    backup = _made(settings, tmp_path / "backup")
    with open_store(settings), pytest.raises(StoreError, match=r"in use.*Stop it"):
        restore(settings, backup)
    with open_records(settings.service_url, lock_dir=None), pytest.raises(StoreError, match="in use"):
        restore(settings, backup)
    restore(settings, backup)


class _Stopped(BaseException):
    """The machine stops here."""


def test_a_restore_is_finished_wherever_it_was_stopped(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before every change of a file: the data is as before, or nothing opens it until it is restored."""
    before = _stored(settings)
    backup = _made(settings, tmp_path / "backup")
    _store(settings, _paper("three"))
    later = _stored(settings)
    (settings.data_dir / "index").mkdir()
    steps, finished = 0, False
    refused = restored = 0
    while not finished:
        data = tmp_path / f"data-{steps}"
        shutil.copytree(settings.data_dir, data)
        place = Settings(data_dir=data, cache_dir=tmp_path)
        with monkeypatch.context() as patched:
            _stop_after(patched, steps)
            try:
                restore(place, backup)
                finished = True
            except _Stopped:
                pass
        if (data / "restore.json").exists():
            with pytest.raises(StoreError, match="was interrupted"):
                _stored(place)
            refused += 1
        else:
            found = _stored(place)
            assert found == (before if finished else later)
            restored += found == before
        restore(place, backup)
        assert _stored(place) == before
        kept = [
            _stored(Settings(data_dir=one, cache_dir=one)) for one in sorted(data.glob("before-restore-*"))
        ]
        assert later in kept
        assert not (data / "restore.json").exists()
        assert list(data.glob("restoring-*")) == []
        steps += 1
    assert refused > 5
    assert restored == 1


def _stop_after(patched: pytest.MonkeyPatch, steps: int) -> None:
    """Lets that many changes of files happen, and stops before the next one."""
    left = [steps]

    def counted(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*arguments: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise _Stopped
            left[0] -= 1
            return real(*arguments, **named)

        patched.setattr(module, name, call)

    counted(shutil, "copyfile")
    counted(os, "replace")
    counted(Path, "rename")
    counted(Path, "unlink")
    counted(atomic_files, "replace")
    counted(atomic_files, "sync_tree")


def test_backups_are_listed_with_the_papers_they_contain(settings: Settings, tmp_path: Path) -> None:
    early = _made(settings, tmp_path / "early")
    _store(settings, _paper("three"))
    late = _made(settings, tmp_path / "late")
    gone = _made(settings, tmp_path / "gone")
    shutil.rmtree(gone)
    assert [one.backup.path for one in backups(settings)] == [early, late]
    assert [one.backup.path for one in backups_containing(settings, "three")] == [late]
    assert backups_containing(settings, "absent") == []
    # What was made after the backup stays known when it is restored, and so does the data kept aside.
    (aside,) = restore(settings, early).aside
    assert [one.backup.path for one in backups_containing(settings, "three")] == [late, aside / "zhengwen.db"]


def test_a_database_of_a_server_is_backed_up_by_the_server(settings: Settings, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(
        update={"service": ServiceSettings(database_url="postgresql+psycopg://reader@127.0.0.1/zhengwen")}
    )
    with pytest.raises(BackupFault, match="pg_dump"):
        _made(elsewhere, tmp_path / "backup")
    with pytest.raises(BackupFault, match="pg_restore"):
        restore(elsewhere, tmp_path / "backup")


def test_databases_in_several_folders(settings: Settings, tmp_path: Path) -> None:
    service = ServiceSettings(database_url=f"sqlite:///{tmp_path / 'elsewhere' / 'records.db'}")
    apart = settings.model_copy(update={"service": service, "server": ServerSettings()})
    with open_records(apart.service_url, lock_dir=None) as records:
        secret = records.secret()
    backup = _made(apart, tmp_path / "backup")
    shutil.rmtree(tmp_path / "elsewhere")
    restore(apart, backup)
    with open_records(apart.service_url, lock_dir=None) as records:
        assert records.secret() == secret


def test_what_is_no_backup(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match=r"is no backup.*backup create"):
        restore(settings, tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(BackupFault, match="damaged, or of a later version"):
        backup_folder.checked_manifest(tmp_path)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_the_commands(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(settings.data_dir))
    path = str(tmp_path / "nested" / "backup")
    assert _run("backup", "create", path).stdout.startswith(f"{path}: 2 papers, 3 files")
    assert path in _run("backup", "list").stdout
    (listed,) = json.loads(_run("backup", "list", "--containing", "two", "--json").stdout)["backups"]
    assert (listed["path"], listed["reason"]) == (path, "backup")
    done = _run("backup", "restore", path)
    assert done.exit_code == 0
    assert "restored 2 papers" in done.stdout
    assert "before-restore-" in done.stdout
