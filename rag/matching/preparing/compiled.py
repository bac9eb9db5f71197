"""A fact as it is judged: its conditions, read once, with their words in the paper."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count

from corpus.facts.model import Fact, FactKind
from rag.matching.model import Quoted
from rag.matching.reading.conditions import Condition

# They say what a paper fixes or aims at, and give nothing to an enterprise.
_NOTHING_TO_GET = frozenset((FactKind.RULE, FactKind.TARGET))


@dataclass(frozen=True, slots=True)
class Part:
    """A condition and its words in the paper."""

    quote: Quoted
    condition: Condition
    is_procedure: bool = False  # what a time limit is for: whoever intends it is meant too

    @property
    def key(self) -> Hashable:
        return id(self.condition), self.is_procedure


@dataclass(frozen=True, slots=True)
class Area:
    """Where a fact holds, when its clause divides by place."""

    quote: Quoted
    named: frozenset[str]  # divisions that are named one by one
    codes: frozenset[str]  # these and those of areas
    elsewhere: tuple[tuple[Quoted, frozenset[str]], ...]  # named for other facts of its sentence
    is_open: bool  # a list of examples, or no place that is known

    @property
    def key(self) -> Hashable:
        return self.named, self.codes, tuple(codes for _, codes in self.elsewhere), self.is_open


@dataclass(frozen=True)
class CompiledFact:
    """A fact as it is judged."""

    fact: Fact
    whole: Quoted
    classes: tuple[tuple[Part, ...], ...]  # alternatives; all parts of one have to hold
    parts: tuple[Part, ...]
    area: Area | None
    duty: Part | None  # the fact is for those who have this duty alone
    outside: frozenset[str]  # divisions of the beneficiaries, which may be outside of the paper's region
    told_by: tuple[frozenset[str], ...]  # pairs of characters that tell it from other facts of its clause
    left_open: Quoted | None  # words by which the paper itself leaves it open: 有条件的市, 争取

    @cached_property
    def key(self) -> int:
        """The same for facts with the same conditions, which are kept once (`parse` caches them)."""
        return _number_of(
            (
                tuple(tuple(part.key for part in parts) for parts in self.classes),
                tuple(part.key for part in self.parts),
                self.area.key if self.area is not None else None,
                self.duty.key if self.duty is not None else None,
                self.left_open is not None,
                self.told_by,
            )
        )

    @cached_property
    def described(self) -> Quoted:
        """The words that say for whom it is: the shortest, which tell it apart in a list."""
        parts = (*self.parts, *(part for parts in self.classes for part in parts))
        return min((part.quote for part in parts), key=lambda one: len(one.words), default=self.whole)

    @cached_property
    def says_for_whom(self) -> bool:
        """Whether anything decides who gets it: 其中前三年 does not."""
        parts = (*self.parts, *(part for parts in self.classes for part in parts))
        return self.duty is not None or any(part.condition.groups for part in parts)


def gives_something(fact: Fact) -> bool:
    """Whether there is something to get: rules and targets give nothing."""
    return fact.kind not in _NOTHING_TO_GET


_numbers = count()


@cache
def _number_of(key: Hashable) -> int:
    """A number for the ids of conditions: of facts that exist together, equal ids are equal conditions."""
    return next(_numbers)
