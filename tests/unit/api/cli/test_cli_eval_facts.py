"""`zhengwen eval facts` as a person calls it, on one small labelled paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from evals.errors import BaselineFault, FactsFault

_FACT = {
    "id": "p-1",
    "doc": "p",
    "article": "一、",
    "kind": "recognition",
    "quote": "授予称号",
    "split": "test",
}


@pytest.fixture
def labels(tmp_path: Path, unset: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "labels"
    (folder / "papers").mkdir(parents=True)
    (folder / "papers" / "p.txt").write_text("关于称号的通知\n一、天气很好。\n", encoding="utf-8")
    (folder / "facts").mkdir()
    (folder / "facts" / "p.jsonl").write_text(json.dumps(_FACT) + "\n", encoding="utf-8")
    return folder


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", "facts", *map(str, arguments)])


def test_a_folder_is_measured_without_a_store(labels: Path) -> None:
    done = _call(labels, "--out", "out", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "other recall" in done.stdout
    assert {path.name for path in Path("out").iterdir()} == {
        "report.json",
        "report.html",
        "report.md",
        "failures.jsonl",
    }
    assert Path("out/failures.jsonl").read_text() == ""
    _call(labels, "--out", "out", "--list-test")
    assert json.loads(Path("out/failures.jsonl").read_text())["id"] == "p-1"


def test_the_gate_passes_on_the_same_figures_and_fails_when_one_is_lower(labels: Path) -> None:
    assert _call(labels, "--write-baseline", "base.json").exit_code == 0
    assert _call(labels, "--baseline", "base.json").exit_code == 0
    kept = json.loads(Path("base.json").read_text())
    kept["figures"]["other recall"] |= {"value": 1.0, "low": 0.5, "high": 1.0}
    Path("base.json").write_text(json.dumps(kept))
    assert _call(labels, "--baseline", "base.json").exit_code == 1


def test_what_is_wrong_is_named_and_leaves_no_folder(labels: Path) -> None:
    assert isinstance(_call("nowhere", "--out", "out").exception, FactsFault)
    assert isinstance(_call(labels, "--baseline", "none.json", "--out", "out").exception, BaselineFault)
    assert not Path("out").exists()
