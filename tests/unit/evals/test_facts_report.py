"""The report of a run on facts: what it shows of both halves, and that words of papers are data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evals_facts import FOLDER
from evals_oracle import papers_by_id
from evals_page import read

from evals.compare.baseline import baseline_from, judge_figures
from evals.compare.saved import SavedSet
from evals.errors import BaselineStale
from evals.facts.figures import figures
from evals.facts.model import FactReport, Miss, Score, Split
from evals.facts.report import as_html, as_json, as_markdown, as_text, judged, write
from evals.facts.run import measure
from evals.measures.bars import fact_bars
from evals.model import Provenance
from evals.report.wording import ReportLanguage

_MADE = Provenance(date="2026-01-02T03:04:05+00:00", version="1")
_SCORES = (
    Score("fields proved", 1.0, Split.DEV, ("p", "1")),
    Score("money recall", 1.0, Split.DEV, ("p", "1")),
    Score("money recall", 0.0, Split.TEST, ("q", "1")),
)
_MISSES = (
    Miss("money recall", "p-1", "<b>奖励</b>", Split.DEV),
    Miss("money recall", "q-1", "不公开", Split.TEST),
)
_REPORT = FactReport("mine", "abc", 2, _SCORES, _MISSES, _MADE)


def test_the_shipped_set_is_measured_the_same_each_time() -> None:
    def run() -> FactReport:
        return measure(FOLDER, documents=papers_by_id(), replies=None, provenance=_MADE)

    report = run()
    assert report.papers == 4
    assert as_json(report) == as_json(run())
    assert {score.split for score in report.scores} == {*Split}


def test_both_halves_and_the_bars_are_shown_in_every_form() -> None:
    for shown in (as_text(_REPORT), as_markdown(_REPORT), as_html(_REPORT)):
        assert "资金事项召回率" in shown
        assert "未通过" in shown
    assert "money recall" in as_text(_REPORT, language=ReportLanguage.ENGLISH)
    numbers = as_json(_REPORT)
    values = {half: numbers[half]["money recall"]["value"] for half in ("all", "dev", "test")}  # type: ignore[index]
    assert values == {"all": 0.5, "dev": 1.0, "test": 0.0}


def test_the_test_half_is_listed_only_on_request(tmp_path: Path) -> None:
    write(_REPORT, tmp_path)
    for name in ("report.html", "report.md", "failures.jsonl", "report.json"):
        assert "不公开" not in (tmp_path / name).read_text(encoding="utf-8")
    write(_REPORT, tmp_path, with_test=True)
    lines = (tmp_path / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["p-1", "q-1"]
    assert "不公开" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_words_of_papers_are_shown_as_text() -> None:
    page = read(as_html(_REPORT))
    assert not list(page.all("b"))
    assert "<b>奖励</b>" in page.text


def test_a_report_that_reaches_its_bars_says_so() -> None:
    passed = replace(_REPORT, scores=_SCORES[:2], misses=())
    assert [one.met for one in judged(passed)] == [True, True]
    assert "各项都达到标准" in as_text(passed)
    assert "各项都达到标准" not in as_text(_REPORT)


def test_every_bar_can_be_missed_and_met() -> None:
    for name, bar in fact_bars().items():
        ends = [figures([Score(name, value, Split.DEV, ("p", "1"))])[name] for value in (0.0, 1.0)]
        assert {bar.met_by(end) for end in ends} == {True, False}


def test_the_gate_falls_below_the_interval_and_with_any_unproved_field() -> None:
    asked = SavedSet(hash="abc", questions=2)
    many = [Score("money recall", float(n % 4 > 0), Split.DEV, ("p", str(n))) for n in range(40)]
    proved = [Score("fields proved", 1.0, Split.DEV, ("p", str(n))) for n in range(40)]
    known = baseline_from(figures([*many, *proved]), asked=asked, made=_MADE)

    def fallen(*scores: Score) -> list[str]:
        now = judge_figures(figures(scores), known, place="b", digest="abc", made=_MADE)
        return [change.name for change in now.fallen]

    assert fallen(*many, *proved) == []
    assert fallen(*(replace(one, value=0.0) for one in many), *proved) == ["money recall"]
    assert fallen(*many, replace(proved[0], value=0.0), *proved[1:]) == ["fields proved"]
    with pytest.raises(BaselineStale):
        judge_figures(figures(many), known, place="b", digest="other", made=_MADE)
