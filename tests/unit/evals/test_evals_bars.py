"""A run with a figure that misses its bar has not passed, in any form of the report."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from evals_asked import PAPERS, QUOTE, item, run
from evals_page import read

from corpus.errors import BadTable
from evals.measures.bars import bars, fact_bars, judged, missed, parse_bars
from evals.measures.names import NAMES, PROMISES
from evals.model import Case, Report
from evals.report.html import as_html
from evals.report.junit import as_junit
from evals.report.markdown import as_markdown
from evals.report.wording import ReportLanguage
from evals.report.writer import as_text
from rag.model import Question, Reply

_PASSED = {ReportLanguage.CHINESE: "通过", ReportLanguage.ENGLISH: "passed"}
_NOT_PASSED = {ReportLanguage.CHINESE: "未通过", ReportLanguage.ENGLISH: "Not passed"}


def _right(_: Question) -> Reply:
    return PAPERS.answer(PAPERS.cite("province", "（一）", QUOTE), hits=[("province", "（一）")])


def _with_foreign_sentence(_: Question) -> Reply:
    """Right by every measure that fails a question, and with a sentence of a paper not asked about."""
    own, other = (PAPERS.cite("province", "（一）", QUOTE), PAPERS.cite("city", "1．", "安化黄精"))
    return PAPERS.answer(own, other, hits=[("province", "（一）")])


@pytest.fixture
def passed() -> Report:
    return run([Case("a-1", "a", (item(),))], _right)


@pytest.fixture
def below() -> Report:
    return run([Case("a-1", "a", (item(),))], _with_foreign_sentence)


def test_every_bar_is_of_a_measure_and_every_promise_has_one() -> None:
    assert bars().keys() <= {*NAMES}
    both = {**bars(), **fact_bars()}
    assert all(both[promise].value == 1.0 for promise in PROMISES)


def test_less_may_be_better(below: Report) -> None:
    (one,) = missed(below)
    assert (one.bar.measure, one.bar.is_most, one.figure.value) == ("foreign sentences", True, 0.5)
    assert {one.bar.measure for one in judged(below)} > {"foreign sentences"}


def test_a_figure_at_its_bar_reaches_it(passed: Report) -> None:
    assert missed(passed) == []


@pytest.mark.parametrize("language", list(ReportLanguage))
def test_a_run_below_a_bar_is_nowhere_called_passed(
    passed: Report, below: Report, language: ReportLanguage
) -> None:
    page = read(as_html(below, PAPERS.by_id, language=language)).text
    assert _NOT_PASSED[language] in page
    assert _PASSED[language] not in page.replace(_NOT_PASSED[language], "")
    assert _PASSED[language] in read(as_html(passed, PAPERS.by_id, language=language)).text
    for text in (as_markdown(below, language=language), as_text(below, language=language)):
        assert _NOT_PASSED[language] in text
        assert _PASSED[language] not in text.replace(_NOT_PASSED[language], "")
    assert _NOT_PASSED[language] not in as_text(passed, language=language)


def test_a_ci_server_sees_a_failure_too(passed: Report, below: Report) -> None:
    failures = list(ElementTree.fromstring(as_junit(below)).iter("failure"))
    assert [failure.get("message") for failure in failures] == [
        "foreign sentences is 0.500, the bar is at most 0.05"
    ]
    assert not list(ElementTree.fromstring(as_junit(passed)).iter("failure"))


def test_a_broken_promise_is_below_its_bar(passed: Report) -> None:
    (result,) = passed.results
    broken = replace(result, scores={**result.scores, "quotes verbatim": 0.999})
    assert [one.bar.measure for one in missed(replace(passed, results=(broken,)))] == ["quotes verbatim"]


@pytest.mark.parametrize(
    "line", ["nothing\t0.5\twhy", "facts\thalf\twhy", "facts\t0.5", "facts\t1\ta\nfacts\t1\tb"]
)
def test_what_is_no_bar_is_named(line: str) -> None:
    with pytest.raises(BadTable, match=r"bars\.tsv"):
        parse_bars(line, place="bars.tsv")
