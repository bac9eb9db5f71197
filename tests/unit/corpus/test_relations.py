"""Status by other papers and by date, goals of years gone, and the graph of papers."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.relations import Relation, relations_of
from corpus.errors import UnknownDocument
from corpus.head.goals import past_goals
from corpus.load import load
from corpus.model import Document, Status
from corpus.parse import parse

TODAY = date(2026, 6, 1)


def _paper(name: str, text: str) -> Document:
    return parse(load(text.encode(), name=f"{name}.txt"), document_id=name)


def _notice(title: str, number: str, body: str, day: str) -> str:
    return f"{title}\n{number}\n各单位：\n现通知如下：\n一、要求\n{body}\n禾川市水务局\n{day}\n"


_OLD = _paper("old", _notice("禾川市取水收费通知", "禾水发〔2015〕3号", "按方收费。", "2015年3月1日"))
_NEW = _paper(
    "new",
    _notice(
        "禾川市取水计费通知",
        "禾水发〔2024〕8号",
        "根据《禾川市水资源条例》，阶梯计费。《禾川市取水收费通知》（禾水发〔2015〕3号）同时废止。",
        "2024年3月1日",
    ),
)
_DRAFT = _paper("draft", "禾川市水资源条例（征求意见稿）\n第一条 为了节水，制定本条例。\n第二条 节水。\n")
_LAW = _paper(
    "law",
    "禾川市水资源条例\n（2022年5月1日禾川市第三届人民代表大会常务委员会第二次会议通过）\n"
    "第一条 为了节水，制定本条例。\n第二条 本条例自2022年7月1日起施行。\n",
)


def _catalogue(*papers: Document, today: date = TODAY) -> Catalogue:
    return Catalogue.of(papers, today=today)


def test_edges_quote_the_words_that_state_them() -> None:
    papers = {paper.id: paper for paper in (_OLD, _NEW, _LAW)}
    catalogue = _catalogue(*papers.values())
    for document_id in papers:
        found = relations_of(document_id, catalogue)
        for edge in (*found.outgoing, *found.incoming):
            assert edge.span.of(papers[edge.source.document_id].text) == edge.quote
    old = relations_of("old", catalogue)
    assert old.complete
    assert [(edge.kind, edge.source.document_id) for edge in old.incoming] == [(Relation.REPEALS, "new")]
    assert "同时废止" in old.incoming[0].quote
    new = relations_of("new", catalogue)
    assert {(edge.kind, edge.target.document_id) for edge in new.outgoing} >= {(Relation.REPEALS, "old")}
    assert old.incoming[0] in new.outgoing


def test_papers_that_are_not_stored_are_nodes_without_id() -> None:
    found = relations_of("new", _catalogue(_NEW))
    assert [(edge.target.stored, edge.target.status) for edge in found.outgoing] == [(False, None)] * 2
    assert {edge.target.title for edge in found.outgoing} == {"禾川市取水收费通知", "禾川市水资源条例"}


def test_a_paper_that_is_not_stored_has_no_relations() -> None:
    with pytest.raises(UnknownDocument):
        relations_of("nobody", _catalogue(_NEW))


def test_an_issued_paper_supersedes_its_draft() -> None:
    assert _catalogue(_DRAFT).status("draft") is Status.DRAFT
    catalogue = _catalogue(_DRAFT, _LAW)
    assert catalogue.status("draft") is Status.SUPERSEDED
    assert catalogue.status("law") is Status.IN_FORCE
    (edge,) = relations_of("draft", catalogue).incoming
    assert (edge.kind, edge.source.document_id) == (Relation.SUPERSEDES, "law")
    assert edge in relations_of("law", catalogue).outgoing


def test_an_amended_text_supersedes_the_older_one() -> None:
    later = _LAW.text.replace("通过）", "通过 2025年5月8日修正）")
    amended = _paper("amended", later)
    catalogue = _catalogue(_LAW, amended)
    assert catalogue.status("law") is Status.SUPERSEDED
    assert catalogue.status("amended") is Status.IN_FORCE


def test_another_town_supersedes_nothing() -> None:
    other = _paper("other", _LAW.text.replace("禾川市", "长沙市"))
    assert _catalogue(_DRAFT, other).status("draft") is Status.DRAFT


@pytest.mark.parametrize(
    ("today", "status", "old"),
    [
        (date(2026, 6, 1), Status.NOT_YET, Status.IN_FORCE),
        (date(2027, 1, 1), Status.IN_FORCE, Status.REPEALED),
        (date(2030, 1, 1), Status.EXPIRED, Status.REPEALED),
    ],
)
def test_status_by_date(today: date, status: Status, old: Status) -> None:
    """A repeal counts from the day on which the repealing paper applies."""
    coming = _paper(
        "coming",
        _notice(
            "禾川市节水通知",
            "禾水发〔2026〕5号",
            "本通知自2027年1月1日起施行，有效期三年。\n二、其他\n《禾川市取水收费通知》同时废止。",
            "2026年5月1日",
        ),
    )
    catalogue = _catalogue(_OLD, coming, today=today)
    assert (catalogue.status("coming"), catalogue.status("old")) == (status, old)


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("到2020年，节水器具普及率达到九成。", 2020),
        ("“十三五”期间，建成节水工厂十家。", 2020),
        ("到2020年普及率达到八成，到2030年达到九成。", None),
        ("到2020年，普及率达到九成。本通知有效期五年。", None),
        ("按方收费。", None),
    ],
)
def test_goals_of_years_gone(body: str, year: int | None) -> None:
    document = _paper("goals", _notice("禾川市节水通知", "禾水发〔2017〕5号", body, "2017年5月1日"))
    found = past_goals(document, today=TODAY)
    assert (found.last_year if found else None) == year
    if found is not None:
        assert found.span.of(document.text).endswith("。")
