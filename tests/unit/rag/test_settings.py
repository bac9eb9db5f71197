"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from rag.errors import SettingsFault
from rag.settings import PREFIX, Settings, load_settings

pytestmark = pytest.mark.usefixtures("unset")


def _variables(model: type[BaseModel], prefix: str = PREFIX) -> list[str]:
    """The environment variable of every setting."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            found += _variables(part, f"{prefix}{name.upper()}__")
        else:
            found.append(f"{prefix}{name.upper()}")
    return found


def test_without_variables_everything_has_a_value() -> None:
    settings = load_settings()
    assert settings.embedding.model == "bundled"
    assert settings.data_dir.name == "zhengwen"
    assert settings.store_url == f"sqlite:///{settings.data_dir / 'zhengwen.db'}"


def test_variables_set_what_they_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZHENGWEN_EMBEDDING__MODEL", "BAAI/bge-m3")
    monkeypatch.setenv("ZHENGWEN_ANSWER__THRESHOLD", "0.7")
    monkeypatch.setenv("zhengwen_search__candidates", "80")
    monkeypatch.setenv("ZHENGWEN_DATABASE_URL", "postgresql://db/papers")
    settings = load_settings()
    assert (settings.data_dir, settings.embedding.model) == (tmp_path, "BAAI/bge-m3")
    assert (settings.answer.threshold, settings.search.candidates) == (0.7, 80)
    assert settings.store_url == "postgresql://db/papers"


def test_a_file_sets_what_it_names_and_variables_come_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_CHUNK__SIZE=900\nZHENGWEN_ANSWER__QUOTES=3\n", encoding="utf-8")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    monkeypatch.setenv("ZHENGWEN_ANSWER__QUOTES", "4")
    settings = load_settings()
    assert (settings.chunk.size, settings.answer.quotes) == (900, 4)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("ZHENGWEN_DATADIR", "ZHENGWEN_DATA_DIR"),
        ("ZHENGWEN_EMBEDING__MODEL", "ZHENGWEN_EMBEDDING__MODEL"),
        ("ZHENGWEN_EMBEDDING_MODEL", "ZHENGWEN_EMBEDDING__MODEL"),
        ("ZHENGWEN_EMBEDDING__MODLE", "ZHENGWEN_EMBEDDING__MODEL"),
        ("ZHENGWEN_SEARCH__DENSE_WEIGT", "ZHENGWEN_SEARCH__DENSE_WEIGHT"),
        ("zhengwen_datadir", "ZHENGWEN_DATA_DIR"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_one_that_is_meant(
    monkeypatch: pytest.MonkeyPatch, variable: str, meant: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsFault, match=rf"'(?i:{variable})'.* {meant}\?"):
        load_settings()


def test_a_variable_like_none_is_named_without_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_QQQQ", "1")
    with pytest.raises(SettingsFault, match=r"'ZHENGWEN_QQQQ'\. Correct it or unset it"):
        load_settings()


def test_settings_of_the_service_are_none_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_SERVICE__KEEP_TEXTS=no\n", encoding="utf-8")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    monkeypatch.setenv("ZHENGWEN_SERVER__PORT", "many")
    assert load_settings().answer.quotes == 6


def test_a_misspelt_line_of_the_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_CHUNK__SIEZ=900\n", encoding="utf-8")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    with pytest.raises(SettingsFault, match=r"'ZHENGWEN_CHUNK__SIEZ'.* ZHENGWEN_CHUNK__SIZE\?"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ZHENGWEN_EMBEDDING__PRECISION", "int4"),
        ("ZHENGWEN_EMBEDDING__THREADS", "-1"),
        ("ZHENGWEN_CHUNK__SIZE", "10"),
        ("ZHENGWEN_CHUNK__SIZE", "many"),
        ("ZHENGWEN_CHUNK__OVERLAP", "-1"),
        ("ZHENGWEN_SEARCH__DENSE_WEIGHT", "1.1"),
        ("ZHENGWEN_SEARCH__DENSE_WEIGHT", "nan"),
        ("ZHENGWEN_SEARCH__CANDIDATES", "0"),
        ("ZHENGWEN_ANSWER__THRESHOLD", "-0.1"),
        ("ZHENGWEN_ANSWER__THRESHOLD", "50%"),
        ("ZHENGWEN_ANSWER__QUOTES", "0"),
        ("ZHENGWEN_ANSWER__NEAREST", "11"),
    ],
)
def test_a_value_out_of_bounds_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsFault, match=rf"setting {variable}: "):
        load_settings()


def test_chunks_may_not_overlap_by_their_whole_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_CHUNK__SIZE", "100")
    monkeypatch.setenv("ZHENGWEN_CHUNK__OVERLAP", "100")
    with pytest.raises(SettingsFault, match="ZHENGWEN_CHUNK"):
        load_settings()


def test_every_setting_says_what_it_is() -> None:
    undescribed: list[str] = []
    parts: list[type[BaseModel]] = [Settings]
    while parts:
        for name, field in parts.pop().model_fields.items():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                parts.append(field.annotation)
            elif not field.description:
                undescribed.append(name)
    assert undescribed == []


@pytest.mark.parametrize("variable", _variables(Settings))
def test_every_setting_is_a_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "not a value")
    free = not variable.endswith("PUBLIC_URL") and variable.endswith("_URL")
    if free or variable.endswith(("_DIR", "MODEL", "DEVICE", "HOST", "PROMPT", "CALIBRATION")):
        assert "not a value" in load_settings().model_dump_json()
    else:
        with pytest.raises(SettingsFault, match=variable):
            load_settings()


def test_an_empty_variable_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_settings()
    for variable in _variables(Settings):
        monkeypatch.setenv(variable, "")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", "")
    assert load_settings() == expected


def test_a_file_of_settings_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(tmp_path / "absent.env"))
    with pytest.raises(SettingsFault, match=r"absent\.env"):
        load_settings()
