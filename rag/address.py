"""Clauses addressed outright: 第（四）条, 第二十八条, 二、（一）1．, 主要任务的（四）."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind
from rag.figures import han_number

_NUMBER = r"[〇零一二两三四五六七八九十百千]+|[0-9０-９]+"
# "第（四）条", "第28条", "第三章"
_ORDINAL = re.compile(
    rf"第\s*[（(]?\s*(?P<n>{_NUMBER})\s*[)）]?\s*(?P<unit>编|章|节|条|款|项|点|部分)|[Aa]rticle\s+(?P<a>\d+)"
)
# "（十七）", "(4)"
_BRACKETED = re.compile(rf"[（(]\s*(?P<n>{_NUMBER})\s*[)）]\s*(?P<unit>条|款|项|点)?")
# "二、（一）", "三、里的"
_LISTED = re.compile(r"(?<![〇零一二三四五六七八九十百千\w])(?P<n>[一二三四五六七八九十]{1,4})、")
_LABEL_NUMBER = re.compile(rf"{_NUMBER}")
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}
# "第二章第（一）条", "主要任务里的（四）"
_LEADS = re.compile(r"\s*(?:部分|里面?|中|下面?)?的?\s*")
# "二、（五）2．", "（一）1、"
_SUBITEM = re.compile(r"(?<=[）)])\s*(?P<n>\d{1,2})\s*[．.、]")
_UPPER = frozenset({"编", "章", "节", "部分"})


@dataclass(frozen=True, slots=True)
class Address:
    """A clause number as a question writes it."""

    number: int
    unit: str  # "条", "章", … or "" where only the number is given
    start: int
    end: int


def _value(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    return han_number(text)


def addresses(text: str) -> list[Address]:
    """The clause numbers named in `text`, in order, without overlaps."""
    found: list[Address] = []
    for pattern in (_ORDINAL, _BRACKETED, _LISTED, _SUBITEM):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            value = _value(groups.get("n") or groups.get("a") or "")
            overlaps = any(match.start() < other.end and other.start < match.end() for other in found)
            if value is not None and not overlaps:
                found.append(Address(value, groups.get("unit") or "", match.start(), match.end()))
    return sorted(found, key=lambda address: address.start)


def label_number(label: str) -> int | None:
    """The number in a clause label: 4 for （四）, 第四条, 4．; the last part of 1.4."""
    if label[:1] in _CIRCLED:
        return _CIRCLED[label[0]]
    numbers = _LABEL_NUMBER.findall(label)
    return _value(numbers[-1]) if numbers else None


def _fits(clause: Clause, address: Address) -> bool:
    if not clause.path or label_number(clause.path[-1]) != address.number:
        return False
    if address.unit == "部分":
        return len(clause.path) == 1
    if clause.kind is Kind.CHAPTER:
        return address.unit in _UPPER or address.unit == ""
    if address.unit in _UPPER:
        return address.unit in clause.path[-1]
    # 第四条 of a paper that numbers 第四条 is that clause, not its fourth item.
    return address.unit != "条" or clause.kind is Kind.ARTICLE


def addressed(document: Document, text: str) -> list[Clause]:
    """The clauses of `document` that `text` addresses, in the order named.

    Where several bear the number, those stay whose chapter is named before it, by number or heading.
    """
    by_id = {clause.id: clause for clause in document.clauses}
    found: list[Clause] = []
    previous: Address | None = None
    for address in addresses(text):
        fitting = [clause for clause in document.clauses if _fits(clause, address)]
        chapter = previous if previous and _LEADS.fullmatch(text[previous.end : address.start]) else None
        spoken = re.split(r"[和与及、，,]", text[: address.start])[-1]
        narrowed = [clause for clause in fitting if _stands_below(clause, by_id, chapter, spoken)]
        if narrowed:
            # 二、（一）: the chapter only leads to the clause below it.
            found = [clause for clause in found if clause.id not in ancestors(narrowed[0], by_id)]
        chosen = narrowed or [clause for clause in fitting if clause.kind is not Kind.CHAPTER] or fitting
        found.extend(clause for clause in chosen if clause not in found)
        previous = address
    return found


def ancestors(clause: Clause, by_id: Mapping[str, Clause]) -> list[str]:
    """Ids of the clauses above, nearest first."""
    ids: list[str] = []
    while clause.parent is not None and clause.parent in by_id:
        ids.append(clause.parent)
        clause = by_id[clause.parent]
    return ids


def _stands_below(clause: Clause, by_id: Mapping[str, Clause], chapter: Address | None, spoken: str) -> bool:
    """Whether a clause above bears the number of `chapter`, or its heading is spoken just before."""
    for ancestor in (by_id[ancestor_id] for ancestor_id in ancestors(clause, by_id)):
        if chapter is not None and ancestor.path and label_number(ancestor.path[-1]) == chapter.number:
            return True
        if len(ancestor.heading) >= 2 and ancestor.heading in spoken:
            return True
    return False
