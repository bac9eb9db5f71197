"""Compares the figures of a condition with those of a profile."""

from __future__ import annotations

from rag.matching.finding import Finding
from rag.matching.model import Aspect, Why
from rag.matching.reading.bounds import Bounds
from rag.matching.reading.classes import classes
from rag.matching.reading.enterprise import Enterprise
from rag.matching.reading.stated_figures import Said

_MEASURED = {"revenue": Aspect.REVENUE, "investment": Aspect.INVESTMENT}
_FIRST = "first"
# Units that say themselves what is measured.
_TELLING = frozenset(("亩", "平方米", "笔", "吨", "床", "公里"))


def figure_finding(bounds: Bounds, enterprise: Enterprise, *, is_first: bool) -> Finding:
    """Whether the profile states a figure within the bounds. `is_first`: reached for the first time."""
    aspect = next((_MEASURED[name] for name in sorted(bounds.measures) if name in _MEASURED), Aspect.FIGURES)
    verdicts = [
        _compared(bounds, one, is_first=is_first) for one in enterprise.figures if _is_same(bounds, one)
    ]
    if True in verdicts:
        return Finding.of(True, Why.THRESHOLD, aspect)
    if None in verdicts or not verdicts:
        return Finding.of(None, Why.THRESHOLD, aspect)
    return Finding.of(False, Why.THRESHOLD, aspect)


def _is_same(bounds: Bounds, said: Said) -> bool:
    """Whether the profile's figure measures what the condition asks for."""
    if bounds.unit != said.unit:
        return False
    if bounds.measures:
        return not bounds.measures.isdisjoint(said.measures)
    if bounds.unit in _TELLING and not (bounds.context or bounds.classes):
        return True
    if any(classes().any_is_a(said.classes, name) for name in bounds.classes):
        return True
    return any(word in said.context for word in bounds.context)


def _compared(bounds: Bounds, said: Said, *, is_first: bool) -> bool | None:
    if bounds.low is not None and said.value < bounds.low:
        return False
    # Who says 首次突破10亿元 says it as the paper does.
    if bounds.is_over and said.value == bounds.low and not is_first:
        return False
    if bounds.below is not None and said.value >= bounds.below:
        return False
    if bounds.high is not None and said.value > bounds.high:
        return False
    if is_first and bounds.high is None and said.value != bounds.low and _FIRST not in said.classes:
        return None  # 首次突破10亿元: who has 30亿元 may have passed it long ago
    return True
