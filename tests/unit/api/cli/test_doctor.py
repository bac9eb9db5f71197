"""What the doctor says of the files of the service."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from api.access.rate_storage import SqliteStorage
from api.cli.setup import doctor
from api.cli.setup.doctor import Check, checks
from api.records import Records, open_records
from api.settings import Settings
from index.embedding import bundled
from index.errors import ModelFault
from index.model import Embedder, Reader
from rag.errors import CalibrationFault
from rag.settings import AnswerSettings, EmbeddingSettings


def _looked(settings: Settings, name: str) -> Check:
    return next(check for check in checks(settings) if check.name == name)


def test_what_the_first_start_makes_is_no_problem_and_is_not_made(settings: Settings) -> None:
    for name in ("records", "rates"):
        check = _looked(settings, name)
        assert check.ok
        assert "none yet" in check.found
    assert not list(settings.data_dir.glob("service.db*"))
    assert not list(settings.data_dir.glob("rates.db*"))


def test_records_in_order_are_told(settings: Settings, records: Records) -> None:
    assert _looked(settings, "records") == Check("records", True, "0 answers")


def test_damaged_records_are_told_with_the_cure(settings: Settings) -> None:
    (settings.data_dir / "service.db").write_bytes(b"no database at all" * 500)
    check = _looked(settings, "records")
    assert not check.ok
    assert "backup" in check.found


def test_records_that_take_nothing_are_told(settings: Settings) -> None:
    open_records(settings.service_url, lock_dir=None).close()
    with closing(sqlite3.connect(settings.data_dir / "service.db")) as database:
        database.execute("CREATE TRIGGER b BEFORE INSERT ON sites BEGIN SELECT RAISE(ABORT, 'no'); END")
    assert not _looked(settings, "records").ok


def test_records_of_a_later_program_are_told_and_left_alone(settings: Settings) -> None:
    open_records(settings.service_url, lock_dir=None).close()
    with closing(sqlite3.connect(settings.data_dir / "service.db")) as database:
        database.execute("UPDATE records_version SET version_num = '9999'")
        database.commit()
    check = _looked(settings, "records")
    assert not check.ok
    assert "later version" in check.found


def _missing_weights() -> str:
    raise ModelFault("the weights of the reader cannot be read")


def test_missing_weights_of_the_reader_are_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "adapter_sha256", _missing_weights)
    *_, last = checks(settings)
    assert last == Check("model", False, "the weights of the reader cannot be read")


@pytest.fixture
def embedded(settings: Settings, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings for an embedding model that is not the bundled one."""
    monkeypatch.setattr(doctor, "open_embedder", lambda settings: tiny_embedder)
    return settings.model_copy(update={"embedding": EmbeddingSettings(model="BAAI/bge-m3")})


def test_a_reader_that_the_first_start_converts_is_no_problem(embedded: Settings) -> None:
    check = _looked(embedded, "reader")
    assert check.ok
    assert "not converted yet" in check.found


def test_a_reader_that_is_turned_off_needs_nothing(
    embedded: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "adapter_sha256", _missing_weights)
    check = _looked(embedded.model_copy(update={"answer": AnswerSettings(reader=False)}), "reader")
    assert check == Check("reader", True, "turned off by ZHENGWEN_ANSWER__READER")


@pytest.mark.parametrize("found", [True, False])
def test_a_converted_reader_is_tried_with_its_judgement(
    embedded: Settings, monkeypatch: pytest.MonkeyPatch, tiny_reader: Reader, *, found: bool
) -> None:
    def judgement() -> SimpleNamespace:
        if not found:
            raise CalibrationFault("judgement.json", "cannot be read", fitted_by="evals.fit_judgement")
        return SimpleNamespace(fingerprint="abc")

    monkeypatch.setattr(bundled, "is_complete", lambda directory: True)
    monkeypatch.setattr(bundled, "damaged_files", lambda directory: [])
    monkeypatch.setattr(doctor, "open_reader", lambda settings: tiny_reader)
    monkeypatch.setattr(doctor, "packaged_judgement", judgement)
    check = _looked(embedded, "reader")
    assert check.ok is found
    assert (f"{tiny_reader.fingerprint}, judgement abc" if found else "evals.fit_judgement") in check.found


def test_counts_in_order_are_told(settings: Settings) -> None:
    with closing(SqliteStorage(settings.data_dir / "rates.db")):
        assert _looked(settings, "rates").ok


@pytest.mark.parametrize("damaged", [b"no database at all" * 500, None])
def test_damaged_counts_can_be_deleted(settings: Settings, damaged: bytes | None) -> None:
    path = settings.data_dir / "rates.db"
    if damaged is None:
        path.mkdir()
    else:
        path.write_bytes(damaged)
    check = _looked(settings, "rates")
    assert not check.ok
    assert "delete rates.db" in check.found
