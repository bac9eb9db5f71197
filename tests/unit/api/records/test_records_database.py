"""The database of the records: made, brought up to date, refused when it is not ours."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from api.records import open_records
from api.records.schema.database import HEAD, VERSION_TABLE, RecordsDatabase
from api.records.schema.migrate import revisions
from api.records.schema.tables import TABLES
from api.settings import Settings
from api.web.log import JsonLines
from corpus.errors import StoreError
from corpus.store.papers import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'service.db'}"


def test_the_revisions_make_the_tables_of_the_program(url: str) -> None:
    database = RecordsDatabase(url, lock_dir=None)
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_server_default": True}
        )
        assert compare_metadata(context, TABLES) == []
    database.close()


def test_the_secret_is_made_once(url: str, tmp_path: Path) -> None:
    with open_records(url, lock_dir=tmp_path) as records:
        secret = records.secret()
    with open_records(url, lock_dir=tmp_path) as records:
        assert records.secret() == secret
    with open_records(f"sqlite:///{tmp_path / 'other.db'}", lock_dir=tmp_path) as records:
        assert records.secret() != secret
    assert len(secret) == 32


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX modes")
def test_nobody_else_on_the_machine_can_read_it(url: str, tmp_path: Path) -> None:
    with open_records(url, lock_dir=tmp_path) as records:
        records.sites.add("站", origins=["https://a.cn"])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("service.db*")}
    assert set(modes) >= {"service.db", "service.db-wal"}
    assert set(modes.values()) == {0o600}


def test_a_database_of_a_later_program_is_refused_and_left_alone(url: str, tmp_path: Path) -> None:
    open_records(url, lock_dir=None).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"9999.*later version.*Install"):
        open_records(url, lock_dir=None)
    with engine.begin() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "9999"
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    engine.dispose()
    open_records(url, lock_dir=None).close()


def test_tables_of_another_program_are_refused(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE sites (name TEXT)"))
    engine.dispose()
    with pytest.raises(StoreError, match="another program"):
        open_records(url, lock_dir=None)


def test_papers_and_records_can_share_a_database(url: str) -> None:
    Store(url).close()
    with open_records(url, lock_dir=None) as records:
        assert not records.sites.any()
    with Store(url) as store:
        assert store.documents() == ()


@pytest.mark.parametrize("wrong", ["", "nonsense", "nosuch://x/y", "sqlite:////dev/null/service.db"])
def test_an_address_that_is_none_is_named(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_records(wrong, lock_dir=tmp_path)


def test_a_folder_that_takes_no_lock_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="ZHENGWEN_DATA_DIR"):
        open_records(url, lock_dir=tmp_path / "file" / "data")


def test_a_damaged_file_is_an_error_with_a_cure(url: str, tmp_path: Path) -> None:
    (tmp_path / "service.db").write_bytes(b"no database at all" * 500)
    with pytest.raises(StoreError, match="backup"):
        open_records(url, lock_dir=None)


def test_records_out_of_reach_are_told(url: str, tmp_path: Path) -> None:
    with open_records(url, lock_dir=None) as records:
        records.check()
    (tmp_path / "service.db").unlink()
    (tmp_path / "service.db").mkdir()
    with pytest.raises(StoreError):
        records.check()


def _run(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _nothing_can_be_written() -> Iterator[None]:
    """A disk on which no file can grow."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_before_an_answer_is_lost(url: str) -> None:
    with open_records(url, lock_dir=None) as records:
        with _nothing_can_be_written(), pytest.raises(StoreError, match="disk"):
            records.check()
        records.check()


def test_a_database_that_takes_nothing_is_told(url: str) -> None:
    with open_records(url, lock_dir=None) as records:
        _run(url, "CREATE TRIGGER b BEFORE INSERT ON sites BEGIN SELECT RAISE(ABORT, 'read only'); END")
        for _ in range(2):
            with pytest.raises(StoreError, match="read only"):
                records.check()


def test_a_check_changes_nothing(url: str) -> None:
    with open_records(url, lock_dir=None) as records:
        records.check()
    with open_records(url, lock_dir=None) as again:
        assert again.secret() == records.secret()
        assert again.sites.list() == ()


def test_an_error_of_the_database_holds_no_word_of_the_question(
    client: TestClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _run(
        settings.service_url,
        "CREATE TRIGGER b BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    with caplog.at_level(logging.DEBUG):
        response = client.post("/v1/ask", json={"question": "我叫张三丰，首次获批奖多少？"})
    assert response.status_code == 503
    log = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert "refused" in log
    for told in (log, response.text):
        assert "张三丰" not in told
        assert "张三丰".encode("unicode_escape").decode() not in told


def test_the_head_is_the_last_revision() -> None:
    assert revisions()[0] == HEAD
