"""Adds to the facts of a paper what their clauses say for all of them: units in charge and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.facts.context import departments, places
from corpus.facts.model import Fact, FactKind, RuleKind
from corpus.model import Document, Span

# The units in charge of a measure are not those of a rule over the whole paper.
_OF_THE_PAPER = frozenset({FactKind.RULE})


def with_shared(document: Document, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yields the facts with the units in charge of their clause, and the place that limits them."""
    in_charge = departments.InCharge(document)
    for fact in facts:
        yield replace(
            fact,
            departments=fact.departments
            or (in_charge.of(fact.clause_id, fact.quote) if fact.kind not in _OF_THE_PAPER else None),
            region=fact.region or _place(document, fact),
        )


def _place(document: Document, fact: Fact) -> Span | None:
    """The place that limits the fact; of several in its quote, the one before its figure."""
    is_scope = fact.rule is not None and fact.rule.kind is RuleKind.SCOPE
    if is_scope or (fact.rate is None and not fact.amounts):
        return places.read(document, fact.quote, is_scope=is_scope)
    figure = fact.rate.span if fact.rate is not None else fact.amounts[0].span
    found = places.all_in(document, fact.quote)
    before = [place for place in found if place.end <= figure.start]
    return before[-1] if before else next(iter(found), None)
