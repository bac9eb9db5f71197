"""Reads the units in charge of a clause, as spans of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.facts.model import Departments
from corpus.model import Clause, Document, Kind, Responsibility, Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_BRACKETS = "（([［【〔）)]］】〕"
# "责任单位：" before the only list of units, "，位列第一的为牵头单位，下同" behind it
_TITLES = "|".join(r"\s*".join(role) for role in _TABLE.written("spaced_role"))
_OPENING = re.compile(rf"[\s{re.escape(_BRACKETS)}]*(?:(?:{_TITLES})\s*[：:]\s*)?")
_RULE = re.compile(rf"[，,；;]\s*{_TABLE.alternation('leads_first')}[^，,；;）)]*牵头")
# "各任务责任单位中排第一位的为牵头单位": the rule in a sentence of its own
_STATED = re.compile(rf"{_TABLE.alternation('leads_first')}[^。；\n）)]{{0,12}}(?:为|是|作为)?牵头")
_NUMBERED = frozenset({Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM})
_AROUND = "、，,；;：:（([［【〔）)]］】〕\n \u3000"
_LEVEL = re.compile("各[^局委厅办]{0,3}[市县区州盟旗]")  # 各市, 各县（区）
_LISTED, _GOVERNMENT = "、", "政府"
_CONTACT = re.compile("联系|咨询|电话|邮箱|地址")  # named beside the units, and none of them
_GROUP = "成员单位"  # a group of units does not lead


def by_clause(document: Document) -> Mapping[str, Departments]:
    """The units in charge by the id of the clause; those of a clause hold for the clauses below it.

    Takes time linear in the number of clauses and the length of their statements.
    """
    first_leads = _states_rule(document)
    found: dict[str, Departments] = {}
    for clause in document.clauses:
        own = _of_clause(document, clause, first_leads=first_leads)
        if own is None and clause.parent is not None:
            own = found.get(clause.parent)
        if own is not None:
            found[clause.id] = own
    return found


def read(document: Document, clause: Clause) -> Departments | None:
    """The units in charge of a clause, from its own statement or that of the clause above.

    `lead` is empty where the paper names none as leading.
    """
    return by_clause(document).get(clause.id)


def _states_rule(document: Document) -> bool:
    """Whether the paper says, in any clause, that the unit named first leads."""
    return any(
        _STATED.search(document.text, clause.start, clause.end) is not None for clause in document.clauses
    )


def _of_clause(document: Document, clause: Clause, *, first_leads: bool) -> Departments | None:
    stated = clause.responsibility
    if stated is None or clause.kind not in _NUMBERED:
        return None
    span = _inner(document.text, stated.span)
    units = tuple(
        _joined(document.text, sorted(_units(document.text, span, stated), key=lambda one: one[1].start))
    )
    if not units:
        return None
    leads = tuple(place for name, place in units if name in stated.lead)
    if not leads and first_leads and not units[0][0].endswith(_GROUP) and len(stated.units) > 1:
        leads = (units[0][1],)
    return Departments(span, tuple(place for _, place in units), leads)


def _joined(text: str, units: list[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
    """Makes one unit of two that share their last words: 各市、自治州人民政府."""
    waiting: tuple[str, Span] | None = None
    for name, place in units:
        if waiting is not None:
            near = text[waiting[1].end : place.start].strip() == _LISTED
            if near and name.endswith(_GOVERNMENT):
                name, place = waiting[0] + _LISTED + name, Span(waiting[1].start, place.end)
            else:
                yield waiting
            waiting = None
        if _LEVEL.fullmatch(name):
            waiting = (name, place)
        elif _CONTACT.match(name) is None:
            yield name, place
    if waiting is not None:
        yield waiting


def _inner(text: str, span: Span) -> Span:
    """The statement without its brackets, its title, and the rule who leads."""
    opening = _OPENING.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    rule = _RULE.search(text, start, span.end)
    end = rule.start() if rule else span.end
    while end > start and (text[end - 1].isspace() or text[end - 1] in _BRACKETS or text[end - 1] == "。"):
        if text[end - 1] in "）)]］】〕" and _is_inner_bracket(text, start, end):
            break
        end -= 1
    return Span(start, max(start, end))


def _is_inner_bracket(text: str, start: int, end: int) -> bool:
    """Whether the bracket that closes at `end` opened behind `start`: …各区（县）."""
    words = text[start:end]
    return sum(char in "（([［【〔" for char in words) >= sum(char in "）)]］】〕" for char in words)


def _units(text: str, span: Span, stated: Responsibility) -> Iterator[tuple[str, Span]]:
    behind = span.start  # the units of a role are named in order
    for name in stated.units:
        place = _place(text, behind, span.end, name) or _place(text, span.start, span.end, name)
        if place is not None:
            behind = place.end
            yield name, place


def _place(text: str, start: int, end: int, name: str) -> Span | None:
    """Where a unit is named by itself; white space may divide its name in the text."""
    pattern = re.compile(r"\s*".join(map(re.escape, name)))
    found = (Span(*match.span()) for match in pattern.finditer(text, start, end))
    return next((one for one in found if text[one.start - 1 : one.start] in _AROUND), None)
