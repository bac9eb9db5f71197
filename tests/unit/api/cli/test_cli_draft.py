"""`zhengwen eval draft` and `from-feedback`: what they print, what they write, what they never lose."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from one_paper import OnePaper
from typer.testing import CliRunner

from api.cli.main import app
from api.errors import NothingToDo
from corpus.errors import UnknownDocument
from evals.errors import FeedbackFault, FileTaken, SetFault
from evals.run.cases import load_sets

RECORD = {
    "question": "新药奖多少？\x1b[31m",
    "verdict": "down",
    "reason": "wrong",
    "comment": "\x9b2J",
    "reply": {"id": "x", "outcome": "answered", "text": "…", "citations": []},
    "time": "2026-11-01T10:00:00+08:00",
}


@pytest.fixture(autouse=True)
def folders(unset: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, starting_data: Path) -> None:
    """The papers that come with the program, in a data folder of the test."""
    shutil.copytree(starting_data, tmp_path / "data")
    monkeypatch.setenv("ZHENGWEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ZHENGWEN_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def one_paper(monkeypatch: pytest.MonkeyPatch) -> OnePaper:
    """In place of the stored papers, one whose title holds what a terminal obeys."""
    assistant = OnePaper()
    monkeypatch.setattr("rag.assemble.open_assistant", lambda settings, *, progress: assistant)
    monkeypatch.setattr("rag.stored_papers.open_catalogue", lambda settings: assistant.catalogue)
    return assistant


def _run(*arguments: str, typed: str = "") -> str:
    """Standard output of `zhengwen eval …`; an error that is named on purpose is raised."""
    done = CliRunner().invoke(app, ["eval", *arguments], input=typed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def _ids(file: Path) -> list[str]:
    return [case.id for case in load_sets([file])]


def test_proposals_are_printed_one_case_a_line(tmp_path: Path) -> None:
    printed = _run("draft", "hunan", "--limit", "7")
    file = tmp_path / "printed.jsonl"
    file.write_text(printed, encoding="utf-8")
    assert len(_ids(file)) == 7
    assert {json.loads(line)["split"] for line in printed.splitlines()} == {"draft"}


def test_proposals_are_written_to_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "hunan.jsonl"
    assert _run("draft", "hunan", "--out", str(file)) == ""
    before = file.read_bytes()
    assert len(_ids(file)) > 30
    with pytest.raises(FileTaken):
        _run("draft", "hunan", "--out", str(file))
    assert file.read_bytes() == before


def test_accepted_ones_are_kept_without_the_mark_of_a_draft(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    shown = _run("draft", "hunan", "-i", "--out", str(file), typed="a\ns\n?\ne\n改过的问题？\nA\nq\n")
    first, edited = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert "split" not in first
    assert edited["question"] == "改过的问题？"
    assert first["question"] in shown
    assert "2 of " in shown.splitlines()[-1]


def test_one_goes_on_where_one_stopped(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    command = ("draft", "hunan", "--interactive", "--limit", "5", "--out", str(file))
    _run(*command, typed="a\n" * 5)
    _run(*command, typed="a\n" * 5)
    assert len(set(_ids(file))) == 10


def test_an_interrupt_loses_nothing_that_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.jsonl"

    def answers() -> Iterator[str]:
        yield "a"
        yield "a"
        raise KeyboardInterrupt

    typed = answers()
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    done = CliRunner().invoke(app, ["eval", "draft", "hunan", "-i", "--out", str(file)])
    assert done.exit_code == 130
    assert len(_ids(file)) == 2


def test_a_file_that_is_no_test_set_is_not_added_to(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("shopping list\n", encoding="utf-8")
    with pytest.raises(SetFault, match=r"notes\.txt:1"):
        _run("draft", "hunan", "-i", "--out", str(file), typed="a\n")
    assert file.read_text(encoding="utf-8") == "shopping list\n"


def test_wrong_calls_are_named() -> None:
    with pytest.raises(NothingToDo, match="--out"):
        _run("draft", "hunan", "--interactive")
    with pytest.raises(UnknownDocument, match="nowhere"):
        _run("draft", "nowhere")


def test_nothing_of_a_paper_reaches_the_terminal_as_a_command(one_paper: OnePaper, tmp_path: Path) -> None:
    printed = _run("draft", "qing")
    shown = _run("draft", "qing", "-i", "--out", str(tmp_path / "mine.jsonl"), typed="a\n" * 50)
    for words in (printed, shown):
        assert "新药" in words
        assert "[b]" in words
        assert "\x1b" not in words
    accepted = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text("utf-8").splitlines()]
    quotes = [quote for case in accepted for quote in case["quotes"]]
    assert quotes
    assert all(quote in one_paper.paper.text for quote in quotes)


@pytest.fixture
def feedback(tmp_path: Path) -> Callable[..., Path]:
    def write(*records: object) -> Path:
        path = tmp_path / "feedback.jsonl"
        path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
        return path

    return write


def test_thumbs_down_become_candidates(
    one_paper: OnePaper, feedback: Callable[..., Path], tmp_path: Path
) -> None:
    path = feedback(RECORD, RECORD | {"verdict": "up"})
    printed = _run("from-feedback", str(path))
    (line,) = (json.loads(line) for line in printed.splitlines())
    assert line["candidate"]["choices"][0]["doc"] == "qing"
    assert "\x1b" not in printed
    assert "\x9b" not in printed
    out = tmp_path / "candidates.jsonl"
    _run("from-feedback", str(path), "--out", str(out))
    assert out.read_text(encoding="utf-8") == printed
    with pytest.raises(SetFault, match=r"candidates\.jsonl:1: a candidate that nobody has looked at"):
        load_sets([out])


def test_a_file_in_the_way_is_named_before_anything_is_asked(
    one_paper: OnePaper, feedback: Callable[..., Path]
) -> None:
    path = feedback(RECORD)
    with pytest.raises(FileTaken):
        _run("from-feedback", str(path), "--out", str(path))
    assert one_paper.asked == []


def test_a_faulty_record_is_named_before_anything_is_asked(
    one_paper: OnePaper, feedback: Callable[..., Path]
) -> None:
    with pytest.raises(FeedbackFault, match=r"feedback\.jsonl:2"):
        _run("from-feedback", str(feedback(RECORD, {"question": "？"})))
    assert one_paper.asked == []
