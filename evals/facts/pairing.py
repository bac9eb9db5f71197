"""Pairs extracted facts with labelled ones.

Two facts make a pair only if they are of one group of kinds, their quotes overlap, and their figures are
equal or, for sums of money, have one in common. Better pairs are made first, and each fact is in one pair at
most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from corpus.facts.model import FactKind
from evals.facts.model import Field, Group, Stated

_POOL = "pool"
_GROUPS = {
    FactKind.MONEY: Group.MONEY,
    FactKind.INTEREST: Group.MONEY,
    FactKind.LOAN: Group.FINANCE,
    FactKind.GUARANTEE: Group.FINANCE,
    FactKind.EQUITY: Group.FINANCE,
    FactKind.FUND: Group.FINANCE,
    FactKind.TIME_LIMIT: Group.TIME_LIMIT,
    FactKind.TARGET: Group.TARGET,
    FactKind.RULE: Group.RULE,
}
_WITH_SUMS = frozenset((Group.MONEY, Group.FINANCE, Group.POOL, Group.RULE))
_OVERLAP = 0.5  # of the shorter quote
_DIGITS = 6  # of a value that count

Figures = frozenset[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A labelled and an extracted fact, by their places; `is_exact` when their figures are equal."""

    labelled: int
    extracted: int
    is_exact: bool


def group_of(fact: Stated) -> Group:
    """Returns the group that a fact is measured in."""
    if any(one.role == _POOL for one in fact.sums):
        return Group.POOL
    return _GROUPS.get(fact.kind, Group.OTHER)


def figures_of(fact: Stated) -> Figures:
    """Returns the figures by which a fact is recognised: sums and rate, time, or target."""
    match group_of(fact):
        case Group.TIME_LIMIT if fact.limit is not None:
            return frozenset({("limit", (_rounded(fact.limit[0]), fact.limit[1]))})
        case Group.TIME_LIMIT:
            return frozenset({("cut", _rounded(fact.cut))})
        case Group.TARGET:
            low, high = fact.target or (None, None)
            return frozenset({("target", (_rounded(low), _rounded(high)))})
        case Group.OTHER:
            return frozenset()
        case _:
            return frozenset(_sums(fact))


def pairs(labelled: Sequence[Stated], extracted: Sequence[Stated]) -> list[Pair]:
    """Returns the pairs of the facts of one paper."""
    found = sorted(_candidates(labelled, extracted), key=lambda one: one[0], reverse=True)
    used, taken, chosen = set[int](), set[int](), []
    for (same, *_), i, j in found:
        if i not in used and j not in taken:
            used.add(i)
            taken.add(j)
            chosen.append(Pair(i, j, same == 1.0))
    return chosen


def overlap(one: str, other: str) -> float:
    """The longest run of characters that both have, as a share of the shorter one."""
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 1.0
    size = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return size / min(len(one), len(other))


def _candidates(
    labelled: Sequence[Stated], extracted: Sequence[Stated]
) -> Iterator[tuple[tuple[float, float, float, float], int, int]]:
    """Yields how well two facts fit, and their places."""
    others = [(group_of(fact), figures_of(fact), fact) for fact in extracted]
    for i, fact in enumerate(labelled):
        group, figures = group_of(fact), figures_of(fact)
        for j, (other_group, other_figures, other) in enumerate(others):
            if group is not other_group:
                continue
            same = figures == other_figures
            union = figures | other_figures
            shared = len(figures & other_figures) / len(union) if union else 1.0
            if not same and (group not in _WITH_SUMS or not shared):
                continue
            if (common := overlap(fact.quote, other.quote)) >= _OVERLAP:
                yield (float(same), shared, _nearness(fact, other), common), i, j


def _nearness(fact: Stated, other: Stated) -> float:
    """How many of the words for who gets it are the same: they tell the facts of a 分别 list apart."""
    who, also = (one.words.get(Field.BENEFICIARY, frozenset()) for one in (fact, other))
    when, then = (one.words.get(Field.CONDITIONS, frozenset()) for one in (fact, other))
    return bool(who & also) + bool(when & then) + sum(any(a in b or b in a for b in then) for a in when)


def _sums(fact: Stated) -> Iterator[tuple[str, object]]:
    for one in fact.sums:
        yield "sum", _rounded(one.value)
        if one.upper is not None:
            yield "sum", _rounded(one.upper)
    if fact.rate is not None:
        yield "rate", _rounded(fact.rate)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, _DIGITS)
