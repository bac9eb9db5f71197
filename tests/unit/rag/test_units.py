"""The units that can be quoted cover a clause, in order and without overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from assembled import clause_named, five, paper, written
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Clause, Document
from corpus.structure.units import UnitKind, units

_CLAUSES = [(document, clause) for document in five() for clause in document.clauses]
_PIECES = [
    "一、总体要求",
    "（一）支持创新。",
    "给予500万元奖补",
    "。",
    "；",
    "！",
    "“应配尽配”",
    "“",
    "（",
    "）",
    "\n",
    "”",
    "《办法》",
]
_PIECES += ["（责任单位：省科技厅、省药监局）", "1．", "第二条", " ", "附则", "……", "?", "2026年2月14日"]


def _problems(document: Document, clause: Clause) -> list[str]:
    found = units(document, clause)
    problems = [
        f"{unit} outside {clause.key}"
        for unit in found
        if not clause.start <= unit.span.start < unit.span.end <= clause.end
    ]
    problems += [f"{a} and {b} overlap" for a, b in pairwise(found) if a.span.end > b.span.start]
    covered = {i for unit in found for i in range(unit.span.start, unit.span.end)}
    problems += [
        f"{document.text[i]!r} at {i} of {clause.key} cannot be quoted"
        for i in range(clause.start, clause.end)
        if document.text[i].isalnum() and i not in covered
    ]
    problems += [f"{u} has blanks around it" for u in found if (t := u.span.of(document.text)) != t.strip()]
    return problems


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_units_cover_every_clause_of_the_papers(document: Document) -> None:
    assert [problem for clause in document.clauses for problem in _problems(document, clause)] == []


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map("".join))
def test_units_cover_every_clause_of_any_paper(text: str) -> None:
    document = written("made", "湖南省人民政府办公厅关于促进医药产业发展的意见\n\n" + text)
    assert [problem for clause in document.clauses for problem in _problems(document, clause)] == []


@given(st.sampled_from(_CLAUSES))
def test_the_responsible_units_are_a_unit_of_their_own(place: tuple[Document, Clause]) -> None:
    document, clause = place
    duties = [unit.span for unit in units(document, clause) if unit.kind is UnitKind.UNITS]
    assert duties == ([clause.responsibility.span] if clause.responsibility else [])


def _sentences(document: Document, clause_id: str) -> list[str]:
    clause = clause_named(document, clause_id)
    return [u.span.of(document.text) for u in units(document, clause) if u.kind is UnitKind.SENTENCE]


def test_a_clause_is_cut_at_stops_and_semicolons() -> None:
    first, second, third = _sentences(paper("hunan"), "一、（四）")
    assert first.endswith("50万元一次性奖补；")
    assert second.startswith("对首个")
    assert second.endswith("100万元一次性奖补。")
    assert third == "奖补资金由省先进制造业高地建设资金予以支持。"


def test_units_on_the_line_of_a_heading_are_no_part_of_it() -> None:
    document = written(
        "heading",
        "湖南省人民政府办公厅关于促进医药产业发展的意见\n\n一、总体要求（责任单位：省科技厅、省药监局）",
    )
    clause = clause_named(document, "一、")
    assert [(unit.kind, unit.span.of(document.text)) for unit in units(document, clause)] == [
        (UnitKind.HEADING, "一、总体要求"),
        (UnitKind.UNITS, "（责任单位：省科技厅、省药监局）"),
    ]


def test_a_stop_in_brackets_or_quotes_ends_no_sentence() -> None:
    document = written(
        "brackets",
        "湖南省人民政府办公厅关于促进医药产业发展的意见\n\n"
        "一、支持创新\n\n（一）支持研发。对“首仿药。难仿药”（见附件；另行发布）给予奖补。另行通知。",
    )
    assert _sentences(document, "一、（一）") == [
        "对“首仿药。难仿药”（见附件；另行发布）给予奖补。",
        "另行通知。",
    ]
