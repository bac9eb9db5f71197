"""The data of an earlier release is opened, upgraded, whole, and gives its answer again."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from api.maintenance.verification import verify
from api.records import open_records
from api.service.answers import questions
from api.settings import Settings
from api.wire.question_schemas import AskRequest
from index.errors import IndexVersion
from index.model import Embedder
from rag import assemble
from rag.assistant import Assistant
from rag.settings import AnswerSettings
from rag.stored_papers import open_store

RELEASES = sorted((Path(__file__).parents[3] / "releases").glob("*/data.zip"))


@pytest.fixture(params=RELEASES, ids=lambda path: path.parent.name)
def settings(request: pytest.FixtureRequest, tmp_path: Path, unset: None) -> Settings:
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(tmp_path / "data")
    return Settings(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", answer=AnswerSettings(reader=False)
    )


def _opened(settings: Settings, embedder: Embedder) -> Assistant:
    """Opens the papers as a start does, and as its message says where the index has another format."""
    try:
        return assemble.open_assistant(settings, embedder=lambda _, __: embedder, today=date(2026, 12, 1))
    except IndexVersion:
        assemble.ingest(settings, [], rebuild=True, embedder=lambda _, __: embedder)
        return assemble.open_assistant(settings, embedder=lambda _, __: embedder, today=date(2026, 12, 1))


def test_an_earlier_release_is_opened_and_answers_as_before(
    settings: Settings, tiny_embedder: Embedder
) -> None:
    with closing(sqlite3.connect(settings.data_dir / "zhengwen.db")) as database:
        originals = dict(database.execute("SELECT document_id, original FROM document_versions").fetchall())
        texts = dict(database.execute("SELECT document_id, text FROM document_versions").fetchall())
    assistant = _opened(settings, tiny_embedder)
    with open_store(settings) as store:
        assert {one.id: one.text for one in store.documents()} == texts
        assert {one.id: store.original(one.id) for one in store.documents()} == originals
    with open_records(settings.service_url, lock_dir=settings.data_dir) as records:
        with closing(sqlite3.connect(settings.data_dir / "service.db")) as database:
            (receipt_id,) = database.execute("SELECT id FROM receipts").fetchone()
        given = records.receipts.get(receipt_id)
    request = AskRequest(question=given.question)
    reply = questions.ask(request, assistant=assistant, longest=2000)
    assert "85万元" in reply.text
    (cited,) = reply.citations
    assert [one.quote for one in given.reply.citations] == [cited.quote]
    assert cited.quote == texts[cited.document_id][cited.start : cited.end]


def test_an_upgraded_release_has_no_fault(settings: Settings, tiny_embedder: Embedder) -> None:
    _opened(settings, tiny_embedder)
    open_records(settings.service_url, lock_dir=settings.data_dir).close()
    report = verify(settings)
    assert report.faults == []
    assert report.versions
