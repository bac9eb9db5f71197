"""Reads 责任单位, the leading and participating units, from the text of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Responsibility, Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_AUTHORITIES = PhraseTable.read("corpus", "authorities.tsv")
_OPEN, _CLOSE = "（([［【〔", "）)]］】〕"
# A bracket that names units: "（责任单位：…）", "［责任单位：…］", "（牵头单位：A；配合单位：B）"
_TITLED = re.compile(
    r"^\s*(?:" + "|".join(r"\s*".join(role) for role in _TABLE.written("spaced_role")) + r")\s*[：:]"
)
# "（省科技厅、省财政厅等按职责分工负责）", "（省药品监管局牵头负责）", "（A牵头，B配合）"
_CLOSED = re.compile(r"(?:负责|牵头|参与|配合)(?:落实|实施)?[。]?\s*$")
# A line without brackets: "责任单位：市财政局、市金融办"
_BARE = re.compile(r"^[ \t\u3000]*(?P<all>(?:责任(?:单位|部门)|牵头(?:单位|部门))[：:][^\n]+)$", re.M)
# "位列第一的为牵头单位，下同", "排名第一的单位为牵头单位": from here on the first unit leads
_FIRST_LEADS = re.compile(rf"[，,；;。]?\s*{_TABLE.alternation('leads_first')}[^，,；;）)]*牵头[^）)]*$")
# Titles inside the bracket and the role of the units after them
_ROLE = re.compile(rf"({_TABLE.alternation('role')})\s*[：:]")
# Words after units: "…牵头，", "…参与", "…等按职责分工负责", "…按照职责分别负责"
_LEADS = re.compile(r"(?:共同)?(?:分别)?牵头(?:负责|落实|实施|推进)?[。]?$")
_TAKES_PART = re.compile(
    r"(?:等)?(?:按照?|根据|依据)?(?:各自)?(?:职责|职能|分工)*(?:分工|分别|共同|具体)?"
    rf"{_TABLE.alternation('takes_part')}+(?:落实)?[。]?$"
)
# Endings; every list of units has at least one: "省科技厅", "长沙海关", "各市州人民政府", "长江产业集团"
_UNIT = re.compile(
    rf"(?:[厅局委办院会部府室行关司署组]|{_AUTHORITIES.alternation('unit')})"
    rf"(?:{_AUTHORITIES.alternation('behind_unit')}|$)"
)
_AND_OTHERS = re.compile(rf"{_TABLE.alternation('and_others')}$")
# Longest name of a unit, in characters; a longer part is a sentence.
_LONGEST_UNIT = 40
_SEPARATORS = "、，,；;"


@dataclass(frozen=True, slots=True)
class Reading:
    """Content of one bracket, and whether it states the rule that the first unit leads."""

    responsibility: Responsibility
    first_leads: bool


def read_responsibility(text: str, *, offset: int, first_leads: bool) -> Reading | None:
    """Reads the last statement of responsibility in `text`, which begins at `offset` of the paper.

    `first_leads`: an earlier clause states that the unit named first leads.
    """
    found = list(_statements(text))
    for span, inner in reversed(found):
        rule = _FIRST_LEADS.search(inner)
        says_so = rule is not None
        lead, others = _units(inner[: rule.start()] if rule else inner)
        if not lead and (says_so or first_leads) and len(others) > 0 and _TITLED.match(inner):
            lead, others = _first(others)
        if lead or others:
            where = Span(span.start + offset, span.end + offset)
            return Reading(Responsibility(lead, others, where), says_so)
    return None


def _first(units: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # A single collective unit ("…组成员单位") does not lead.
    if len(units) == 1 and units[0].endswith("成员单位"):
        return (), units
    return units[:1], units[1:]


def _statements(text: str) -> Iterator[tuple[Span, str]]:
    for start, end in _brackets(text):
        inner = re.sub(r"\s", "", text[start + 1 : end - 1])
        if _TITLED.match(inner) or (_CLOSED.search(inner) and _is_list(inner)):
            yield Span(start, end), inner
    for match in _BARE.finditer(text):
        yield Span(match.start("all"), match.end("all")), match["all"]


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Yields the outermost brackets, in order; unclosed ones are left out."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in _OPEN:
            start = at if depth == 0 else start
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                yield start, at + 1


def _is_list(inner: str) -> bool:
    """Whether a bracket without title is a list of units, not a remark that ends with 负责."""
    parts = _split(inner)
    if inner.startswith("由") or not any(_UNIT.search(part) for part in parts):
        return False
    return (
        "。" not in inner.rstrip("。")
        and all(len(part) <= _LONGEST_UNIT for part in parts)
        and len(inner) >= 4
    )


def _units(inner: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lead, participants) in the words inside a bracket."""
    lead: list[str] = []
    others: list[str] = []
    for role, words in _roles(inner):
        waiting: list[str] = []
        for part in _split(words):
            leads, takes_part = _LEADS.search(part), _TAKES_PART.search(part)
            mark = leads or takes_part
            name = _name(part[: mark.start()] if mark else part)
            waiting += [name] if name else []
            if mark:
                (lead if leads else others).extend(waiting)
                waiting = []
        (lead if role.startswith(("牵头", "主办")) else others).extend(waiting)
    return tuple(dict.fromkeys(lead)), tuple(unit for unit in dict.fromkeys(others) if unit not in lead)


def _roles(inner: str) -> Iterator[tuple[str, str]]:
    marks = list(_ROLE.finditer(inner))
    if not marks:
        yield "", inner
        return
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        yield mark[1], inner[mark.end() : following.start() if following else None]


def _split(words: str) -> list[str]:
    """Splits at separators outside of brackets."""
    parts, depth, part = [], 0, ""
    for char in words:
        depth += (char in _OPEN) - (char in _CLOSE)
        if char in _SEPARATORS and depth <= 0:
            parts.append(part)
            part = ""
        else:
            part += char
    return [stripped for piece in [*parts, part] if (stripped := re.sub(r"\s", "", piece))]


def _name(part: str) -> str:
    name = _AND_OTHERS.sub("", part).strip("。")
    return name if len(name) <= _LONGEST_UNIT else ""
