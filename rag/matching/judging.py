"""Judges a condition against an enterprise: it holds, it does not, or that is not known.

A condition on what the enterprise is (product, type, industry, size) fails where the profile names something
else of the same facet. One on what has happened fails only where the profile denies it: nobody lists all that
happened. So an attribute that becomes known decides what was open, and changes nothing that was decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from rag.matching.figure_findings import figure_finding
from rag.matching.finding import Finding
from rag.matching.model import Aspect, Why
from rag.matching.reading.classes import OWN, ClassKind, classes
from rag.matching.reading.conditions import Condition, Group
from rag.matching.reading.enterprise import Enterprise
from rag.matching.reading.needs import Need
from rag.matching.reading.places import is_inside
from rag.matching.title_findings import level_finding, levels_in, newness_finding, newness_in

# Share of the characters of plain words that has to be said for a condition to hold: papers say in more words
# what people say in few.
_SAID = 0.6
_FIRST = "first"

_ASPECTS = {
    ClassKind.BODY: Aspect.TYPE,
    ClassKind.INDUSTRY: Aspect.INDUSTRY,
    ClassKind.PRODUCT: Aspect.PRODUCT,
    ClassKind.SIZE: Aspect.SIZE,
    ClassKind.STAGE: Aspect.STAGE,
}


_HISTORY = frozenset((Aspect.HISTORY,))
_HOLDS = Finding(True, aspects=_HISTORY)
_OPEN = Finding(None, aspects=_HISTORY)
_FAILS = Finding(False, aspects=_HISTORY)


def judge(condition: Condition, enterprise: Enterprise) -> Finding:
    """Judges all groups of a condition. One that fails decides, then one that is not known."""
    return all_of([_group(group, enterprise) for group in condition.groups])


def all_of(findings: Sequence[Finding]) -> Finding:
    """The first finding that fails, or else the first that is not known, or else that all hold."""
    return _first(findings, (False, None))


def any_of(findings: Sequence[Finding]) -> Finding:
    """The first finding that holds, or else the first that is not known, or else the first that fails."""
    return _first(findings, (True, None))


def _first(findings: Sequence[Finding], order: tuple[bool | None, ...]) -> Finding:
    if not findings:
        return _HOLDS
    for wanted in order:
        for finding in findings:
            if finding.holds is wanted:
                return _with_aspects(finding, findings)
    return _with_aspects(findings[0], findings)


def _with_aspects(finding: Finding, findings: Sequence[Finding]) -> Finding:
    if len(findings) == 1:
        return finding
    aspects = _aspects(findings)
    return finding if aspects == finding.aspects else replace(finding, aspects=aspects)


def _aspects(findings: Sequence[Finding]) -> frozenset[Aspect]:
    return frozenset[Aspect]().union(*(one.aspects for one in findings))


def _group(group: Group, enterprise: Enterprise) -> Finding:
    found = any_of([_need(need, enterprise) for need in group.needs])
    if found.holds is False and group.is_open:
        return replace(found, holds=None)
    return found


def _need(need: Need, enterprise: Enterprise) -> Finding:
    return all_of(list(_findings(need, enterprise)))


def _findings(need: Need, enterprise: Enterprise) -> Iterator[Finding]:
    levels, newness = levels_in(need), newness_in(need)
    for names in _alternatives(need.own - levels - newness):
        yield any_of([_own(name, enterprise) for name in names])
    for name in need.said - levels - newness:
        yield _said(name, enterprise)
    for name in levels:
        yield level_finding(name, need, enterprise)
    for name in newness:
        yield newness_finding(name, need, enterprise)
    for bounds in need.bounds:
        yield figure_finding(bounds, enterprise, is_first=_FIRST in need.said)
    if need.places:
        yield _placed(need, enterprise)
    for name in need.absent:
        yield _absent(name, enterprise)
    if need.words:
        share = _share(need.words, enterprise.text)
        yield _HOLDS if share >= _SAID and _all_in(need.fixed, enterprise.text) else _OPEN
    if need.absent_words:
        yield _words_absent(need.absent_words, enterprise)
    if need.vague is not None:
        yield _vague(need.vague, enterprise)


@cache
def _alternatives(names: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The classes in groups of which one has to hold: nothing is both in 餐饮住宿企业."""
    known, found = classes(), list[list[str]]()
    for name in sorted(names):
        group = next((one for one in found if all(known.excludes((name,), other) for other in one)), None)
        if group is not None and known.kind(group[0]) is known.kind(name) is ClassKind.INDUSTRY:
            group.append(name)
        else:
            found.append([name])
    return tuple(map(tuple, found))


def _own(name: str, enterprise: Enterprise) -> Finding:
    known, kind = classes(), classes().kind(name)
    if kind not in OWN:
        return _said(name, enterprise)
    own = enterprise.own[kind]
    aspect = _ASPECTS[kind]
    if own is not None and known.any_is_a(own, name):
        return Finding.of(True, Why.CLASS, aspect)
    if kind is ClassKind.INDUSTRY and known.any_is_a(enterprise.own[ClassKind.PRODUCT] or (), name):
        return Finding.of(True, Why.CLASS, aspect)
    if _is_denied(name, enterprise) or (own is not None and known.excludes(own, name)):
        return Finding.of(False, Why.CLASS, aspect)
    return Finding.of(None, Why.CLASS, aspect)


def _said(name: str, enterprise: Enterprise) -> Finding:
    known, kind = classes(), classes().kind(name)
    aspect, why = _ASPECTS.get(kind, Aspect.HISTORY), Why.STAGE if kind is ClassKind.STAGE else Why.CONDITION
    own = enterprise.own[kind] if kind in OWN else None
    if known.any_is_a(enterprise.said, name) or known.any_is_a(own or (), name):
        return Finding.of(True, why, aspect)
    same = [one for one in enterprise.said if known.kind(one) is kind and kind not in OWN]
    if kind is ClassKind.PRODUCT:
        same = list(own or ())
    if _is_denied(name, enterprise) or known.excludes(same, name):
        return Finding.of(False, why, aspect)
    return Finding.of(None, why, aspect)


def _is_denied(name: str, enterprise: Enterprise) -> bool:
    """Whether the profile denies the class or one above it: who has no 医疗器械 has no 创新医疗器械."""
    return not enterprise.denied.isdisjoint(classes().upward[name])


def _absent(name: str, enterprise: Enterprise) -> Finding:
    if classes().any_is_a(enterprise.said, name):
        return _FAILS
    return _HOLDS if _is_denied(name, enterprise) else _OPEN


def _words_absent(words: tuple[str, ...], enterprise: Enterprise) -> Finding:
    if _share(words, enterprise.denied_text) >= _SAID:
        return _HOLDS
    return _FAILS if all(word in enterprise.text for word in words) else _OPEN


def _share(words: tuple[str, ...], text: str) -> float:
    """The share of the characters of the words that stand in the text."""
    return sum(len(word) for word in words if word in text) / sum(map(len, words))


def _placed(need: Need, enterprise: Enterprise) -> Finding:
    inside = is_inside(enterprise.places, need.places)
    if inside is False and not need.own:
        inside = None  # the place of a title or a project may be another than that of the enterprise
    return Finding.of(inside, Why.REGION, Aspect.PLACE)


def _vague(words: tuple[str, ...], enterprise: Enterprise) -> Finding:
    """符合…条件 holds where the profile says so: of these words, or of all conditions."""
    for met in enterprise.meets:
        if not met and _all_in(words, enterprise.text):
            return _HOLDS
        if words and _all_in(words, met):
            return _HOLDS
    return _OPEN


def _all_in(words: tuple[str, ...], text: str) -> bool:
    return all(word in text for word in words)
