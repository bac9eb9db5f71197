"""Judges of what level a title is, and whether it is new: 首次认定的省级企业技术中心.

Both are said of one title: whoever is a 国家高新技术企业 has no 国家级企业技术中心 by that, and who opened a
plant this year has not got a title this year. Who got it again has not got it for the first time.
"""

from __future__ import annotations

from itertools import takewhile

from rag.matching.finding import Finding
from rag.matching.model import Aspect, Why
from rag.matching.reading.classes import ClassKind, classes
from rag.matching.reading.enterprise import Enterprise, Titled
from rag.matching.reading.needs import Need

_DOWNWARD = ("level_nation", "level_province", "level_city", "level_county")
_NEWNESS = frozenset(("first", "new"))
_FIRST = "first"
_SAID = 0.6  # share of the characters of plain words by which a clause names the same


def levels_in(need: Need) -> frozenset[str]:
    """The levels that a need asks for."""
    return _of_kind(need, ClassKind.LEVEL)


def newness_in(need: Need) -> frozenset[str]:
    """That a title has to be new, or got for the first time; nothing for a need without a title."""
    return (need.own | need.said) & _NEWNESS if _of_kind(need, ClassKind.TITLE) else frozenset()


def level_finding(level: str, need: Need, enterprise: Enterprise) -> Finding:
    """Whether what the need names is said to be of the level, or of one above it where that will do."""
    accepted = frozenset((level, *(takewhile(level.__ne__, _DOWNWARD) if need.is_floor else ())))
    is_said = any(accepted & one.levels for clauses in enterprise.titled for one in _naming(need, clauses))
    # Who has it at another level may have it at this one, too: nobody lists all titles.
    return _of(True if is_said else None)


def _naming(need: Need, clauses: tuple[Titled, ...]) -> list[Titled]:
    """The clauses of an attribute that say of what level the need is had."""
    titles = _of_kind(need, ClassKind.TITLE)
    levelled = [one for one in clauses if one.levels]
    same = [one for one in levelled if _names(one, titles, need.words)]
    if not same:  # 省里评的，是专精特新: the level may be said by itself
        return [one for one in levelled if not (titles and one.titles)]
    # Who says “国家级、省级” of a title, as a paper does, does not say which it is.
    return [one for one in same if len(one.levels) == 1] or same


def newness_finding(name: str, need: Need, enterprise: Enterprise) -> Finding:
    """Whether the title of the need is said to be new, or to have been got for the first time."""
    titled = [one for clauses in enterprise.titled for one in clauses]
    same = [one for one in titled if _names(one, _of_kind(need, ClassKind.TITLE), ())]
    if any(_is_new(one, name) for one in same):
        return _of(True)
    if name == _FIRST and any(one.is_again for one in same):
        return _of(False)
    # 是专精特新企业，今年头一回: a clause that names nothing else may say it
    return _of(True if any(one.is_bare and _is_new(one, name) for one in titled) else None)


def _is_new(clause: Titled, name: str) -> bool:
    return classes().any_is_a(clause.newness, name) and not (name == _FIRST and clause.is_again)


def _names(clause: Titled, titles: frozenset[str], words: tuple[str, ...]) -> bool:
    if titles:
        return all(classes().any_is_a(clause.titles, title) for title in titles)
    said = sum(len(word) for word in words if word in clause.text)
    return bool(words) and said >= _SAID * sum(map(len, words))


def _of_kind(need: Need, kind: ClassKind) -> frozenset[str]:
    return frozenset(name for name in need.own | need.said if classes().kind(name) is kind)


def _of(holds: bool | None) -> Finding:
    return Finding.of(holds, Why.CONDITION, Aspect.HISTORY)
