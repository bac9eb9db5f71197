"""Rows by kind of missing fact, of false claim and of control, and what is said without need."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from evals_asked import PAPERS, QUOTE, item, run

from evals.compare.saved import set_hash
from evals.measures.summary import failed, kinds, needless
from evals.model import Case, Report
from evals.run.cases import load_sets
from rag.answer.wording.phrases import phrases_for
from rag.model import Answer, Language, Outcome, Question, Reason, Reply

_PLACE = {"doc": "province", "article": "（一）", "quote": QUOTE}
_LINES: tuple[dict[str, object], ...] = (
    {"id": "m-1", "type": "missing_fact", "question": "几元？", "expect": "refuse", "asked": "amount",
     "also_accept": ["partial"]},
    {"id": "m-2", "type": "missing_fact", "question": "几天？", "expect": "refuse", "asked": "duration"},
    {"id": "m-3", "type": "missing_fact", "question": "多久？", "expect": "refuse", "asked": "duration"},
    {"id": "p-1", "type": "false_premise", "question": "奖8元？", "expect": "correct", "claim_kind": "amount",
     "evidence": [_PLACE], "answer_must": [["500万"]]},
    {"id": "c-1", "type": "control", "question": "奖多少？", "expect": "answer", "kind": "amount",
     "looks_like": "missing_fact", "articles": ["（一）"], "evidence": [_PLACE], "answer_must": [["500万"]]},
    {"id": "c-2", "type": "control", "question": "奖不奖？", "expect": "answer", "kind": "amount",
     "looks_like": "false_premise", "articles": ["（一）"], "evidence": [_PLACE], "answer_must": [["600万"]]},
    {"id": "n-1", "type": "number", "question": "多少？", "doc": "province", "articles": ["（一）"],
     "quotes": [QUOTE], "answer_must": [["500万"]], "difficulty": "easy"},
)  # fmt: skip


def _reply(question: Question) -> Reply:
    """Says of days that they are not stated and corrects 8; the rest it answers from the first article."""
    cited = PAPERS.cite("province", "（一）", QUOTE)
    if question.text == "几天？":
        return PAPERS.refusal(Reason.NO_EVIDENCE)
    if question.text in ("奖8元？", "奖不奖？"):
        return PAPERS.answer(cited, outcome=Outcome.CORRECTED)
    if question.text not in ("几元？", "多少？"):
        return PAPERS.answer(cited)
    reply = PAPERS.answer(cited, outcome=Outcome.PARTIAL)
    line = phrases_for(Language.CHINESE).not_stated.format(what="金额") + "\n"
    answer = reply.result
    assert isinstance(answer, Answer)
    moved = tuple(marked.moved(len(line)) for marked in answer.citations)
    return replace(reply, result=replace(answer, text=line + answer.text, citations=moved))


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    file = tmp_path / "kinds.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in _LINES), encoding="utf-8")
    return load_sets([file])


@pytest.fixture
def report(cases: list[Case]) -> Report:
    return run(cases, _reply)


def test_each_kind_has_a_row_with_the_share_that_is_right(report: Report) -> None:
    rows = {(row.type, row.looks_like, row.kind): row for row in kinds(report)}
    found = {key: (row.questions, row.right and row.right.value) for key, row in rows.items()}
    assert found == {
        ("missing_fact", "", "amount"): (1, 1.0),
        ("missing_fact", "", "duration"): (2, 0.5),
        ("false_premise", "", "amount"): (1, 1.0),
        ("control", "missing_fact", "amount"): (1, 1.0),
        ("control", "false_premise", "amount"): (1, 0.0),
    }
    right = rows["missing_fact", "", "duration"].right
    assert right is not None
    assert (right.interval.low, right.interval.high) == (0.0, 1.0)


def test_what_is_said_without_need_is_counted_over_controls_and_the_rest(report: Report) -> None:
    groups = {group.name: group for group in needless(report)}
    found = {
        name: {measure: (figure.value, figure.judged) for measure, figure in group.figures.items()}
        for name, group in groups.items()
    }
    assert found == {
        "controls": {"needless correction": (0.5, 2), "needless not-stated": (0.0, 2)},
        "others": {"needless correction": (0.0, 1), "needless not-stated": (1.0, 1)},
        "all": {"needless correction": (1 / 3, 3), "needless not-stated": (1 / 3, 3)},
    }


def test_a_question_with_a_needless_line_has_failed(report: Report) -> None:
    told = {result.id: failed(result) for result in report.results}
    assert "needless not-stated" in told["n-1"]
    assert "needless correction" in told["c-2"]
    assert not {"needless not-stated", "needless correction", "outcome"} & {*told["c-1"], *told["m-1"]}


def test_of_two_matters_one_left_unsaid_has_failed() -> None:
    two = replace(item(), missing="厂房租金")
    (result,) = run([Case("x-1", "x", (two,))]).results
    assert result.scores["missing part named"] == 0.0


def test_the_notes_of_a_question_are_not_gold(cases: list[Case]) -> None:
    bare = [
        replace(case, items=tuple(replace(i, kind="", looks_like="") for i in case.items)) for case in cases
    ]
    assert set_hash(run(cases, _reply)) == set_hash(run(bare, _reply))
