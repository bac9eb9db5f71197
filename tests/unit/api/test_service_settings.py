"""The service has settings of its own beside those of papers, index and answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.setup.configuration import rows
from api.settings import Settings, load_settings
from rag import settings as core
from rag.errors import SettingsFault

pytestmark = pytest.mark.usefixtures("unset")

_OWN = [row.variable for row in rows(Settings.model_construct()) if "_SERV" in row.variable]


def test_all_settings_are_those_of_the_core_and_three_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    added = Settings.model_fields.keys() - core.Settings.model_fields.keys()
    assert added == {"server", "service", "ingest"}
    for section in added:  # the core passes over each of them
        monkeypatch.setenv(f"ZHENGWEN_{section.upper()}__ANYTHING", "1")
    core.load_settings()


def test_a_file_sets_what_it_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_SERVER__PORT=9001\nZHENGWEN_ANSWER__QUOTES=3\n", encoding="utf-8")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    settings = load_settings()
    assert (settings.server.port, settings.answer.quotes) == (9001, 3)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("ZHENGWEN_SERVER__PROT", "ZHENGWEN_SERVER__PORT"),
        ("ZHENGWEN_SERVER_PORT", "ZHENGWEN_SERVER__PORT"),
        ("ZHENGWEN_PUBLIC_URL", "ZHENGWEN_SERVER__PUBLIC_URL"),
        ("ZHENGWEN_SERVICE__RETENTION", "ZHENGWEN_SERVICE__RETENTION_DAYS"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_one_that_is_meant(
    monkeypatch: pytest.MonkeyPatch, variable: str, meant: str
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsFault, match=f"'{variable}'.* {meant}\\?"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"), [("ZHENGWEN_SERVER__PORT", "65536"), ("ZHENGWEN_SERVER__CONCURRENCY", "0")]
)
def test_a_value_out_of_bounds_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsFault, match=rf"setting {variable}: "):
        load_settings()


@pytest.mark.parametrize("variable", _OWN)
def test_every_setting_is_a_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "not a value")
    free = not variable.endswith("PUBLIC_URL") and variable.endswith("_URL")
    if free or variable.endswith("HOST"):
        assert "not a value" in load_settings().model_dump_json()
    else:
        with pytest.raises(SettingsFault, match=variable):
            load_settings()


def test_an_empty_variable_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_settings()
    for variable in _OWN:
        monkeypatch.setenv(variable, "")
    assert load_settings() == expected


def test_a_section_that_is_not_json_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHENGWEN_SERVER", "{broken")
    with pytest.raises(SettingsFault, match=r"setting ZHENGWEN_SERVER is not JSON.* one by one"):
        load_settings()
    monkeypatch.setenv("ZHENGWEN_SERVER", '{"port": 9002}')
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_CHUNK=broken\n", encoding="utf-8")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    with pytest.raises(SettingsFault, match=r"setting ZHENGWEN_CHUNK is not JSON"):
        load_settings()
    file.write_text('ZHENGWEN_CHUNK={"size": 700}\n', encoding="utf-8")
    settings = load_settings()
    assert (settings.server.port, settings.chunk.size) == (9002, 700)


def test_a_file_that_is_not_utf_8_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "zhengwen.env"
    file.write_text("ZHENGWEN_DATA_DIR=/srv/政问\n", encoding="gb18030")
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(file))
    with pytest.raises(SettingsFault, match=r"zhengwen\.env' is not UTF-8\. Save it"):
        load_settings()
