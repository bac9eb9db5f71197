"""docs/operate.md names commands, settings, figures and files that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram
from typer.main import get_command

from api.cli.main import app
from api.cli.setup.configuration import rows
from api.settings import Settings
from api.web import metrics

_CHECKOUT = Path(__file__).resolve().parents[3]
_TEXT = (_CHECKOUT / "docs" / "operate.md").read_text(encoding="utf-8")
_SHELL = "\n".join(re.findall(r"```sh\n(.*?)\n```", _TEXT, re.DOTALL))
# "zw site add …" as the page calls it, and as it is called in a container
_COMMAND = re.compile(r"(?:^zw|zhengwen zhengwen) (?P<arguments>.+)$", re.MULTILINE)
_FIGURE = re.compile(r"`(zhengwen_[a-z_]+)(?:\{([a-z,]+)\})?`")


def test_every_command_is_understood() -> None:
    lines = [match["arguments"] for match in _COMMAND.finditer(_SHELL)]
    assert len(lines) >= 8
    for line in lines:
        command, arguments = get_command(app), shlex.split(line)
        while hasattr(command, "commands"):
            command, arguments = command.commands[arguments[0]], arguments[1:]
        command.make_context("zw", arguments, resilient_parsing=False).close()


def test_every_setting_exists(unset: None) -> None:
    named = set(re.findall(r"ZHENGWEN_[A-Z_]+", _TEXT)) - {"ZHENGWEN_ENV_FILE"}
    assert named <= {row.variable for row in rows(Settings())}


def test_every_figure_is_told_and_every_one_told_is_there() -> None:
    there = {}
    for metric in vars(metrics).values():
        if isinstance(metric, Counter):
            there[f"{metric._name}_total"] = ",".join(metric._labelnames)
        elif isinstance(metric, Gauge | Histogram):
            there[metric._name] = ",".join(metric._labelnames)
    assert dict(_FIGURE.findall(_TEXT)) == there


def test_every_file_is_there() -> None:
    files = set(re.findall(r"\bdeploy/[a-z.]+[a-z]", _TEXT)) | {"compose.yaml"}
    assert len(files) >= 4
    for name in files:
        assert (_CHECKOUT / name).is_file(), name
