"""What papers do to others: articles that end, terms that are extended, titles that contradict a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.relations import Relation, relations_of
from corpus.catalogue.repealed_clauses import repealed_clause
from corpus.effects import with_effects
from corpus.files import ReadPaper
from corpus.head.corrections import corrected
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.paper_keys import contradicts, refers_to
from corpus.ingest import store_papers
from corpus.load import load
from corpus.model import Correction, Document, HeadField, Status
from corpus.notation.citations.cited_articles import LIST, articles_in
from corpus.notation.citations.extensions import extended_by
from corpus.notation.citations.repeals import repealed_by
from corpus.notation.numerals import numeral_of
from corpus.parse import parse
from corpus.rehearsal import after, rehearse
from corpus.report import Ingested
from corpus.store.papers import Store

TODAY = date(2026, 6, 1)


def _paper(name: str, text: str) -> Document:
    return parse(load(text.encode(), name=f"{name}.txt"), document_id=name)


_RULES = (
    "禾川市水务局关于印发禾川市管网巡检办法的通知\n禾水发〔2021〕7号\n各单位：\n"
    "现将《禾川市管网巡检办法》印发给你们，请遵照执行。\n禾川市水务局\n2021年3月1日\n"
    "禾川市管网巡检办法\n第一条 为规范巡检，制定本办法。\n第二条 巡检每公里补助60元。\n"
    "第三条 夜间巡检补助按下列标准：\n（一）城区每次90元；\n（二）郊区每次120元。\n"
    "第四条 本办法自2021年4月1日起施行，有效期3年。\n"
)


def _notice(body: str, *, day: str = "2024年2月20日", title: str = "关于巡检工作有关事项的通知") -> str:
    return f"禾川市水务局{title}\n禾水发〔2024〕5号\n各单位：\n{body}\n禾川市水务局\n{day}\n"


def _catalogue(*papers: Document, today: date = TODAY) -> Catalogue:
    return Catalogue.of(papers, today=today)


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        ("第八条、第九条", ("第八条", "第九条")),
        ("第一、二、三条", ("第一条", "第二条", "第三条")),
        ("中的第三条至第五条", ("第三条", "第四条", "第五条")),
        ("第8条第二款、第三款和第十条", ("第八条第二款", "第八条第三款", "第十条")),
        ("第三条第（二）项", ("第三条第二项",)),
        ("第二章", ("第二章",)),
    ],
)
def test_lists_of_articles(words: str, articles: tuple[str, ...]) -> None:
    match = LIST.match(words)
    assert match is not None
    assert articles_in(match["list"]) == articles


@given(st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True))
def test_every_article_of_a_list_is_read(numbers: list[int]) -> None:
    names = [f"第{numeral_of(number)}条" for number in numbers]
    found = repealed_by([(f"《禾川市管网巡检办法》（禾水发〔2021〕7号）{'、'.join(names)}同时废止。", 0)])
    assert found.papers == ()
    assert [one.articles for one in found.parts] == [tuple(names)]


@pytest.mark.parametrize(
    "text",
    [
        "《禾川市管网巡检办法》第二条规定的补助标准同时废止。",
        "《禾川市管网巡检办法》有关规定同时废止。",
        "根据《禾川市管网巡检办法》第二条，原巡检合同作废。",
        "《禾川市管网巡检办法》第二条不废止。",
    ],
)
def test_other_matters_are_no_repeal_of_an_article(text: str) -> None:
    found = repealed_by([(text, 0)])
    assert (found.papers, found.parts) == ((), ())


@pytest.mark.parametrize(
    ("text", "until", "duration"),
    [
        ("《禾川市管网巡检办法》（禾水发〔2021〕7号）有效期延长至2027年3月31日。", date(2027, 3, 31), ""),
        ("将《禾川市管网巡检办法》的有效期延长2年。", None, "2年"),
        ("延长《禾川市管网巡检办法》有效期至2027年底。", date(2027, 12, 31), ""),
        (
            "《禾川市管网巡检办法》于2024年3月31日到期，经评估，继续执行至2026年12月31日。",
            date(2026, 12, 31),
            "",
        ),
        ("《禾川市管网巡检办法》继续执行，自2024年4月1日起延长三年。", date(2027, 3, 31), ""),
        ("《禾川市管网巡检办法》延期执行至2027年。", date(2027, 12, 31), ""),
        ("《禾川市管网巡检办法》的有效期由2024年3月31日延长至2028年3月31日。", date(2028, 3, 31), ""),
        ("《禾川市管网巡检办法》有效期届满后继续有效。", None, ""),
    ],
)
def test_extensions(text: str, until: date | None, duration: str) -> None:
    (found,) = extended_by([(text, 10)])
    assert (found.paper.title, found.until, found.duration) == ("禾川市管网巡检办法", until, duration)
    assert text[found.span.start - 10 : found.span.end - 10] in text


@pytest.mark.parametrize(
    "text",
    [
        "按照《禾川市管网巡检办法》继续执行。",
        "《禾川市管网巡检办法》规定的工期延长至2027年12月31日。",
        "延长《禾川市管网巡检办法》申报期。",
        "《禾川市管网巡检办法》期满后不再延长。",
        "根据《禾川市管网巡检办法》，合同可延长至2027年。",
    ],
)
def test_other_matters_are_no_extension(text: str) -> None:
    assert extended_by([(text, 0)]) == ()


def test_papers_of_a_list_are_extended() -> None:
    lines = [
        ("下列文件有效期延长至2027年6月30日：", 0),
        ("1.《禾川市管网巡检办法》（禾水发〔2021〕7号）", 30),
        ("2.《禾川市泵站管理办法》（禾水发〔2021〕9号）", 60),
    ]
    found = extended_by(lines)
    assert [(one.paper.title, one.until) for one in found] == [
        ("禾川市管网巡检办法", date(2027, 6, 30)),
        ("禾川市泵站管理办法", date(2027, 6, 30)),
    ]


def test_an_extended_paper_is_in_force_until_the_new_day() -> None:
    rules = _paper("rules", _RULES)
    longer = _paper(
        "longer", _notice("《禾川市管网巡检办法》（禾水发〔2021〕7号）有效期延长至2027年3月31日。")
    )
    assert _catalogue(rules).status("rules") is Status.EXPIRED
    catalogue = _catalogue(rules, longer)
    assert (catalogue.status("rules"), catalogue.acts.last_day("rules")) == (
        Status.IN_FORCE,
        date(2027, 3, 31),
    )
    assert [head.id for head in catalogue.acts.extending("rules")] == ["longer"]
    assert _catalogue(rules, longer, today=date(2027, 4, 1)).status("rules") is Status.EXPIRED
    assert catalogue.changed([], removed=["longer"]).status("rules") is Status.EXPIRED
    assert _catalogue(rules).changed([PaperHead.of(longer)]).status("rules") is Status.IN_FORCE
    (edge,) = relations_of("rules", catalogue).incoming
    assert (edge.kind, edge.quote in longer.text) == (Relation.EXTENDS, True)


def test_a_paper_is_extended_by_a_length_of_time_and_without_end() -> None:
    rules = _paper("rules", _RULES)
    length = _paper("length", _notice("决定将《禾川市管网巡检办法》（禾水发〔2021〕7号）有效期延长2年。"))
    assert _catalogue(rules, length).acts.last_day("rules") == date(2026, 3, 31)
    open_end = _notice("《禾川市管网巡检办法》（禾水发〔2021〕7号）继续有效。")
    assert _catalogue(rules, _paper("open", open_end)).status("rules") is Status.IN_FORCE
    early = _notice("《禾川市管网巡检办法》（禾水发〔2021〕7号）继续有效。", day="2022年2月20日")
    assert _catalogue(rules, _paper("early", early)).status("rules") is Status.EXPIRED


def test_repealed_articles_leave_the_paper_in_force() -> None:
    rules = _paper("rules", _RULES.replace("，有效期3年", ""))
    part = _paper(
        "part",
        _notice("一、要求\n《禾川市管网巡检办法》（禾水发〔2021〕7号）第二条、第三条第（一）项同时废止。"),
    )
    catalogue = _catalogue(rules, part)
    assert catalogue.status("rules") is Status.IN_FORCE
    repealed = {c.path[-1]: repealed_clause(rules, c, catalogue) for c in rules.clauses if c.path}
    found = {label: one.article for label, one in repealed.items() if one is not None}
    assert found == {"第二条": "第二条", "第三条": "第三条第一项", "（一）": "第三条第一项"}
    kinds = [(edge.kind, edge.source.document_id) for edge in relations_of("rules", catalogue).incoming]
    assert kinds == [(Relation.REPEALS_PARTS, "part")]


@pytest.mark.parametrize(
    ("given_title", "agrees"),
    [
        ("禾川市管网巡检办法", True),
        ("禾川市水务局关于印发〈禾川市管网巡检办法〉的通知", True),
        ("管网巡检办法（试行）", True),
        ("关于印发禾川市管网巡捡办法的通知", True),
        ("禾川市河道采砂管理办法", False),
        ("关于做好防汛工作的通知", False),
        ("", True),
    ],
)
def test_a_number_with_the_title_of_another_paper_repeals_nothing(given_title: str, agrees: bool) -> None:
    head = PaperHead.of(_paper("rules", _RULES))
    named = NamedPaper(given_title, "禾水发〔2021〕7号")
    assert refers_to(named, head) is agrees
    assert contradicts(named, head) is not agrees


def _set(document: Document, value: str, at: date) -> Document:
    made = Correction(HeadField.STATUS, value, "核实", datetime(at.year, at.month, at.day, tzinfo=UTC))
    return corrected(document, [made])


def test_the_status_that_an_editor_sets_holds_until_a_later_paper() -> None:
    rules = _paper("rules", _RULES)
    repeal = "《禾川市管网巡检办法》（禾水发〔2021〕7号）同时废止。"
    ends = _paper("ends", _notice(repeal))
    assert _catalogue(rules, ends).status("rules") is Status.REPEALED
    kept = _set(rules, "in_force", date(2026, 5, 1))
    assert _catalogue(kept, ends).status("rules") is Status.IN_FORCE
    assert _catalogue(kept, ends).acts.repealers("rules") == []
    later = _paper("later", _notice(repeal, day="2026年5月20日"))
    assert _catalogue(kept, later).status("rules") is Status.REPEALED
    assert _catalogue(_set(rules, "superseded", date(2026, 5, 1))).status("rules") is Status.SUPERSEDED


@pytest.mark.parametrize(
    "line",
    [
        "（禾水发〔2024〕6号  2024年4月2日印发）",
        "（2024年4月2日 禾水发〔2024〕6号）",
        "禾水发〔2024〕6号 2024年4月2日",
        "（禾川市水务局 禾水发〔2024〕6号 2024年4月2日）",
    ],
)
def test_a_number_beside_a_day_below_the_title(line: str) -> None:
    head = _paper(
        "a", f"禾川市泵站管理办法\n{line}\n第一条 为了管好泵站，制定本办法。\n第二条 每日巡查。\n"
    ).head
    assert head.doc_number is not None
    assert head.doc_number.value == "禾水发〔2024〕6号"
    assert head.date_issued is not None
    assert head.date_issued.value == date(2024, 4, 2)


def _read(name: str, text: str) -> ReadPaper:
    return ReadPaper(f"{name}.txt", replace(_paper(name, text), id=name), text.encode())


def test_the_report_tells_what_papers_do_to_each_other(tmp_path: Path) -> None:
    body = (
        "《禾川市管网巡检办法》（禾水发〔2021〕7号）有效期延长至2027年3月31日。"
        "《禾川市采砂办法》（禾水发〔2021〕7号）同时废止。"
    )
    papers = [_read("longer", _notice(body)), _read("rules", _RULES)]
    with Store(f"sqlite:///{tmp_path / 'papers.db'}") as store:
        empty = Catalogue.of([], today=TODAY)
        seen = rehearse(store, papers)
        planned = with_effects(seen, after(seen, empty))
        taken = store_papers(store, papers)
        heads = store.heads()
        done = with_effects(taken, Catalogue.of(store.documents(), today=TODAY))
    assert planned == done
    longer, rules = done
    assert isinstance(longer, Ingested)
    assert isinstance(rules, Ingested)
    told = [(one.kind, one.by_other, one.document_id) for one in longer.effects]
    assert told == [("unclear", False, "禾水发-2021-7"), ("extends", False, "禾水发-2021-7")]
    assert [(one.kind, one.by_other) for one in rules.effects] == [("extends", True)]
    assert all(one.quote and one.quote in body for one in (*longer.effects, *rules.effects))
    assert (rules.recognised.status, rules.recognised.valid_until) == (Status.IN_FORCE, date(2027, 3, 31))
    assert [head.extends for head in heads if head.extends] == [PaperHead.of(papers[0].document).extends]


def test_what_papers_do_counts_from_their_day_on() -> None:
    rules = _paper("rules", _RULES)
    longer = _paper(
        "longer", _notice("《禾川市管网巡检办法》（禾水发〔2021〕7号）有效期延长至2027年3月31日。")
    )
    catalogue = _catalogue(rules, longer)
    asked = {day: catalogue.on(day).status("rules") for day in (date(2024, 1, 1), date(2024, 5, 1))}
    assert set(asked.values()) == {Status.IN_FORCE}
    assert catalogue.on(date(2024, 1, 1)).acts.extending("rules") == []
    assert catalogue.on(date(2021, 3, 15)).status("rules") is Status.NOT_YET
    kept = _set(rules, "in_force", date(2026, 5, 1))
    assert _catalogue(kept).on(date(2021, 3, 15)).status("rules") is Status.NOT_YET
