"""Collects what a clause gives: sentences with only a limit or a source of money complete it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus.facts.grants.blocks import Block
from corpus.facts.grants.parts import Part
from corpus.facts.grants.sources import source
from corpus.facts.grants.sums import sums_of
from corpus.facts.model import Fact, FactKind, Role
from corpus.facts.sentences import Sentence
from corpus.model import Span

_PAID = frozenset({FactKind.MONEY, FactKind.INTEREST})
# Characters from what is given to the end of its limit, so that facts do not grow with the thousands of
# sentences that may follow them.
_LIMIT_REACH = 2_000


@dataclass(slots=True)
class GivenSoFar:
    """The facts of the sentences of a clause that have been read, in reading order."""

    facts: list[Fact] = field(default_factory=list)
    _with_source: int = 0  # number of facts that a source was added to

    def limit(self, sentence: Sentence, part: Part) -> None:
        """Adds the limit that a sentence states to the last facts: those with a rate, or the last one."""
        limits = sums_of(sentence, Block([], [part])).amounts
        if not limits:
            return
        added, first = replace(limits[0], role=Role.CAP), self._first_limited(sentence)
        self.facts[first:] = [
            replace(fact, amounts=(*fact.amounts, added), quote=Span(fact.quote.start, sentence.span.end))
            for fact in self.facts[first:]
        ]

    def pay_from(self, sentence: Sentence) -> None:
        """Adds the source of money that a sentence states to the facts that name none."""
        payer = source(sentence, 0, len(sentence.text))
        for place in range(self._with_source, len(self.facts)):
            fact = self.facts[place]
            if not fact.source and fact.kind in _PAID:
                self.facts[place] = replace(fact, source=payer)
        self._with_source = len(self.facts)

    def _first_limited(self, sentence: Sentence) -> int:
        """The place of the first fact that a limit holds for; their number if all are too far away."""
        first = len(self.facts)
        earliest = sentence.span.end - _LIMIT_REACH
        while first > 0 and self.facts[first - 1].quote.start >= earliest and self._takes(first - 1):
            first -= 1
        return first

    def _takes(self, place: int) -> bool:
        """Whether a limit holds for a fact: the last takes any, one before it only if both have a rate."""
        fact, last = self.facts[place], self.facts[-1]
        return fact is last or (last.rate is not None and fact.rate is not None and not fact.amounts)
