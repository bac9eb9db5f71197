"""The announcement says what a start creates, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.setup.first_start import announce
from api.settings import Settings
from index.embedding import bundled
from rag.settings import AnswerSettings, EmbeddingSettings


def _convert(settings: Settings, name: str) -> None:
    """Leave a converted model of that name: complete, as it says that it has no files."""
    folder = settings.cache_dir / name
    folder.mkdir(parents=True)
    manifest = bundled.Manifest(name=name, source_sha256="", files={})
    (folder / bundled.MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")


def _index(settings: Settings) -> None:
    current = settings.data_dir / "index" / "CURRENT"
    current.parent.mkdir(parents=True)
    current.touch()


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


def test_a_first_start_converts_and_indexes(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    announce(settings)
    assert (
        "First start: the embedding model is converted and the papers are indexed" in capsys.readouterr().err
    )


def test_a_model_of_an_earlier_version_or_another_precision_is_converted_again(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _index(settings)
    _convert(settings, f"{bundled.name_of('int8')}0")
    _convert(settings, bundled.name_of("fp32"))
    announce(settings)
    assert capsys.readouterr().err.startswith("Needed once: the embedding model is converted, ")


def test_the_reader_is_converted_beside_another_embedding_model(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _index(settings)
    other = settings.model_copy(update={"embedding": EmbeddingSettings(model="BAAI/bge-m3")})
    announce(other)
    assert capsys.readouterr().err.startswith("Needed once: the embedding model is converted, ")
    announce(other.model_copy(update={"answer": AnswerSettings(reader=False)}))
    assert capsys.readouterr().err == ""


def test_nothing_is_said_when_nothing_is_made(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    _index(settings)
    _convert(settings, bundled.name_of("int8"))
    announce(settings)
    assert capsys.readouterr().err == ""
