"""Turns extracted facts into what is compared, and checks that each of their fields re-reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from corpus.facts.model import Amount, Fact, PaperFacts
from corpus.facts.proof import Places, contains
from corpus.model import Document, Span
from corpus.notation.quantities import quantities_in
from evals.facts.model import Field, Stated, Sum


def stated(facts: PaperFacts, document: Document) -> list[Stated]:
    """Returns the facts of a paper as they are compared. Their ids are unique among all papers."""
    return [_stated(fact, document) for fact in facts.facts]


def squeezed(words: str) -> str:
    """Words without white space, by which they are compared."""
    return "".join(words.split())


def unproved(fact: Fact, document: Document) -> Iterator[Span]:
    """Yields spans that are empty, outside the text, or neither in the clause nor in a lead-in above it."""
    clause = next((one for one in document.clauses if one.id == fact.clause_id), None)
    places = Places(document).of(clause) if clause is not None else []
    end = len(document.text)
    for span in fact.spans():
        inside = span.end <= end and any(contains(place, span) for place in places)
        if not inside or not span.of(document.text).strip():
            yield span


def rereads(amount: Amount, document: Document) -> bool:
    """Whether the words of an amount say its value, or its two ends, in its unit."""
    said = [
        (quantity.value, quantity.upper)
        for quantity in quantities_in(squeezed(amount.span.of(document.text)))
        if quantity.unit == amount.unit
    ]
    return (amount.value, amount.upper) in said


def _stated(fact: Fact, document: Document) -> Stated:
    def words(spans: Iterable[Span | None]) -> frozenset[str]:
        return frozenset(squeezed(span.of(document.text)) for span in spans if span is not None)

    period = fact.limit.period if fact.limit is not None else None
    return Stated(
        id=f"{document.id}#{fact.id}",
        document=document.id,
        place=fact.clause_id,
        kind=fact.kind,
        quote=squeezed(fact.quote.of(document.text)),
        sums=tuple(Sum(one.value, one.bound.value, one.upper, one.role.value) for one in fact.amounts),
        rate=fact.rate.value if fact.rate is not None else None,
        limit=(period.value, period.unit) if period is not None else None,
        cut=fact.reduction.value if fact.reduction is not None else None,
        target=_target(fact),
        words={
            Field.BENEFICIARY: words(fact.beneficiaries),
            Field.CONDITIONS: words(fact.conditions),
            Field.DEPARTMENTS: words(fact.departments.units if fact.departments is not None else ()),
            Field.SOURCE: words((fact.source,)),
            Field.REGION: words((fact.region,)),
        },
        frequency=frozenset(one.kind.value for one in fact.frequency),
    )


def _target(fact: Fact) -> tuple[Decimal | None, Decimal | None] | None:
    return (fact.target.value, fact.target.upper) if fact.target is not None else None
