"""The documents say what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli.eval import commands as cli_eval
from api.cli.main import app
from api.cli.setup.configuration import rows
from api.settings import Settings
from api.wire import examples
from evals.measures.names import AREA, NAMES

_CHECKOUT = Path(__file__).resolve().parents[3]
_READMES = ("README.md", "README.zh-CN.md")

# "zhengwen documents                    # the papers that are there"
_COMMAND_LINE = re.compile(r"^(?:\.venv/bin/)?zhengwen (?P<arguments>[^#\n]+)", re.MULTILINE)
_SHELL_BLOCK = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
_JSON_BLOCK = re.compile(r"```json\n(.*?)\n```", re.DOTALL)


def _read(name: str) -> str:
    return (_CHECKOUT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _READMES)
def test_every_setting_stands_in_the_readme_with_its_default(name: str, unset: None) -> None:
    text = _read(name)
    for row in rows(Settings()):
        assert f"| `{row.variable}` |" in text
        if not row.variable.endswith("_DIR"):
            assert f"| `{row.variable}` | {f'`{row.value}`' if row.value else ''} |" in text
    listed = set(re.findall(r"`(ZHENGWEN_[A-Z_]+)`", text)) - {"ZHENGWEN_ENV_FILE"}
    assert listed == {row.variable for row in rows(Settings())}


@pytest.mark.parametrize("name", _READMES)
def test_every_command_and_flag_stands_in_the_readme(name: str) -> None:
    text = _read(name)
    group: Any = get_command(app)
    for command in [group, *group.commands.values()]:
        assert command is group or f"zhengwen {command.name}" in text
        for parameter in command.params:
            for flag in parameter.opts:
                if flag.startswith("--"):
                    assert flag in text, f"{command.name} {flag}"


@pytest.mark.parametrize("name", _READMES)
def test_every_command_line_of_the_readme_is_understood(name: str) -> None:
    group: Any = get_command(app)
    blocks = "\n".join(_SHELL_BLOCK.findall(_read(name)))
    lines = [match["arguments"] for match in _COMMAND_LINE.finditer(blocks)]
    assert len(lines) >= 10
    for line in lines:
        name_, *arguments = shlex.split(line.removesuffix("&").strip())
        command = group.commands[name_]
        command.make_context(name_, arguments, resilient_parsing=False).close()


def test_every_flag_and_measure_of_the_evaluation_is_described() -> None:
    pages = {
        name: _read(f"docs/{page}.md")
        for names, page in (
            (("run", "compare"), "evaluation"),
            (("draft", "from-feedback"), "drafting"),
            (("facts",), "facts"),
        )
        for name in names
    }
    group: Any = get_command(cli_eval.app)
    commands = group.commands
    assert commands.keys() == pages.keys()
    for name, command in commands.items():
        flags = [flag for parameter in command.params for flag in parameter.opts if flag.startswith("--")]
        assert [flag for flag in flags if flag not in pages[name]] == []
    described = set(re.findall(r"^\| ([^|]+) \|", pages["run"], re.MULTILINE))
    shown = {re.sub(r"^R@\d+$", "R@k", re.sub(r" in \d+$", " in N", name)) for name in (*NAMES, AREA)}
    assert shown <= described


def test_the_examples_of_the_api_are_those_of_its_description() -> None:
    blocks = [json.loads(block) for block in _JSON_BLOCK.findall(_read("docs/api.md"))]
    assert blocks == [
        examples.ASK_REQUESTS[1],
        examples.ASK_RESPONSES[0],
        examples.ASK_REQUESTS[2],
        examples.SEARCH_REQUESTS[0],
        examples.PROBLEM,
    ]
