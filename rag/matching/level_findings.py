"""Judges the level of a recognition: 省级企业技术中心 of who says 国家高新技术企业 too.

A level is that of the title it is said of. Whoever names that title at another level lacks it.
"""

from __future__ import annotations

from itertools import takewhile

from rag.matching.finding import Finding
from rag.matching.model import Aspect, Why
from rag.matching.reading.classes import ClassKind, classes
from rag.matching.reading.enterprise import Enterprise, Levelled
from rag.matching.reading.needs import Need

_DOWNWARD = ("level_nation", "level_province", "level_city", "level_county")
_SAID = 0.6  # share of the characters of plain words by which a clause names the same


def levels_in(need: Need) -> frozenset[str]:
    """The levels that a need asks for."""
    return frozenset(name for name in need.own | need.said if classes().kind(name) is ClassKind.LEVEL)


def level_finding(level: str, need: Need, enterprise: Enterprise) -> Finding:
    """Whether what the need names is said to be of the level, or of one above it where that will do."""
    accepted = frozenset((level, *(takewhile(level.__ne__, _DOWNWARD) if need.is_floor else ())))
    titles = frozenset(name for name in need.own | need.said if classes().kind(name) is ClassKind.TITLE)
    same = [one for one in enterprise.levelled if _names(one, titles, need.words)]
    if not same:  # 省里评的，是专精特新: the level may be said by itself
        same = [one for one in enterprise.levelled if not (titles and one.titles)]
        is_said = any(accepted & one.levels for one in same)
        return _of(True if is_said else None)
    # Who says “国家级、省级” of a title, as a paper does, does not say which it is.
    same = [one for one in same if len(one.levels) == 1] or same
    return _of(any(accepted & one.levels for one in same))


def _names(clause: Levelled, titles: frozenset[str], words: tuple[str, ...]) -> bool:
    if titles:
        return all(classes().any_is_a(clause.titles, title) for title in titles)
    said = sum(len(word) for word in words if word in clause.text)
    return bool(words) and said >= _SAID * sum(map(len, words))


def _of(holds: bool | None) -> Finding:
    return Finding.of(holds, Why.CONDITION, Aspect.HISTORY)
