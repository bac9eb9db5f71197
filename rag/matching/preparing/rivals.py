"""Facts of a clause that are told apart by words alone: 跨行业工业互联网平台, 特定行业工业互联网平台.

Most of their words are the same, so that who meets one would seem to meet the other too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.facts.model import Fact
from corpus.model import Span
from index.terms.tokenize import fold
from rag.matching.preparing.quoting import Quotes
from rag.matching.reading.conditions import parse
from rag.matching.reading.enterprise import joined
from rag.matching.reading.needs import Need, without_recognition
from rag.matching.reading.quantities import quantities_in
from rag.matching.reading.words import TABLE

# Share of the pairs of characters of the shorter description that the longer one has.
_ALIKE = 0.5
_MOST = 12  # rivals on each side of a fact that are compared
_JOINING = frozenset("的或和及与等为在对")  # a pair with one of them tells nothing


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that say for whom a fact is."""

    span: Span
    pairs: tuple[str, ...]  # of neighbouring characters
    compared: frozenset[object]  # classes, figures and places, which are judged by themselves
    is_open: bool  # 符合条件, 不…, a figure: they are judged by themselves too


@dataclass(frozen=True, slots=True)
class _Described:
    """How a fact says for whom it is, and what it gives."""

    phrases: tuple[_Phrase, ...]
    gives: tuple[object, ...]
    list: tuple[Span, tuple[Span, ...]]  # the same for the facts of a list, of which each has one member


def own_words(facts: Sequence[Fact], quotes: Quotes) -> tuple[tuple[frozenset[str], ...], ...]:
    """For each fact of a clause the pairs of characters by which it differs from each of its rivals.

    Half of each group has to be said. Nothing where classes, figures or places tell them apart.
    """
    described = [_described(fact, quotes) for fact in facts]
    return tuple(tuple(dict.fromkeys(_own(described, at))) for at in range(len(facts)))


def _own(described: Sequence[_Described], at: int) -> Iterator[frozenset[str]]:
    one = described[at]
    for other in (*described[max(0, at - _MOST) : at], *described[at + 1 : at + 1 + _MOST]):
        if one.gives == other.gives:
            continue
        if own := _tells(_apart(one, other), _apart(other, one), is_list=one.list == other.list):
            yield own
            yield from (frozenset((pair,)) for pair in own if pair[0].isdecimal())  # 1等奖, 3星级


def _apart(one: _Described, other: _Described) -> list[_Phrase]:
    """The phrases of a fact that another one has not: the innermost, of those inside others."""
    shared = {phrase.span for phrase in other.phrases}
    own = [phrase for phrase in one.phrases if phrase.span not in shared]
    return [phrase for phrase in own if not any(_is_inside(phrase.span, outer.span) for outer in own)]


def _tells(own: Sequence[_Phrase], others: Sequence[_Phrase], *, is_list: bool) -> frozenset[str]:
    """The pairs of characters that only the first has, if nothing else tells the two apart."""
    if any(phrase.is_open for phrase in own):
        return frozenset()
    pairs, against = _pairs(own), _pairs(others)
    is_alike = len(pairs & against) >= _ALIKE * min(len(pairs), len(against)) > 0
    compared = frozenset[object]().union(*(phrase.compared for phrase in own))
    if not (is_alike or (is_list and others)) or not compared <= frozenset[object]().union(
        *(phrase.compared for phrase in others)
    ):
        return frozenset()
    if is_list:
        return frozenset(pair for pair in pairs - against if _JOINING.isdisjoint(pair))
    return frozenset(pair for phrase in own for pair in _runs(phrase.pairs, against))


def _runs(pairs: Sequence[str], against: frozenset[str]) -> Iterator[str]:
    """The pairs that stand side by side with another one that the other fact has not: one alone is chance."""
    is_own = [pair not in against and _JOINING.isdisjoint(pair) for pair in pairs]
    for at, pair in enumerate(pairs):
        if is_own[at] and any(is_own[near] for near in (at - 1, at + 1) if 0 <= near < len(pairs)):
            yield pair


def _pairs(phrases: Sequence[_Phrase]) -> frozenset[str]:
    return frozenset(pair for phrase in phrases for pair in phrase.pairs)


def _described(fact: Fact, quotes: Quotes) -> _Described:
    return _Described(
        tuple(_phrase(span, quotes) for span in (*fact.beneficiaries, *fact.conditions)),
        (fact.rate and fact.rate.value, *((amount.value, amount.upper) for amount in fact.amounts)),
        (fact.quote, fact.beneficiaries),
    )


def _phrase(span: Span, quotes: Quotes) -> _Phrase:
    text = without_recognition(fold(quotes.words(span)))
    needs = [need for group in parse(text, is_class=False).groups for need in group.needs]
    plain = joined(TABLE.without("here", text))
    return _Phrase(
        span,
        tuple(a + b for a, b in pairwise(plain)),
        frozenset(one for need in needs for one in (*need.own, *need.said, *need.bounds, *need.places)),
        any(map(_is_open, needs)) or bool(quantities_in(text)),
    )


def _is_open(need: Need) -> bool:
    return need.vague is not None or bool(need.absent or need.absent_words)


def _is_inside(inner: Span, outer: Span) -> bool:
    return inner != outer and outer.start <= inner.start and inner.end <= outer.end
