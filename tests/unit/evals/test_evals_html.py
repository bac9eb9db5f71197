from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count, pairwise

import pytest
from evals_page import Node, read
from evals_shelf import Shelf, paper

from evals.html import as_html
from evals.model import Case, Evidence, Expect, Item, Provenance, Report
from evals.run import evaluate
from evals.summary import by_file, failed
from rag.model import Question, Reason, Reply

QUOTE = "每年一次性奖补500万元"
HOSTILE = (
    "</style></title><script>alert(1)</script><img src=http://evil.example/x onerror='alert(2)'>\" &amp;"
)


def item(
    *,
    evidence: Sequence[Evidence] = (Evidence("province", ("（一）",), (QUOTE,)),),
    must: Sequence[Sequence[str]] = (("500万",),),
    type: str = "number",
) -> Item:
    """A question on the province's first article; what is named replaces what it has."""
    groups = tuple(tuple(group) for group in must)
    return Item("？", type, "easy", Expect.ANSWER, tuple(evidence), answer_must=groups)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """A province's paper and a city's paper, read once for the whole module."""
    province = [
        (("一、", "（一）"), "（一）每个平台每年一次性奖补500万元，连续支持3年。"),
        (("一、", "（二）"), "（二）支持医疗机构制剂医保支付。最高不超过3000万元。"),
        (("附则",), "本意见自印发之日起实施，有效期5年。"),
    ]
    city = [
        (("二、", "（一）", "1．"), "1．支持沅江枳壳（实）、安化黄精等道地中药种植。"),
        (("二、", "（二）", "1．"), "1．支持企业牵头组建产学研用协同创新平台。"),
    ]
    return Shelf(
        (
            paper(
                "province", "湖南省关于促进生物医药产业创新发展的若干意见", "湘政办发〔2026〕15号", province
            ),
            paper("city", "益阳市关于促进医药产业健康发展的实施意见", "益政办发〔2017〕29号", city),
        )
    )


@pytest.fixture(scope="module")
def reader(shelf: Shelf) -> Callable[[Question], Reply]:
    """Quotes the first article of the province, whatever is asked; a recipe it refuses."""
    cited = shelf.cite("province", "（一）", QUOTE)

    def ask(question: Question) -> Reply:
        if "怎么做" in question.text:
            return shelf.refusal(Reason.OUT_OF_DOMAIN, cited)
        return shelf.answer(
            cited, hits=[("province", "（二）"), ("province", "附则"), ("province", "（一）")]
        )

    return ask


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    city = [Evidence("city", ("二、（一）1．",), ("沅江枳壳(实)、 安化 黄精",))]
    wrong = item(evidence=city, must=[["黄精", "枳壳"], ["500万"]])
    return [
        Case("a-1", "a", (item(),)),
        Case("a-2", "a", (wrong,)),
        Case("d-1", "dialogue", (item(), replace(wrong, question="那里呢？", standalone="益阳呢？"))),
        Case("r-1", "refusal", (Item("红烧肉怎么做？", "out_of_domain", "", Expect.REFUSE),)),
        Case("r-2", "refusal", (Item("补贴几元？", "missing_fact", "", Expect.REFUSE),)),
    ]


def run(
    cases: list[Case], ask: Callable[[Question], Reply], shelf: Shelf, *, made: Provenance | None = None
) -> Report:
    ticks = count()
    return evaluate(cases, ask, documents=shelf.documents, provenance=made, clock=lambda: next(ticks) / 100)


@pytest.fixture(scope="module")
def report(cases: list[Case], reader: Callable[[Question], Reply], shelf: Shelf) -> Report:
    made = Provenance(date="2026-03-01", corpus="c0ffee", model="e5", settings={"ZHENGWEN_K": "10"})
    return run(cases, reader, shelf, made=made)


@pytest.fixture(scope="module")
def page(report: Report, shelf: Shelf) -> Node:
    return read(as_html(report, shelf.library))


def _case(page: Node, case_id: str) -> Node:
    return next(
        case for case in page.all("details", class_="case") if case_id in [a.text for a in case.all("a")]
    )


def test_the_page_loads_nothing_and_runs_nothing(report: Report, shelf: Shelf) -> None:
    text = as_html(report, shelf.library)
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


def test_the_plot_of_refusals_marks_where_the_program_stands(report: Report, shelf: Shelf) -> None:
    """5 of the 6 questions are answered, and 3 of those answers are wrong."""
    made = Provenance(settings={"ZHENGWEN_ANSWER__THRESHOLD": "0.45"})
    page = read(as_html(replace(report, provenance=made), shelf.library))
    words = [drawing.attributes["aria-label"] for drawing in page.all("div", role="img")]
    assert "at the threshold 0.45: 83.3% of 6 questions answered, 60.0% of those wrong" in words[0]


def test_what_was_measured_is_named(page: Node) -> None:
    (header,) = page.all("header")
    assert "3 of 6 questions failed" in header.text
    assert all(words in header.text for words in ("2026-03-01", "c0ffee", "e5", "ZHENGWEN_K=10"))


def test_every_failed_question_is_shown_and_no_other(page: Node, report: Report) -> None:
    shown = [next(case.all("a")).text for case in page.all("details", class_="case")]
    assert shown == [result.id for result in report.results if failed(result)] == ["a-2", "d-1#2", "r-2"]


def test_badges_name_the_measures(page: Node) -> None:
    (badges,) = _case(page, "a-2").all("span", class_="badges")
    assert [badge.text for badge in badges.all("span")] == ["R@5", "facts", "document", "article"]


def test_evidence_is_marked_in_expected_and_retrieved_clauses(page: Node) -> None:
    """The gold quote has other brackets and white space than the paper; the paper's words are marked."""
    case = _case(page, "a-2")
    (want,) = case.all("div", class_="want")
    assert [mark.text for mark in want.all("mark", class_="gold")] == ["沅江枳壳（实）、安化黄精"]
    assert "not cited" in want.text
    assert "益政办发〔2017〕29号" in want.text
    assert not list(case.all("details", class_="evidence"))
    assert "no evidence among them" in case.text


def test_retrieved_clauses_stand_in_order_with_evidence_and_quotes(
    reader: Callable[[Question], Reply], shelf: Shelf
) -> None:
    missing = item(must=[["600万"]])
    page = read(as_html(run([Case("a-1", "a", (missing,))], reader, shelf), shelf.library))
    hits = list(page.all("details", class_="hit"))
    assert [next(hit.all("span", class_="rank")).text for hit in hits] == ["1", "2", "3"]
    (evidence,) = page.all("details", class_="evidence")
    assert evidence is hits[2]
    assert "open" in evidence.attributes
    marks = [(mark.text, mark.attributes["class"]) for mark in evidence.all("mark")]
    assert marks == [(QUOTE, "gold quoted")]
    assert "evidence first at 3" in page.text


def test_facts_are_told_apart(page: Node) -> None:
    (facts,) = _case(page, "a-2").all("ul", class_="facts")
    told = [[span.text for span in fact.all("span")] for fact in facts.all("li")]
    assert told == [["missing", "黄精 / 枳壳"], ["present", "500万"]]
    (answer,) = _case(page, "a-2").all("div", class_="answer")
    assert [m.text for m in answer.all("mark", class_="fact")] == ["500万"]
    assert "".join(m.text for m in answer.all("mark", class_="quoted")) == QUOTE


def test_a_fact_is_not_marked_inside_a_longer_number(
    reader: Callable[[Question], Reply], shelf: Shelf
) -> None:
    page = read(as_html(run([Case("a-1", "a", (item(must=[["00万元"]]),))], reader, shelf), shelf.library))
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


def test_outcomes_are_counted_by_what_was_expected(page: Node) -> None:
    table = next(table for table in page.all("table", class_="grid") if "missing_fact" in table.text)
    rows = [[cell.text.strip() for cell in row.children if isinstance(cell, Node)] for row in table.all("tr")]
    assert rows[0] == ["expected", "type", "questions", "answered", "refused"]
    assert rows[1] == ["answer", "all types", "4", "4", "–"]
    assert rows[2] == ["refuse", "out_of_domain", "1", "–", "1"]
    assert rows[3] == ["refuse", "missing_fact", "1", "1wrong", "–"]


def test_filters_count_and_hide(report: Report, shelf: Shelf, page: Node) -> None:
    labels = {label.text: label for label in page.all("label")}
    chosen = next(iter(labels["dialogue 1"].all("input"))).attributes["id"]
    style = "".join(style.text for style in page.all("style"))
    assert f"#failed:has(#{chosen}:checked) .case:not(.{chosen})" in style
    with_class = [next(case.all("a")).text for case in page.all("details", class_=chosen)]
    assert with_class == ["d-1#2"]


def test_hostile_text_stays_text(shelf: Shelf) -> None:
    case = Case(
        HOSTILE, HOSTILE, (replace(item(type=HOSTILE, must=[[HOSTILE]]), question=HOSTILE),), style=HOSTILE
    )
    reply = shelf.refusal(Reason.NO_EVIDENCE)
    reply = replace(reply, result=replace(reply.result, text=HOSTILE))
    made = Provenance(date=HOSTILE, corpus=HOSTILE, settings={HOSTILE: HOSTILE})
    page = read(as_html(run([case], lambda _: reply, shelf, made=made), shelf.library))
    assert not [*page.all("script"), *page.all("img")]
    assert not [name for node in page.all() for name in node.attributes if name.startswith("on")]
    assert "script" not in "".join(style.text for style in page.all("style"))
    (shown,) = page.all("details", class_="case")
    assert next(shown.all("h3")).text == HOSTILE
    assert next(shown.all("div", class_="answer")).text == HOSTILE
    assert next(shown.all("a")).text == HOSTILE


def test_a_long_clause_is_folded_around_its_evidence(reader: Callable[[Question], Reply]) -> None:
    long = paper("province", "长", "", [(("（一）",), f"（一）{'前' * 900}{QUOTE}{'后' * 900}")])
    shelf = Shelf((long,))
    cited = shelf.cite("province", "（一）", QUOTE)
    wrong = item(must=[["600万"]])
    page = read(
        as_html(run([Case("a-1", "a", (wrong,))], lambda _: shelf.answer(cited), shelf), shelf.library)
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


def test_the_same_report_gives_the_same_bytes(report: Report, shelf: Shelf) -> None:
    assert as_html(report, shelf.library) == as_html(report, shelf.library)


def test_a_run_without_failures(reader: Callable[[Question], Reply], shelf: Shelf) -> None:
    page = read(as_html(run([Case("a-1", "a", (item(),))], reader, shelf), shelf.library))
    assert "All 1 questions passed" in page.text
    assert "Nothing failed." in page.text
    assert not list(page.all("input"))


def test_a_run_without_answerable_questions(
    cases: list[Case], reader: Callable[[Question], Reply], shelf: Shelf
) -> None:
    page = read(as_html(run(cases[-2:], reader, shelf), shelf.library))
    cards = [next(card.all("h3")).text for card in page.all("div", class_="figure")]
    assert "refusal recall" in cards
    assert "facts" not in cards
    assert "missing_fact" in page.text


def test_a_run_without_refusals(cases: list[Case], reader: Callable[[Question], Reply], shelf: Shelf) -> None:
    page = read(as_html(run(cases[:2], reader, shelf), shelf.library))
    assert "1 of 2 questions failed" in page.text


def test_an_empty_run() -> None:
    page = read(as_html(Report(()), {}))
    assert "No question was asked." in page.text
    assert "Nothing was measured." in page.text


def test_a_label_the_paper_lacks_and_a_quote_that_stands_elsewhere(
    reader: Callable[[Question], Reply], shelf: Shelf
) -> None:
    """A test case that is itself wrong is seen as such."""
    wrong = item(evidence=[Evidence("city", ("九、",), ("安化黄精",))])
    page = read(as_html(run([Case("a-1", "a", (wrong,))], reader, shelf), shelf.library))
    assert "The paper has no clause of this name." in page.text
    assert "not in these clauses 安化黄精" in page.text


def test_questions_left_out_are_named(
    cases: list[Case], reader: Callable[[Question], Reply], shelf: Shelf
) -> None:
    only = replace(shelf, documents=shelf.documents[:1])
    page = read(as_html(run(cases[:2], reader, only), only.library))
    assert "1 left out" in page.text
    assert "a-2" in page.text
