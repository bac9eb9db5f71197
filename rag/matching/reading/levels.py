"""Levels of what is recognised: 国家级, 省级. A level is compared together with the title it is said of."""

from __future__ import annotations

from functools import lru_cache

from rag.matching.reading.classes import ClassKind, classes
from rag.matching.reading.conditions import Condition, Group
from rag.matching.reading.needs import Need


def level_alone(condition: Condition) -> str | None:
    """The level that a condition consists of, if it is nothing else."""
    needs = [need for group in condition.groups for need in group.needs]
    names = needs[0].own | needs[0].said if len(needs) == 1 else frozenset[str]()
    if len(names) != 1 or needs[0] not in (Need(own=names), Need(said=names)):
        return None
    (name,) = names
    return name if classes().kind(name) is ClassKind.LEVEL else None


@lru_cache(maxsize=65536)
def of_level(condition: Condition, level: str) -> Condition | None:
    """The alternatives of a condition that are of a level; None where there are none."""
    for group in condition.groups:
        needs = tuple(need for need in group.needs if level in need.own | need.said)
        if needs and len(needs) < len(group.needs):
            return Condition((Group(needs),))
    return None
