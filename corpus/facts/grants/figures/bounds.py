"""Reads how a figure limits a quantity: 不超过, 最高, 以上."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts.grants.segments import HIDDEN
from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.model import Bound

_BEFORE = (
    ("max_before", Bound.MAX),
    ("min_before", Bound.MIN),
    ("over_before", Bound.OVER),
    ("approx_before", Bound.APPROX),
)
_AFTER = (("max_after", Bound.MAX), ("min_after", Bound.MIN), ("approx_after", Bound.APPROX))
# Most characters between 最高 and the figure: 最高给予企业一次性奖励
_FAR, _NEAR = 24, 1
_DIGIT = re.compile("[0-9０-９]")
_UNITS_BEHIND = 6  # characters between a figure and 以上: /人, （含）


@dataclass(frozen=True, slots=True)
class BoundRead:
    """A bound and the offsets of its words in the text that was read; none for an exact figure."""

    bound: Bound
    start: int = 0
    end: int = 0


def bound_of(text: str, start: int, end: int, *, since: int = 0) -> BoundRead:
    """Returns the bound of the figure at start:end; its words stand behind `since` or the figure."""
    behind = _behind(text, end)
    before = _in_front(text, since, start)
    if before is None:
        return behind or BoundRead(Bound.EXACT)
    return before


def _in_front(text: str, since: int, start: int) -> BoundRead | None:
    begin = max(since, start - _FAR)
    other = max((digit.end() for digit in _DIGIT.finditer(text, begin, start)), default=begin)
    begin = max(begin, other)  # words before another figure are about that one
    left = text[begin:start]
    found: list[tuple[int, int, Bound]] = []
    for sense, bound in _BEFORE:
        reach = _FAR if bound in (Bound.MAX, Bound.MIN) else _NEAR
        found += [
            (span.end, -span.start, bound)
            for span in GIVING.spans(sense, left)
            if span.end >= len(left) - reach
        ]
    if not found:
        return None
    stop, opens, bound = max(found)
    return BoundRead(bound, begin - opens, begin + stop)


def _behind(text: str, end: int) -> BoundRead | None:
    right = text[end : end + _UNITS_BEHIND + 4]
    for sense, bound in _AFTER:
        found = pattern(
            sense, before=rf"\A[{HIDDEN}]*(?:[/／][^\s，以]{{1,3}})?[{HIDDEN}]*(?P<words>", after=")"
        ).match(right)
        if found:
            return BoundRead(bound, end + found.start("words"), end + found.end("words"))
    return None
