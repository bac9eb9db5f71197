"""The app around the assistant of one small paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.app import create_app
from rag.settings import Settings


@pytest.fixture
def assistant() -> OnePaper:
    return OnePaper()


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(data_dir=tmp_path, cache_dir=tmp_path)


@pytest.fixture
def client(assistant: OnePaper, settings: Settings) -> Iterator[TestClient]:
    app = create_app(assistant, settings)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
