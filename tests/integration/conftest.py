"""The five papers behind the real endpoints; only the embedder is tiny."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import Records, open_records
from api.settings import Settings
from corpus.progress import Progress
from index.model import Embedder
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.settings import AnswerSettings

# A day on which none of the five papers that are in force has expired.
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("zhengwen")
    return Settings(data_dir=folder / "data", cache_dir=folder / "cache", answer=AnswerSettings(reader=False))


@pytest.fixture(scope="session")
def assistant(settings: Settings, tiny_embedder: Embedder) -> Assistant:
    def tiny(_: Settings, __: Progress | None) -> Embedder:
        return tiny_embedder

    return open_assistant(settings, embedder=tiny, today=TODAY)


@pytest.fixture(scope="session")
def records(settings: Settings) -> Iterator[Records]:
    with open_records(settings.service_url, lock_dir=None) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(assistant: Assistant, settings: Settings, records: Records) -> Iterator[TestClient]:
    app = create_app(assistant, settings, records=records, today=TODAY)
    here = ("127.0.0.1", 50_000)
    with TestClient(
        app, base_url="http://127.0.0.1:8000", client=here, raise_server_exceptions=False
    ) as client:
        yield client
