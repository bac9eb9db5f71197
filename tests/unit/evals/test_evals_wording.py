"""The report in Chinese and English: both complete, nothing of one in the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from evals_asked import CASES, MADE, PAPERS, run
from evals_page import read

from corpus.notation.text_table import TextTable
from evals.compare.baseline import Trend
from evals.measures.bars import bars
from evals.measures.fact_names import ALL_OF_FACTS
from evals.measures.names import AREA, NAMES
from evals.model import Expect, Report
from evals.report.html import as_html
from evals.report.markdown import as_markdown
from evals.report.wording import ReportLanguage, wording_in
from evals.report.writer import as_text
from rag.model import Outcome, Reason

_EVALS = Path(__file__).resolve().parents[3] / "evals"
# words("title"), words(\n    "missed", …)
_USED = re.compile(r"""\bwords\(\s*["']([a-z_.]+)["']\s*[,)]""")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def report() -> Report:
    return run(CASES, made=MADE)


def test_both_languages_have_the_same_keys() -> None:
    texts = TextTable.read("evals", "report.tsv").texts
    assert texts.keys() == {language.value for language in ReportLanguage}
    assert texts["zh"].keys() == texts["en"].keys()


def test_chinese_is_written_in_chinese_and_english_without_it() -> None:
    texts = TextTable.read("evals", "report.tsv").texts
    assert [key for key, text in texts["en"].items() if _HAN.search(text)] == []
    latin = {key for key, text in texts["zh"].items() if not _HAN.search(text)}
    assert latin <= {"comma", "semicolon", "run_is", "missed", "plot.latency_one"}


def test_every_key_that_is_used_is_there() -> None:
    files = [
        *(_EVALS / "report").glob("*.py"),
        *(_EVALS / "facts").glob("*.py"),
        *(_EVALS / "templates").glob("*.html"),
    ]
    used = {key for file in files for key in _USED.findall(file.read_text(encoding="utf-8"))}
    assert len(used) > 60
    assert used <= wording_in(ReportLanguage.CHINESE).texts.keys()


def test_every_name_of_the_program_has_a_name() -> None:
    texts = wording_in(ReportLanguage.CHINESE).texts
    own = {name.partition(" (")[0] for name in ALL_OF_FACTS}
    wanted = [f"measure.{name}" for name in (*NAMES, *own, *bars(), AREA, "outcome")]
    wanted += [f"outcome.{outcome.value}" for outcome in Outcome]
    wanted += [f"reason.{reason.value}" for reason in Reason]
    wanted += [f"expect.{expect.value}" for expect in Expect]
    wanted += [f"trend.{trend.value}" for trend in Trend if trend is not Trend.SAME]
    assert [key for key in wanted if key not in texts] == []


def test_names_of_a_test_set_stay_as_they_are() -> None:
    words = wording_in(ReportLanguage.CHINESE)
    assert (words.named("type", "自拟"), words.measure("all three (hunan)")) == ("自拟", "三项全对 (hunan)")


def test_the_report_is_in_chinese_unless_asked(report: Report) -> None:
    page = read(as_html(report, PAPERS.by_id))
    assert next(page.all("html")).attributes["lang"] == "zh-CN"
    assert next(page.all("h1")).text == "zhengwen 评测报告"
    english = read(as_html(report, PAPERS.by_id, language=ReportLanguage.ENGLISH))
    assert next(english.all("html")).attributes["lang"] == "en"
    for text in (as_text(report), as_markdown(report)):
        assert "三项全对" in text
        assert "questions" not in text


def test_nothing_of_the_page_stays_english(report: Report) -> None:
    """Every heading, table header, badge and label of the Chinese page differs from the English one."""
    shown = {
        language: [
            node.text.strip()
            for node in read(as_html(report, PAPERS.by_id, language=language)).all()
            if node.tag in {"h1", "h2", "h4", "caption", "legend", "figcaption"}
            or "badge" in node.attributes.get("class", "").split()
        ]
        for language in ReportLanguage
    }
    pairs = zip(shown[ReportLanguage.CHINESE], shown[ReportLanguage.ENGLISH], strict=True)
    assert {chinese for chinese, english in pairs if chinese == english} == set()
