"""The command as a whole: what goes where, and the exit status."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import Command
from typer.main import get_command

from api.cli.main import app


def _run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the console script as a process where the locale knows no Chinese."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGWEN_")}
    return subprocess.run(
        [sys.executable, "-c", "from api.cli.main import main; main()", *arguments],
        env=clean | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"} | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def test_help_names_every_command() -> None:
    done = _run("--help")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    group: Any = get_command(app)
    for name in group.commands:
        assert name in done.stdout


def test_config_prints_every_setting_even_in_chinese() -> None:
    done = _run("config", ZHENGWEN_DATA_DIR="/tmp/数据")
    assert done.returncode == 0
    assert re.search(r"^ZHENGWEN_DATA_DIR=/tmp/数据  # .*\(set\)$", done.stdout, re.MULTILINE)
    assert "ZHENGWEN_SERVER__PORT=8000" in done.stdout


@pytest.mark.parametrize(
    ("variable", "value"), [("ZHENGWEN_DATADIR", "x"), ("ZHENGWEN_SERVER__PORT", "many")]
)
def test_a_wrong_setting_is_one_line_that_names_it(variable: str, value: str, command: Command) -> None:
    done = command("ask", "奖多少？", **{variable: value})
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert variable in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ZHENGWEN_SERVER__PROT", "1"), ("ZHENGWEN_SERVER__PORT", "many"), ("ZHENGWEN_ENV_FILE", "absent.env")],
)
def test_config_lists_all_settings_when_one_is_wrong(variable: str, value: str, command: Command) -> None:
    done = command("config", **{variable: value})
    assert done.returncode == 1
    assert "ZHENGWEN_SERVER__PORT=8000" in done.stdout
    assert variable in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_streams_are_no_error() -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = f'"{sys.executable}" -c "from api.cli.main import main; main()" config {closed}'
        done = subprocess.run(command, shell=True, capture_output=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, command: Command) -> None:
    (tmp_path / "file").touch()
    nowhere = str(tmp_path / "file" / "data")
    done = command("documents", ZHENGWEN_DATA_DIR=nowhere)
    assert done.returncode == 1
    assert "ZHENGWEN_DATA_DIR" in done.stderr
    looked = command("doctor", ZHENGWEN_DATA_DIR=nowhere, ZHENGWEN_CACHE_DIR=str(tmp_path / "cache"))
    assert looked.returncode == 1
    assert re.search("^problem data folder: ", looked.stdout, re.MULTILINE)
    looked = command("doctor", ZHENGWEN_DATA_DIR=str(tmp_path / "data"), ZHENGWEN_CACHE_DIR=nowhere)
    assert looked.returncode == 1
    assert re.search("^problem model: ", looked.stdout, re.MULTILINE)


def test_a_taken_port_is_one_line_with_the_cure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_has_asking_and_serving_first_and_says_what_a_status_means() -> None:
    lines = _run("--help").stdout.splitlines()
    named = [line.split()[1] for line in lines if re.match(r"│ [a-z]+ {2,}", line)]
    assert named[:2] == ["ask", "serve"]
    assert "3 a question that was" in " ".join(lines)


def test_completion_offers_commands() -> None:
    asked = {"COMP_WORDS": "zhengwen doc", "COMP_CWORD": "1", "_ZHENGWEN_COMPLETE": "complete_bash"}
    assert _run(**asked).stdout.split() == ["documents", "doctor"]


def test_a_question_without_a_word_is_a_wrong_call(command: Command) -> None:
    for question in ("", " \n"):
        done = command("ask", question)
        assert done.returncode == 2
        assert "empty" in done.stderr


def test_an_empty_filter_is_a_wrong_call_that_names_the_option(command: Command) -> None:
    for option in ("--document", "--region"):
        done = command("ask", "奖多少？", option, "")
        assert done.returncode == 2
        assert option in done.stderr


def test_a_wrong_call_is_status_2(command: Command) -> None:
    assert command("ask").returncode == 2
    assert command("serve", "--port", "70000").returncode == 2
    assert command("answer", "x").returncode == 2
    nothing = command("ingest")
    assert nothing.returncode == 2
    assert "PATH..." in nothing.stderr
