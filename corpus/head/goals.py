"""Finds goals of years gone in papers that state no end: "到2020年，医药产业主营业务收入达到…"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from corpus.model import Document, Kind, Span
from corpus.notation.sentence_spans import sentence_at

# "到2020年", "力争到2025年底", "至2022年末"; not a date: 至2022年3月1日
_YEAR = re.compile(r"(?:到|至|截至|截止)\s{0,2}(?P<year>20\d{2})\s{0,2}年(?!\s{0,2}\d{1,2}\s{0,2}月)")
# The last years of the five-year plans, by the first character of their names: “十三五”
_PLAN = re.compile(r"[“\"]?十(?P<plan>[一二三四五])五[”\"]?(?:期间|末|期末|时期)")
_LAST_YEARS = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030}


@dataclass(frozen=True, slots=True)
class PastGoals:
    """The goals that a paper names are all of years gone."""

    last_year: int
    span: Span  # the sentence of the goal of the last year


def past_goals(document: Document, *, today: date) -> PastGoals | None:
    """What a paper without an end says about years gone; None if it states an end or a goal still ahead."""
    validity = document.head.validity
    if validity is not None and (validity.until is not None or validity.duration):
        return None
    goals = [
        (_year(match), match.span())
        for clause in document.clauses
        if clause.kind in (Kind.PREAMBLE, Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM, Kind.CLOSING)
        for pattern in (_YEAR, _PLAN)
        for match in pattern.finditer(document.text, clause.start, clause.end)
    ]
    if not goals:
        return None
    last, (start, end) = max(goals, key=lambda goal: (goal[0], -goal[1][0]))
    if last >= today.year:
        return None
    return PastGoals(last, sentence_at(document.text, Span(start, end)))


def _year(match: re.Match[str]) -> int:
    found = match.groupdict()
    return int(found["year"]) if "year" in found else _LAST_YEARS[found["plan"]]
