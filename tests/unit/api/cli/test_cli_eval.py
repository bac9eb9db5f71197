"""`zhengwen eval` as a person calls it; the assistant knows one small paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from one_paper import OnePaper
from typer.testing import CliRunner, Result

from api.cli.eval import run as evaluating
from api.cli.main import app
from evals.errors import BaselineFault, BaselineStale, RunFault, ServerFault, SetFault, UnknownSplit

Call = Callable[..., Result]
_RIGHT: dict[str, object] = {
    "id": "q-1",
    "type": "number",
    "question": "首次获批奖多少？",
    "doc": "qing",
    "articles": ["（一）"],
    "quotes": ["奖补500万元"],
    "answer_must": [["500万"]],
    "difficulty": "easy",
    "split": "dev",
}
_WRONG = _RIGHT | {"id": "q-2", "articles": ["（二）"], "answer_must": [["20万"]], "split": "test"}


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, unset: None, tmp_path: Path) -> Call:
    """Calls the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluating, "open_assistant", lambda settings, progress: OnePaper())
    return lambda *arguments: CliRunner().invoke(app, ["eval", *_in_english(arguments)])


def _in_english(arguments: tuple[str, ...]) -> list[str]:
    """The arguments with `--lang en`, unless they name a language or a command that has no report."""
    if {"--lang", "--help", "darft"} & {*arguments}:
        return list(arguments)
    return [*arguments, "--lang", "en"]


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    return _written(tmp_path / "sets" / "mine.jsonl", _RIGHT, _WRONG).parent


def _written(file: Path, *lines: dict[str, object]) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_help_shows_the_commands_and_the_options_of_the_run(call: Call) -> None:
    shown = call("--help").stdout
    for words in ("compare", "draft", "from-feedback", "--split", "--url", "--baseline", "--out"):
        assert words in shown
    assert "--interactive" in call("draft", "--help").stdout


@pytest.mark.parametrize("first", [(), ("run",)])
def test_a_path_means_a_run(first: tuple[str, ...], call: Call, sets: Path) -> None:
    done = call(*first, str(sets), "--out", "out")
    assert done.exit_code == 0, done.exception
    assert "1 of 2 questions failed" in done.stdout
    files = ["failures.jsonl", "junit.xml", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in Path("out").iterdir()) == files
    (failure,) = Path("out/failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["id"] == "q-2"


def test_an_option_may_come_first_and_no_path_means_the_own_sets(call: Call, sets: Path) -> None:
    assert "1 of 2 questions" in call("--out", "out", str(sets)).stdout
    own = call("--out", "own")
    assert own.exit_code == 0, own.exception
    assert "Left out, their papers are not stored: own-cross-01" in own.stdout


def test_a_split_is_asked_alone(call: Call, sets: Path) -> None:
    assert "0 of 1 questions failed" in call(str(sets), "--split", "dev").stdout
    wrong = call(str(sets), "--split", "held-out").exception
    assert isinstance(wrong, UnknownSplit)
    assert "'dev', 'test'" in str(wrong)


def test_the_gate_is_silent_until_a_figure_falls(call: Call, sets: Path) -> None:
    right = _written(sets / "mine.jsonl", *({**_RIGHT, "id": f"q-{n}"} for n in range(9)))
    assert call(str(right), "--write-baseline", "base.json").exit_code == 0
    same = call(str(right), "--baseline", "base.json")
    assert same.exit_code == 0
    assert "Against the baseline" in same.stdout
    kept = json.loads(Path("base.json").read_text(encoding="utf-8"))
    kept["figures"]["answer length"] |= {"value": 5.0, "low": 4.0, "high": 6.0}
    Path("base.json").write_text(json.dumps(kept), encoding="utf-8")
    fell = call(str(right), "--baseline", "base.json", "--out", "fell")
    assert fell.exit_code == 1
    assert fell.stderr.splitlines()[-1] == "fell: answer length is 19, the baseline 5 (4–6)"
    assert "Fell below the baseline: answer length." in Path("fell/report.md").read_text(encoding="utf-8")


def test_a_baseline_of_other_questions_is_an_error_that_loses_nothing(call: Call, sets: Path) -> None:
    call(str(sets), "--write-baseline", "base.json")
    _written(sets / "mine.jsonl", _RIGHT)
    done = call(str(sets), "--baseline", "base.json", "--out", "out")
    assert isinstance(done.exception, BaselineStale)
    assert "--write-baseline base.json" in str(done.exception)
    assert Path("out/report.json").is_file()


def test_a_wrong_baseline_is_told_before_anything_is_asked(call: Call, sets: Path) -> None:
    done = call(str(sets), "--baseline", "nowhere.json", "--out", "out")
    assert isinstance(done.exception, BaselineFault)
    assert not Path("out").exists()


def test_two_runs_are_compared(call: Call, sets: Path) -> None:
    call(str(sets), "--out", "a")
    _written(sets / "mine.jsonl", _RIGHT)
    call(str(sets), "--out", "b")
    done = call("compare", "a", "b/report.json", "--out", "both.md")
    assert done.exit_code == 0, done.exception
    assert "Different questions: 1 were asked in both, 1 only in A, 0 only in B." in done.stdout
    assert "all three" in done.stdout
    assert Path("both.md").read_text(encoding="utf-8").startswith("# Comparison")
    assert isinstance(call("compare", "a", "nowhere").exception, RunFault)


def test_what_is_no_set_and_no_command_is_named(call: Call) -> None:
    assert isinstance(call("darft").exception, SetFault)
    assert call("--nonsense").exit_code == 2
    assert call("compare", "a").exit_code == 2


def test_a_server_that_is_not_there_is_named(call: Call, sets: Path) -> None:
    done = call(str(sets), "--url", "http://127.0.0.1:1", "--out", "out")
    assert isinstance(done.exception, ServerFault)
    assert "zhengwen serve" in str(done.exception)


def test_a_run_that_fails_leaves_no_empty_folder(call: Call, sets: Path) -> None:
    assert isinstance(call(str(sets), "--split", "held-out", "--out", "new/out").exception, UnknownSplit)
    assert not Path("new").exists()
    Path("kept").mkdir()
    assert isinstance(call(str(sets), "--split", "held-out", "--out", "kept").exception, UnknownSplit)
    assert Path("kept").is_dir()
