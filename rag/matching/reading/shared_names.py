"""Completes the alternatives of a list that leave out a name: 国家、省级企业技术中心."""

from __future__ import annotations

from dataclasses import replace

from rag.matching.reading.classes import ClassKind, classes
from rag.matching.reading.needs import Need

_LEVEL = frozenset((ClassKind.LEVEL,))
_APART = frozenset((ClassKind.LEVEL, ClassKind.EVENT))  # they do not name what they are said of


def with_shared_name(needs: list[Need], *, only_levels: bool) -> list[Need]:
    """Gives alternatives without a name of their own that of the last: 国家、省级企业技术中心.

    `only_levels`: only those that end with a level, as the others may be deeds.
    """
    needs = _with_levels(needs)
    if len(needs) < 2 or (only_levels and not of_kinds(needs[-1], _LEVEL)):
        return needs
    # 省级、市级示范合作社和家庭农场: a level alone is said of each of the names that share a level
    named = [one for one in needs if _has_name(one) and of_kinds(one, _LEVEL)] or needs[-1:]
    return [
        whole
        for need in needs
        for whole in (
            [need]
            if _has_name(need) or (only_levels and not of_kinds(need, _LEVEL))
            else [_named_as(need, one) for one in named]
        )
    ]


def _named_as(need: Need, name: Need) -> Need:
    apart = of_kinds(name, _APART)
    return replace(
        need,
        own=need.own | (name.own - apart),
        said=need.said | (name.said - apart),
        words=name.words,
        fixed=name.fixed,
        is_name=name.is_name,
    )


def _with_levels(needs: list[Need]) -> list[Need]:
    """Gives alternatives without a level that of the one before: 市级示范合作社和家庭农场."""
    found: list[Need] = []
    for need in needs:
        before = of_kinds(found[-1], _LEVEL) if found and not of_kinds(need, _LEVEL) else frozenset[str]()
        found.append(replace(need, said=need.said | before) if before else need)
    return found


def of_kinds(need: Need, kinds: frozenset[ClassKind]) -> frozenset[str]:
    return frozenset(name for name in need.own | need.said if classes().kind(name) in kinds)


def _has_name(need: Need) -> bool:
    """Whether the alternative says itself what it is, and not only its level or what happened to it."""
    return bool(need.words) or of_kinds(need, _APART) != need.own | need.said
