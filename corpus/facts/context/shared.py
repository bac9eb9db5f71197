"""Adds to the facts of a paper what their clauses say for all of them: units in charge and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.facts.context import departments, places
from corpus.facts.model import Fact, FactKind
from corpus.model import Document

# The units in charge of a measure are not those of a rule over the whole paper.
_OF_THE_PAPER = frozenset({FactKind.RULE})


def with_shared(document: Document, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Yields the facts with the units in charge of their clause, and the place that limits them."""
    in_charge = departments.by_clause(document)
    for fact in facts:
        yield replace(
            fact,
            departments=fact.departments
            or (in_charge.get(fact.clause_id) if fact.kind not in _OF_THE_PAPER else None),
            region=fact.region or places.read(document, fact.quote),
        )
