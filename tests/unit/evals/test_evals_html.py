from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from evals_asked import CASES, MADE, PAPERS, item, run
from evals_page import Node, read

from evals.measures.summary import by_file
from evals.model import Case, Provenance, Report
from evals.report.html import as_html
from evals.report.wording import ReportLanguage
from rag.model import Reason

EN = ReportLanguage.ENGLISH
HOSTILE = (
    "</style></title><script>alert(1)</script><img src=http://evil.example/x onerror='alert(2)'>\" &amp;"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return run(CASES, made=MADE)


@pytest.fixture(scope="module")
def page(report: Report) -> Node:
    return read(as_html(report, PAPERS.by_id, language=EN))


def test_the_page_loads_nothing_and_runs_nothing(report: Report) -> None:
    text = as_html(report, PAPERS.by_id, language=EN)
    page = read(text)
    assert text.startswith("<!DOCTYPE html>")
    assert not [*page.all("script"), *page.all("link"), *page.all("img"), *page.all("iframe")]
    pointed = [value for node in page.all() for name, value in node.attributes.items() if name == "href"]
    assert pointed
    assert all(value.startswith("#") for value in pointed)
    assert not [name for node in page.all() for name in node.attributes if name.startswith(("on", "src"))]
    assert "url(" not in "".join(style.text for style in page.all("style"))
    (policy,) = (m.attributes["content"] for m in page.all("meta") if m.attributes.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_the_page_is_well_formed_and_its_anchors_lead_somewhere(page: Node) -> None:
    ids = Counter(node.attributes["id"] for node in page.all() if "id" in node.attributes)
    assert ids.most_common(1)[0][1] == 1
    pointed = {a.attributes["href"].removeprefix("#") for a in page.all("a")}
    assert pointed <= ids.keys()
    levels = [int(node.tag[1]) for node in page.all() if re.fullmatch(r"h[1-6]", node.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_header_says_what_it_heads(page: Node) -> None:
    headers = list(page.all("th"))
    assert headers
    assert all(header.attributes.get("scope") in ("row", "col") for header in headers)


def test_figures_stand_on_cards_with_their_intervals(page: Node, report: Report) -> None:
    cards = {next(card.all("h3")).text: card for card in page.all("div", class_="figure")}
    facts = by_file(report)[-1].figures["facts"]
    assert f"{facts.value:.3f}" in cards["facts"].text
    assert f"{facts.interval.low:.3f}–{facts.interval.high:.3f}" in cards["facts"].text
    assert "0.500" in cards["refusal recall"].text
    assert "less is better" in cards["false refusal ↓"].text
    assert len(cards) == len(set(cards)) >= 12
    (dot,) = cards["facts"].all("span", class_="dot")
    assert dot.attributes["style"] == f"left:{100 * facts.value}%"


def test_every_group_of_questions_has_a_row(page: Node) -> None:
    captions = {next(table.all("caption")).text: table for table in page.all("table", class_="rows")}
    named = {title: [row.text for row in table.all("th", scope="row")] for title, table in captions.items()}
    assert named == {
        "By file": ["a", "dialogue", "follow-ups", "all"],
        "By difficulty": ["easy"],
        "By type": ["number"],
        "By turn of a dialogue": ["turn 1", "turn 2"],
        "What has no answer: right outcome": ["out_of_domain", "missing_fact", "all that must be refused"],
    }


def test_plots_have_words(page: Node) -> None:
    drawings = list(page.all("div", role="img"))
    assert len(drawings) == 4
    assert all(drawing.attributes["aria-label"] and list(drawing.all("svg")) for drawing in drawings)


def test_the_plot_of_refusals_marks_the_operating_point(report: Report) -> None:
    """5 of the 6 questions are answered, and 3 of those answers are wrong."""
    made = Provenance(threshold=0.45)
    page = read(as_html(replace(report, provenance=made), PAPERS.by_id, language=EN))
    words = [drawing.attributes["aria-label"] for drawing in page.all("div", role="img")]
    assert "at the threshold 0.45: 83.3% of 6 questions answered, 60.0% of those wrong" in words[0]


def test_what_was_measured_is_named(page: Node) -> None:
    (header,) = page.all("header")
    assert "3 of 6 questions failed" in header.text
    assert all(words in header.text for words in ("2026-03-01", "c0ffee", "e5", "ZHENGWEN_K=10"))


def test_outcomes_are_counted_by_what_was_expected(page: Node) -> None:
    table = next(table for table in page.all("table", class_="grid") if "missing_fact" in table.text)
    rows = [[cell.text.strip() for cell in row.children if isinstance(cell, Node)] for row in table.all("tr")]
    assert rows[0] == ["expected", "type", "questions", "answered", "refused"]
    assert rows[1] == ["answer", "all types", "4", "4", "–"]
    assert rows[2] == ["refuse", "out_of_domain", "1", "–", "1"]
    assert rows[3] == ["refuse", "missing_fact", "1", "1wrong", "–"]


def test_hostile_text_stays_text() -> None:
    case = Case(
        HOSTILE, HOSTILE, (replace(item(type=HOSTILE, must=[[HOSTILE]]), question=HOSTILE),), style=HOSTILE
    )
    reply = PAPERS.refusal(Reason.NO_EVIDENCE)
    reply = replace(reply, result=replace(reply.result, text=HOSTILE))
    made = Provenance(date=HOSTILE, corpus=HOSTILE, settings={HOSTILE: HOSTILE})
    page = read(as_html(run([case], lambda _: reply, made=made), PAPERS.by_id, language=EN))
    assert not [*page.all("script"), *page.all("img")]
    assert not [name for node in page.all() for name in node.attributes if name.startswith("on")]
    assert "script" not in "".join(style.text for style in page.all("style"))
    (shown,) = page.all("details", class_="case")
    assert next(shown.all("h3")).text == HOSTILE
    assert next(shown.all("div", class_="answer")).text == HOSTILE
    assert next(shown.all("a")).text == HOSTILE


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert as_html(report, PAPERS.by_id, language=EN) == as_html(report, PAPERS.by_id, language=EN)


def test_a_run_without_failures() -> None:
    page = read(as_html(run([Case("a-1", "a", (item(),))]), PAPERS.by_id, language=EN))
    assert "All 1 questions passed" in page.text
    assert "Nothing failed." in page.text
    assert not list(page.all("input"))


def test_a_run_without_answerable_questions() -> None:
    page = read(as_html(run(CASES[-2:]), PAPERS.by_id, language=EN))
    cards = [next(card.all("h3")).text for card in page.all("div", class_="figure")]
    assert "refusal recall" in cards
    assert "facts" not in cards
    assert "missing_fact" in page.text


def test_a_run_without_refusals() -> None:
    page = read(as_html(run(CASES[:2]), PAPERS.by_id, language=EN))
    assert "1 of 2 questions failed" in page.text


def test_an_empty_run() -> None:
    page = read(as_html(Report(()), {}, language=EN))
    assert "No question was asked." in page.text
    assert "Nothing was measured." in page.text


def test_questions_left_out_are_named() -> None:
    only = replace(PAPERS, documents=PAPERS.documents[:1])
    page = read(as_html(run(CASES[:2], papers=only), only.by_id, language=EN))
    assert "1 left out" in page.text
    assert "a-2" in page.text
