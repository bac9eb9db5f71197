"""The app around the assistant of one small paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.app import create_app
from api.records import Records, open_records
from api.settings import Settings
from index.model import Embedder
from rag.assemble import ingest
from rag.settings import AnswerSettings


@pytest.fixture
def assistant() -> OnePaper:
    return OnePaper()


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(data_dir=tmp_path, cache_dir=tmp_path)


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of records with its tables, made once: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("records") / "empty.sqlite"
    open_records(f"sqlite:///{path}", lock_dir=None).close()
    return path


@pytest.fixture(scope="session")
def starting_data(
    tmp_path_factory: pytest.TempPathFactory, nothing_set: None, tiny_embedder: Embedder
) -> Path:
    """A data directory with the starting papers and their index, to be copied: making it takes a second."""
    folder = tmp_path_factory.mktemp("starting")
    settings = Settings(
        data_dir=folder, cache_dir=folder, starting_papers=True, answer=AnswerSettings(reader=False)
    )
    ingest(settings, [], embedder=lambda *_: tiny_embedder)
    return folder


@pytest.fixture
def records(settings: Settings, empty_records: Path) -> Iterator[Records]:
    shutil.copyfile(empty_records, Path(settings.service_url.removeprefix("sqlite:///")))
    with open_records(settings.service_url, lock_dir=None) as opened:
        yield opened


@pytest.fixture
def client(assistant: OnePaper, settings: Settings, records: Records) -> Iterator[TestClient]:
    with client_of(create_app(assistant, settings, records=records)) as client:
        yield client


@pytest.fixture
def command(unset: None, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in this process."""
    return Command(capsys)
