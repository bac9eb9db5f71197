from __future__ import annotations

import pytest
from evals_asked import CASES, MADE, PAPERS, QUOTE, item, run
from evals_catalogue import Papers, paper
from evals_page import Node, read

from evals.measures.summary import failed
from evals.model import Case, Evidence, Report
from evals.report.html import as_html
from evals.report.wording import ReportLanguage

EN = ReportLanguage.ENGLISH


@pytest.fixture(scope="module")
def report() -> Report:
    return run(CASES, made=MADE)


@pytest.fixture(scope="module")
def page(report: Report) -> Node:
    return read(as_html(report, PAPERS.by_id, language=EN))


def _case(page: Node, case_id: str) -> Node:
    return next(
        case for case in page.all("details", class_="case") if case_id in [a.text for a in case.all("a")]
    )


def test_every_failed_question_is_shown_and_no_other(page: Node, report: Report) -> None:
    shown = [next(case.all("a")).text for case in page.all("details", class_="case")]
    assert shown == [result.id for result in report.results if failed(result)] == ["a-2", "d-1#2", "r-2"]


def test_badges_name_the_measures(page: Node) -> None:
    (badges,) = _case(page, "a-2").all("span", class_="badges")
    assert [badge.text for badge in badges.all("span")] == ["R@5", "facts", "document", "article"]


def test_evidence_is_marked_in_expected_and_retrieved_clauses(page: Node) -> None:
    """The gold quote differs from the paper in brackets and white space; the paper's words are marked."""
    case = _case(page, "a-2")
    (want,) = case.all("div", class_="want")
    assert [mark.text for mark in want.all("mark", class_="gold")] == ["沅江枳壳（实）、安化黄精"]
    assert "not cited" in want.text
    assert "益政办发〔2017〕29号" in want.text
    assert not list(case.all("details", class_="evidence"))
    assert "no evidence among them" in case.text


def test_retrieved_clauses_stand_in_order_with_evidence_and_quotes() -> None:
    missing = item(must=[["600万"]])
    page = read(as_html(run([Case("a-1", "a", (missing,))]), PAPERS.by_id, language=EN))
    hits = list(page.all("details", class_="hit"))
    assert [next(hit.all("span", class_="rank")).text for hit in hits] == ["1", "2", "3"]
    (evidence,) = page.all("details", class_="evidence")
    assert evidence is hits[2]
    assert "open" in evidence.attributes
    marks = [(mark.text, mark.attributes["class"]) for mark in evidence.all("mark")]
    assert marks == [(QUOTE, "gold quoted")]
    assert "evidence first at 3" in page.text


def test_present_and_missing_facts_are_distinguished(page: Node) -> None:
    (facts,) = _case(page, "a-2").all("ul", class_="facts")
    told = [[span.text for span in fact.all("span")] for fact in facts.all("li")]
    assert told == [["missing", "黄精 / 枳壳"], ["present", "500万"]]
    (answer,) = _case(page, "a-2").all("div", class_="answer")
    assert [m.text for m in answer.all("mark", class_="fact")] == ["500万"]
    assert "".join(m.text for m in answer.all("mark", class_="quoted")) == QUOTE


def test_a_fact_is_not_marked_inside_a_longer_number() -> None:
    page = read(as_html(run([Case("a-1", "a", (item(must=[["00万元"]]),))]), PAPERS.by_id, language=EN))
    (answer,) = page.all("div", class_="answer")
    assert not list(answer.all("mark", class_="fact"))


def test_a_later_turn_shows_the_earlier_ones(page: Node) -> None:
    (turns,) = _case(page, "d-1#2").all("ol", class_="turns")
    assert "？" in turns.text
    assert QUOTE in turns.text
    assert "益阳呢？" in _case(page, "d-1#2").text


def test_an_answer_where_a_refusal_was_due(page: Node) -> None:
    case = _case(page, "r-2")
    assert "expected refuse, got answered" in case.text
    assert "the papers do not answer this" in case.text


def test_filters_count_and_hide(report: Report, page: Node) -> None:
    labels = {label.text: label for label in page.all("label")}
    chosen = next(iter(labels["dialogue 1"].all("input"))).attributes["id"]
    style = "".join(style.text for style in page.all("style"))
    assert f"#failed:has(#{chosen}:checked) .case:not(.{chosen})" in style
    with_class = [next(case.all("a")).text for case in page.all("details", class_=chosen)]
    assert with_class == ["d-1#2"]


def test_a_long_clause_is_folded_around_its_evidence() -> None:
    long = paper("province", "长", "", [(("（一）",), f"（一）{'前' * 900}{QUOTE}{'后' * 900}")])
    papers = Papers((long,))
    cited = papers.cite("province", "（一）", QUOTE)
    wrong = item(must=[["600万"]])
    page = read(
        as_html(
            run([Case("a-1", "a", (wrong,))], lambda _: papers.answer(cited), papers),
            papers.by_id,
            language=EN,
        )
    )
    (want,) = page.all("div", class_="want")
    folds = [fold.children[-1] for fold in want.all("details", class_="fold")]
    assert [str(folded)[0] for folded in folds] == ["前", "后"]
    clause = next(want.all("div", class_="clause"))
    in_view = "".join(c if isinstance(c, str) else c.text for c in clause.children if not _is_fold(c))
    assert QUOTE in in_view
    assert len(in_view) < 450
    assert in_view.startswith("（一）前")


def _is_fold(child: Node | str) -> bool:
    return isinstance(child, Node) and child.tag == "details"


def test_a_label_the_paper_lacks_and_a_quote_of_another_clause() -> None:
    """The page shows an error of the test case itself."""
    wrong = item(evidence=[Evidence("city", ("九、",), ("安化黄精",))])
    page = read(as_html(run([Case("a-1", "a", (wrong,))]), PAPERS.by_id, language=EN))
    assert "The paper has no clause of this name." in page.text
    assert "not in these clauses 安化黄精" in page.text
