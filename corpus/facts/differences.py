"""What a later paper changes in the facts of an earlier one.

Each fact of the later paper is paired with the one of the earlier paper that it takes the place of: of the
same kind, for the same beneficiary, said in similar words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.facts.fields import FactField, Part, parts_of, plain
from corpus.facts.in_force import FactsInForce
from corpus.facts.model import Fact, FactKind
from corpus.model import Span

# Below either of these two facts are two matters, and not one matter that was changed.
_SIMILAR = 0.5  # mean of the similarity of beneficiaries and of quotes, each 0 to 1
_SIMILAR_QUOTES = 0.3  # one beneficiary gets several things, which only the quotes tell apart
_CANDIDATES = 8  # facts that a fact is compared with; more would only differ less
# A pair of characters in more facts than this tells none of them apart, and would cost quadratic time.
_MOST_FACTS_WITH_PAIR = 64

# "500" in 不超过500万元; a changed figure must not make two quotes differ.
_FIGURES = re.compile(r"[0-9.,%]+")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What differs in one field. `old` is empty for what was added, `new` for what was removed."""

    field: FactField
    old: tuple[Span, ...]  # of the earlier text
    new: tuple[Span, ...]  # of the later text


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that states something else than before."""

    old: Fact
    new: Fact
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class FactDifferences:
    """What a later paper changes, in its reading order. Facts that state the same are only counted."""

    changed: tuple[FactChange, ...]
    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.changed or self.added or self.removed)


@dataclass(frozen=True, slots=True)
class _Side:
    """A fact as it is compared."""

    fact: Fact
    parts: tuple[Part, ...]
    quote: str  # without figures
    beneficiaries: str

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for facts that state the same in the same words."""
        return (self.fact.kind, self.quote, *((part.field, part.meaning) for part in self.parts))

    @property
    def marks(self) -> set[str]:
        """What similar facts have in common: pairs of characters of the quote, and of the beneficiaries."""
        return _pairs(self.quote) | {f"@{pair}" for pair in _pairs(self.beneficiaries)}


def compare_facts(old: FactsInForce, new: FactsInForce) -> FactDifferences:
    """Compares the facts of an earlier and a later paper. Takes time linear in the number of facts."""
    before, after = _sides(old), _sides(new)
    same = _equal(before, after)
    pairs = same | _similar(before, after, same)
    left = set(range(len(before))) - set(pairs.values())
    changes = (_change(before[j], after[i]) for i, j in sorted(pairs.items()) if i not in same)
    changed = tuple(change for change in changes if change.fields)
    return FactDifferences(
        changed=changed,
        added=tuple(side.fact for i, side in enumerate(after) if i not in pairs),
        removed=tuple(before[j].fact for j in sorted(left)),
        unchanged=len(pairs) - len(changed),
    )


def _sides(paper: FactsInForce) -> list[_Side]:
    words = paper.excerpts.words
    return [
        _Side(
            fact,
            parts=tuple(parts_of(fact, words)),
            quote=_FIGURES.sub("", plain(words(fact.quote))),
            beneficiaries="|".join(plain(words(span)) for span in fact.beneficiaries),
        )
        for fact in (one.fact for one in paper.facts)
    ]


def _equal(before: Sequence[_Side], after: Sequence[_Side]) -> dict[int, int]:
    """The places of equal facts: in the later paper to in the earlier one."""
    waiting: dict[tuple[object, ...], deque[int]] = defaultdict(deque)
    for j, side in enumerate(before):
        waiting[side.key].append(j)
    return {i: waiting[side.key].popleft() for i, side in enumerate(after) if waiting[side.key]}


def _similar(before: Sequence[_Side], after: Sequence[_Side], same: Mapping[int, int]) -> dict[int, int]:
    """Pairs of the facts that `same` leaves, the most similar first; of equally similar ones the nearest."""
    paired = set(same.values())
    left = [j for j in range(len(before)) if j not in paired]
    found = [
        (-score, abs(i - j), i, j)
        for i, j in _candidates(before, left, after, same)
        if (score := _similarity(before[j], after[i])) > 0
    ]
    taken: dict[int, int] = {}
    for _, _, i, j in sorted(found):
        if i not in taken and j not in paired:
            taken[i] = j
            paired.add(j)
    return taken


def _candidates(
    before: Sequence[_Side], left: Sequence[int], after: Sequence[_Side], same: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Yields the places of facts that have most in common, those of the later paper first."""
    having: dict[tuple[FactKind, str], list[int]] = defaultdict(list)
    for j in left:
        for mark in before[j].marks:
            having[before[j].fact.kind, mark].append(j)
    for i, side in enumerate(after):
        if i in same:
            continue
        common = Counter[int]()
        for mark in side.marks:
            with_it = having.get((side.fact.kind, mark), ())
            if len(with_it) <= _MOST_FACTS_WITH_PAIR:
                common.update(with_it)
        for j, _ in common.most_common(_CANDIDATES):
            yield i, j


def _similarity(old: _Side, new: _Side) -> float:
    """0 to 1; 0 for facts about two matters."""
    quotes = _dice(_pairs(old.quote), _pairs(new.quote))
    if quotes < _SIMILAR_QUOTES:
        return 0.0
    who = quotes
    if old.beneficiaries and new.beneficiaries:
        who = _dice(_pairs(old.beneficiaries), _pairs(new.beneficiaries))
    mean = (quotes + who) / 2
    return mean if mean >= _SIMILAR else 0.0


def _change(old: _Side, new: _Side) -> FactChange:
    fields = []
    for field in FactField:
        was = [part for part in old.parts if part.field is field]
        now = [part for part in new.parts if part.field is field]
        gone, come = _without(was, now), _without(now, was)
        if gone or come:
            fields.append(FieldChange(field, gone, come))
    return FactChange(old.fact, new.fact, tuple(fields))


def _without(parts: Sequence[Part], others: Sequence[Part]) -> tuple[Span, ...]:
    meanings = {part.meaning for part in others}
    return tuple(part.span for part in parts if part.meaning not in meanings)


def _pairs(words: str) -> set[str]:
    return {first + second for first, second in pairwise(words)} or {words}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
