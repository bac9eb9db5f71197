"""The snippets of docs/agents.md do what the page says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback_server import running
from typer.main import get_command

from api.agents.chat.schemas import Error
from api.agents.tools import TOOLS
from api.agents.verification import Finding
from api.app import create_app
from api.cli.main import app
from api.records import open_records
from api.settings import Settings
from rag.assistant import Assistant

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "agents.md").read_text(encoding="utf-8")
_PYTHON = re.findall(r"```python\n(.*?)\n```", _PAGE, re.DOTALL)
_JSON = re.findall(r"```json\n(.*?)\n```", _PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def address(assistant: Assistant, settings: Settings) -> Iterator[str]:
    records = open_records(settings.service_url, lock_dir=settings.data_dir, keep_texts=True)
    try:
        with running(create_app(assistant, settings, records=records)) as address:
            yield address
    finally:
        records.close()


@pytest.mark.parametrize(
    ("snippet", "printed"),
    list(
        zip(
            _PYTHON,
            (["500万元", "[1] 《", "/d/hunan/"], ["20%", "answered"], ["500万元", "True"]),
            strict=True,
        )
    ),
)
def test_the_snippet_runs(
    snippet: str, printed: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "http://127.0.0.1:8000" in snippet
    exec(compile(snippet.replace("http://127.0.0.1:8000", address), "docs/agents.md", "exec"), {})
    output = capsys.readouterr().out
    for words in printed:
        assert words in output
    assert "False" not in output


def test_the_settings_of_a_desktop_program_start_a_command_that_is_there() -> None:
    error, servers = map(json.loads, _JSON)
    Error.model_validate(error)
    (server,) = servers["mcpServers"].values()
    assert Path(server["command"]).name == "zhengwen"
    group: Any = get_command(app)
    assert set(server["args"]) <= set(group.commands)


def test_every_tool_argument_and_reason_is_described() -> None:
    for tool in TOOLS:
        (row,) = re.findall(rf"^\| `{tool.name}` \|(.*?)\|", _PAGE, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == list(tool.arguments.model_fields)
    for finding in Finding:
        assert f"`{finding.value}`" in _PAGE
