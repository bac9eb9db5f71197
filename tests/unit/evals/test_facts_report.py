"""The report of a run on facts: what it shows of both halves, and that words of papers are data."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from evals_facts import FACT_SET, FOLDER
from evals_oracle import papers_by_id
from evals_page import read

from corpus.facts.extract import facts_of
from evals.compare.baseline import baseline_from, judge_figures, read_baseline
from evals.compare.saved import SavedSet
from evals.errors import BaselineStale
from evals.facts.extracted import stated
from evals.facts.figure_tables import judged
from evals.facts.figures import figures
from evals.facts.model import FactReport, Miss, ProfileCase, Score, Split, TableCase, Verdicts
from evals.facts.replies import own_replies
from evals.facts.report import as_html, as_json, as_markdown, as_text, write
from evals.facts.run import measure, score_all
from evals.facts.scoring import score_paper
from evals.measures.bars import fact_bars
from evals.measures.fact_names import FACETED_MEASURES, LESS_IS_BETTER_OF_FACTS, PROFILE_MEASURES
from evals.model import Provenance
from evals.report.wording import ReportLanguage
from index.model import Embedder
from rag.settings import Settings

# "| money recall | 0.784 | 0.625–0.919 | 111 |", "| money recall（资金事项召回率） | …"
_RESULT = re.compile(r"^\| ([^|（]+?)(?:（.*）)? \| ([\d.]+) \| ([\d.]+)–([\d.]+) \| (\d+) \|", re.MULTILINE)
_MADE = Provenance(date="2026-01-02T03:04:05+00:00", version="1")
_SCORES = (
    Score("fields proved", 1.0, Split.DEV, ("p", "1")),
    Score("money recall", 1.0, Split.DEV, ("p", "1")),
    Score("money recall", 0.0, Split.TEST, ("q", "1")),
)
_MANY = (*_SCORES, *(replace(one, cluster=("p", str(n))) for n in range(8) for one in _SCORES[1:]))
_MISSES = (
    Miss("money recall", "p-1", "<b>奖励</b>", Split.DEV),
    Miss("money recall", "q-1", "不公开", Split.TEST),
)
_REPORT = FactReport("mine", "abc", 2, _MANY, _MISSES, _MADE)


def test_the_shipped_set_is_measured_the_same_each_time() -> None:
    def run() -> FactReport:
        return measure(FOLDER, documents=papers_by_id(), provenance=_MADE)

    report = run()
    assert report.papers == 4
    assert as_json(report) == as_json(run())
    assert {score.split for score in report.scores} == {*Split}


def test_both_halves_and_the_bars_are_shown_in_every_form() -> None:
    for shown in (as_text(_REPORT), as_markdown(_REPORT), as_html(_REPORT)):
        assert "资金事项召回率" in shown
        assert "未通过" in shown
    assert "money recall" in as_text(_REPORT, language=ReportLanguage.ENGLISH)
    assert "0.000 (1)" in as_text(_REPORT)  # of the paper q
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
    passed = replace(_REPORT, scores=(_SCORES[0], *_SCORES[1:2] * 10), misses=())
    assert [one.met for one in judged(passed)] == [True, True]
    assert "各项都达到标准" in as_text(passed)
    assert "各项都达到标准" not in as_text(_REPORT)


def test_a_figure_over_few_things_is_not_held_against_its_bar_unless_it_is_a_promise() -> None:
    few = replace(_REPORT, scores=(replace(_SCORES[0], value=0.0), _SCORES[2]))
    assert [(one.bar.measure, one.met) for one in judged(few)] == [("fields proved", False)]


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


class _Told:
    """Says of every case what its labels say, under the ids of extracted facts."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids

    def verdicts(self, case: ProfileCase, *, with_facets: bool) -> Verdicts:
        return Verdicts(self._of(case.applies), self._of(case.may), self._of(case.rules))

    def listed(self, case: TableCase) -> frozenset[str]:
        return self._of(case.facts)

    def _of(self, labels: frozenset[str]) -> frozenset[str]:
        return frozenset(self._ids[label] for label in labels if label in self._ids)


def test_replies_that_say_what_the_labels_say_are_right_as_far_as_the_facts_were_extracted() -> None:
    ids: dict[str, str] = {}
    for paper in FACT_SET.papers:
        found = score_paper(paper, stated(facts_of(paper.document), paper.document))
        ids |= {labelled: extracted for extracted, labelled in found.ids.items()}
    scores, _ = score_all(FACT_SET, replies=_Told(ids))
    values = {name: figure.value for name, figure in figures(scores).items()}
    for name in (*PROFILE_MEASURES, *FACETED_MEASURES):
        if name in LESS_IS_BETTER_OF_FACTS:
            assert values[name] == 0.0, name
    wanted = [fact for case in FACT_SET.profiles for fact in case.applies]
    assert values["applies found"] == sum(fact in ids for fact in wanted) / len(wanted)
    assert values["tables of nothing right"] == 1.0


def test_own_replies_name_extracted_facts_and_touch_no_other_papers(
    tiny_embedder: Embedder, tmp_path: Path
) -> None:
    documents = [papers_by_id()["hunan"], papers_by_id()["zhejiang"]]
    keys = {fact.id for document in documents for fact in stated(facts_of(document), document)}
    settings = Settings(data_dir=tmp_path / "mine", cache_dir=tmp_path / "cache")
    opened = own_replies(
        documents, settings=settings, embedder=lambda *_: tiny_embedder, reader=lambda *_: None
    )
    with opened as replies:
        table = TableCase("t", "审批时限分别压缩到几天？", frozenset(), frozenset(), is_none=False)
        listed = replies.listed(table)
        assert listed
        assert listed <= keys
        draft_alone = replies.listed(replace(table, scope=("zhejiang",)))
        assert {key.partition("#")[0] for key in draft_alone} <= {"zhejiang"}
        for case in FACT_SET.profiles[:4]:
            for with_facets in (False, True):
                shown = replies.verdicts(case, with_facets=with_facets)
                assert shown.applies | shown.to_confirm | shown.rules <= keys
                assert not shown.applies & shown.to_confirm
    assert not (tmp_path / "mine").exists()


def test_the_manual_has_the_figures_of_the_baseline() -> None:
    root = FOLDER.parents[1]
    figures_of = read_baseline(root / "evals/baselines/facts.json").figures
    for page in ("docs/facts.md", "docs/facts.zh-CN.md"):
        rows = _RESULT.findall((root / page).read_text(encoding="utf-8"))
        assert len(rows) > 20
        for name, value, low, high, count in rows:
            then = figures_of[name.strip()]
            printed = (f"{then.value:.3f}", f"{then.low:.3f}", f"{then.high:.3f}", str(then.judged))
            assert printed == (value, low, high, count), name
