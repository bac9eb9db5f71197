"""Pairs each fact of a later paper with the one of an earlier paper that it takes the place of.

Both are of one kind, for the same beneficiary or about the same matter, and said in similar words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.facts.comparing.fields import Part, parts_of, plain
from corpus.facts.in_force import FactInForce, FactsInForce
from corpus.facts.model import Fact, FactKind, RuleKind
from corpus.model import Span

# Below this similarity, 0 to 1, two facts are two matters, and not one matter that was changed.
_SIMILAR = 0.6
_SUBJECT = 2.0  # weight of the words for whom or about what a fact is, beside those of its quote
_CANDIDATES = 8  # facts that a fact is compared with; more would only differ less
# A pair of characters in more facts than this tells none of them apart, and would cost quadratic time.
_MOST_FACTS_WITH_PAIR = 64

# "500" in 不超过500万元; a changed figure must not make two quotes differ.
_FIGURES = re.compile(r"[0-9.,%]+")

Marks = set[tuple[str, str]]  # field and pair of characters


@dataclass(frozen=True, slots=True)
class Side:
    """A fact as it is compared."""

    fact: Fact
    parts: tuple[Part, ...]
    quote: str  # without figures
    figures: tuple[str, ...]  # of the quote
    subject: str  # for whom or about what it is, as far as the fact names it

    @property
    def kind(self) -> tuple[FactKind, RuleKind | None]:
        """What both facts of a pair must have in common."""
        return self.fact.kind, self.fact.rule.kind if self.fact.rule is not None else None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for facts that state the same in the same words."""
        return (self.kind, self.quote, self.figures, *((part.field, part.meaning) for part in self.parts))

    @property
    def marks(self) -> Marks:
        """What similar facts have in common: pairs of characters of the quote, and of the subject."""
        pairs = {("quote", pair) for pair in _pairs(self.quote)}
        return pairs | {("subject", pair) for pair in _pairs(self.subject) if self.subject}


def paired(before: Sequence[Side], after: Sequence[Side]) -> tuple[dict[int, int], dict[int, int]]:
    """The places of equal facts and of similar ones: in the later paper to in the earlier one.

    Takes time linear in the number of facts.
    """
    same = _equal(before, after)
    return same, _similar(before, after, same)


def sides_of(paper: FactsInForce, facts: Iterable[FactInForce]) -> list[Side]:
    """Facts of a paper, shown or hidden, as they are compared."""
    words = paper.excerpts.words
    return [
        Side(
            fact,
            parts=tuple(parts_of(fact, words)),
            quote=_FIGURES.sub("", plain(words(fact.quote))),
            figures=tuple(_FIGURES.findall(plain(words(fact.quote)))),
            subject="|".join(plain(words(span)) for span in _subject(fact)),
        )
        for fact in (one.fact for one in facts)
    ]


def _subject(fact: Fact) -> Iterator[Span]:
    """Beneficiaries, what a time limit is for, what a target counts."""
    yield from fact.beneficiaries
    if fact.limit is not None and fact.limit.what is not None:
        yield fact.limit.what
    if fact.target is not None:
        yield fact.target.indicator


def _equal(before: Sequence[Side], after: Sequence[Side]) -> dict[int, int]:
    """The places of equal facts: in the later paper to in the earlier one."""
    waiting: dict[tuple[object, ...], deque[int]] = defaultdict(deque)
    for j, side in enumerate(before):
        waiting[side.key].append(j)
    return {i: waiting[side.key].popleft() for i, side in enumerate(after) if waiting[side.key]}


def _similar(before: Sequence[Side], after: Sequence[Side], same: Mapping[int, int]) -> dict[int, int]:
    """Pairs of the facts that `same` leaves, the most similar first; of equally similar ones the nearest."""
    paired = set(same.values())
    old = {j: side for j, side in enumerate(before) if j not in paired}
    new = {i: side for i, side in enumerate(after) if i not in same}
    found: list[tuple[float, int, int, int]] = []
    for kind in {side.kind for side in old.values()}:
        some = _Similarities(
            {j: side.marks for j, side in old.items() if side.kind == kind},
            {i: side.marks for i, side in new.items() if side.kind == kind},
        )
        found += ((-score, abs(i - j), i, j) for i, j, score in some.pairs() if score >= _SIMILAR)
    taken: dict[int, int] = {}
    for _, _, i, j in sorted(found):
        if i not in taken and j not in paired:
            taken[i] = j
            paired.add(j)
    return taken


class _Similarities:
    """Compares facts of one kind by their marks. Marks that many facts have count less."""

    def __init__(self, old: Mapping[int, Marks], new: Mapping[int, Marks]) -> None:
        self._old, self._new = old, new
        self._having: dict[tuple[str, str], list[int]] = defaultdict(list)
        for j, marks in old.items():
            for mark in marks:
                self._having[mark].append(j)
        self._in_new = Counter(mark for marks in new.values() for mark in marks)

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Yields the places of facts that have most in common, the later one first, and their similarity."""
        for i, marks in self._new.items():
            common = Counter[int]()
            for mark in marks:
                with_it = self._having.get(mark, ())
                if len(with_it) <= _MOST_FACTS_WITH_PAIR:
                    common.update(with_it)
            for j, _ in common.most_common(_CANDIDATES):
                yield i, j, self._similarity(self._old[j], marks)

    def _similarity(self, one: Marks, other: Marks) -> float:
        """The weight of common marks among that of all, 0 to 1."""
        return 2 * self._weight(one & other) / (self._weight(one) + self._weight(other))

    def _weight(self, marks: Marks) -> float:
        """A mark of several facts does not tell them apart: 自受理之日起, 给予."""
        return sum(
            (_SUBJECT if mark[0] == "subject" else 1.0)
            / max(1, len(self._having.get(mark, ())), self._in_new[mark])
            for mark in marks
        )


def _pairs(words: str) -> set[str]:
    return {first + second for first, second in pairwise(words)} or {words}
