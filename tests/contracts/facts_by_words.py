"""Facts of a paper by their words, for tests of what is done with facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count

from corpus.facts.model import (
    Amount,
    Bound,
    Fact,
    FactKind,
    Frequency,
    PaperFacts,
    Rate,
    Recurrence,
    Role,
    Rule,
    RuleKind,
    Strength,
    Threshold,
    TimeLimit,
)
from corpus.load import load_all
from corpus.model import Document, Span
from corpus.parse import parse

_NUMBERS = count(1)


def paper(text: str, *, document_id: str = "paper") -> Document:
    """A paper as it is read from plain text."""
    loaded = load_all(text.encode(), name="paper.txt")[0]
    return parse(loaded, document_id=document_id)


class Words:
    """Finds words of one paper and makes facts of them."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def span(self, words: str, *, within: Span | None = None) -> Span:
        """The first place of the words. Raises ValueError when the paper does not contain them."""
        inside = within or Span(0, len(self.document.text))
        at = self.document.text.index(words, inside.start, inside.end)
        return Span(at, at + len(words))

    def fact(
        self,
        quote: str,
        *,
        kind: FactKind = FactKind.MONEY,
        for_: Sequence[str] = (),
        conditions: Sequence[str] = (),
        thresholds: Sequence[Threshold] = (),
        amounts: Sequence[Amount] = (),
        rate: Rate | None = None,
        frequency: Sequence[Frequency] = (),
        region: str = "",
        must_act: str = "",
        aim: str = "",
        limit: str = "",
        rule: RuleKind | None = None,
        until: date | None = None,
    ) -> Fact:
        """A fact of these words; spans are looked for inside of the quote."""
        at = self.span(quote)
        clause = min(
            (one for one in self.document.clauses if one.start <= at.start and at.end <= one.tree_end),
            key=lambda one: one.tree_end - one.start,
        )

        def inside(words: str) -> Span:
            return self.span(words, within=at)

        return Fact(
            id=f"{clause.id}.{kind.value}.{next(_NUMBERS)}",
            document_id=self.document.id,
            clause_id=clause.id,
            kind=kind,
            quote=at,
            strength=Strength.AIM if aim else Strength.FIRM,
            strength_span=inside(aim) if aim else None,
            beneficiaries=tuple(map(inside, for_)),
            conditions=tuple(map(inside, conditions)),
            thresholds=tuple(thresholds),
            amounts=tuple(amounts),
            rate=rate,
            frequency=tuple(frequency),
            region=inside(region) if region else None,
            must_act=inside(must_act) if must_act else None,
            limit=TimeLimit(inside(limit), None) if limit else None,
            rule=Rule(rule, None, None, until) if rule is not None else None,
        )

    def sum(self, words: str, value: int, *, role: Role = Role.PAY, per: str = "") -> Amount:
        per_span = self.span(per) if per else None
        return Amount(self.span(words), Decimal(value), "元", Bound.MAX, role, per=per_span)

    def rate(self, words: str, value: str, *, base: str, bound: Bound = Bound.MAX) -> Rate:
        return Rate(self.span(words), Decimal(value), bound, base=self.span(base))

    def years(self, yearly: str, years: str, number: int) -> tuple[Frequency, Frequency]:
        return (
            Frequency(self.span(yearly), Recurrence.YEARLY),
            Frequency(self.span(years), Recurrence.YEARS, number),
        )

    def threshold(self, words: str, value: int, unit: str, comparison: str = ">=") -> Threshold:
        return Threshold(self.span(words), Decimal(value), unit, comparison)

    def facts(self, *facts: Fact) -> PaperFacts:
        return PaperFacts(self.document.id, 1, facts)
