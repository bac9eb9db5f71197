"""Reads the units in charge of a clause, as spans of its text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from corpus.facts.model import Departments
from corpus.model import Clause, Document, Kind, Responsibility, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.leading_rule import states_leading_rule
from corpus.structure.responsibility import read_responsibility

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_BRACKETS = "（([［【〔）)]］】〕"
# "责任单位：" before the only list of units, "，位列第一的为牵头单位，下同" behind it
_TITLES = "|".join(r"\s*".join(role) for role in _TABLE.written("spaced_role"))
_OPENING = re.compile(rf"[\s{re.escape(_BRACKETS)}]*(?:(?:{_TITLES})\s*[：:]\s*)?")
_RULE = re.compile(rf"[，,；;]\s*{_TABLE.alternation('leads_first')}[^，,；;）)]*牵头")
_NUMBERED = frozenset({Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM})
_AROUND = "、，,；;：:（([［【〔）)]］】〕\n \u3000"
_LEVEL = re.compile("各[^局委厅办]{0,3}[市县区州盟旗]")  # 各市, 各县（区）
_LISTED, _GOVERNMENT = "、", "政府"
_CONTACT = re.compile("[；;，,、]?(?:联系人|联系电话|咨询电话|电话|邮箱|地址)")  # behind the units
# Where a statement may end
_CLOSES = re.compile("[）)\\]］】〕]|\\n")
_LONGEST_STATEMENT = 400  # characters
# Units of a statement that are kept; papers name some 40 at most, and each fact of the clause has them all.
_MOST_UNITS = 100
_GROUP = "成员单位"  # a group of units does not lead


class InCharge:
    """The units in charge of every clause of a paper."""

    def __init__(self, document: Document) -> None:
        """Takes time linear in the length of the paper."""
        self._stated: dict[str, tuple[tuple[int, Departments], ...]] = {}
        first_leads = states_leading_rule(document)
        for clause in document.clauses:
            own = tuple(_of_clause(document, clause, first_leads=first_leads))
            if not own and clause.parent is not None:
                own = self._stated.get(clause.parent, ())
            self._stated[clause.id] = own

    def of(self, clause_id: str, quote: Span) -> Departments | None:
        """The units in the first statement behind the quote, else the last of its clause or of the one above.

        `lead` is empty where the paper names none as leading.
        """
        stated = self._stated.get(clause_id, ())
        behind = bisect_left(stated, quote.end - 1, key=lambda one: one[0])
        return stated[min(behind, len(stated) - 1)][1] if stated else None


def read(document: Document, clause: Clause) -> Departments | None:
    """The units in charge of a clause, from its own statement or that of the clause above."""
    return InCharge(document).of(clause.id, clause.span)


def _of_clause(document: Document, clause: Clause, *, first_leads: bool) -> Iterator[tuple[int, Departments]]:
    """The statements of a clause with their offsets: one at its end, or one behind each of its measures."""
    last = clause.responsibility
    if last is None or clause.kind not in _NUMBERED:
        return
    for stated in (*_before(document.text, clause, last), last):
        found = _read(document.text, stated, first_leads=first_leads)
        if found is not None:
            yield stated.span.start, found


def _before(text: str, clause: Clause, last: Responsibility) -> Iterator[Responsibility]:
    """The statements of a clause before its last."""
    begin = clause.start
    for match in _CLOSES.finditer(text, clause.start, last.span.start):
        start = max(begin, match.end() - _LONGEST_STATEMENT)
        reading = read_responsibility(text[start : match.end()], offset=start, first_leads=False)
        if reading is not None:
            yield reading.responsibility
            begin = match.end()


def _read(text: str, stated: Responsibility, *, first_leads: bool) -> Departments | None:
    span = _inner(text, stated.span)
    placed = sorted(_units(text, span, stated), key=lambda one: one[1].start)
    units = tuple(_joined(text, placed))
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
        else:
            yield name, place
    if waiting is not None:
        yield waiting


def _inner(text: str, span: Span) -> Span:
    """The statement without its brackets, its title, and the rule who leads."""
    opening = _OPENING.match(text, span.start, span.end)
    start = opening.end() if opening else span.start
    behind = _RULE.search(text, start, span.end) or _CONTACT.search(text, start, span.end)
    end = behind.start() if behind else span.end
    while end > start and (text[end - 1].isspace() or text[end - 1] in _BRACKETS or text[end - 1] in "。；;"):
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
    for name in stated.units[:_MOST_UNITS]:
        place = _place(text, behind, span.end, name) or _place(text, span.start, span.end, name)
        if place is not None:
            behind = place.end
            yield name, place


def _place(text: str, start: int, end: int, name: str) -> Span | None:
    """Where a unit is named by itself; white space may divide its name in the text."""
    pattern = re.compile(r"\s*".join(map(re.escape, name)))
    found = (Span(*match.span()) for match in pattern.finditer(text, start, end))
    return next((one for one in found if text[one.start - 1 : one.start] in _AROUND), None)
