"""Checks that every part of a fact stands in its clause, or in the text that leads to the clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpus.facts.in_force import FactsInForce
from corpus.facts.model import Fact, PaperFacts
from corpus.facts.quotes import Quotes
from corpus.model import Clause, Document, Span


class Places:
    """The places of a paper that may prove a fact of each clause."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._clauses = {clause.id: clause for clause in document.clauses}

    def fault(self, fact: Fact) -> str:
        """What is wrong with the spans of a fact; empty if every one of them is proved."""
        clause = self._clauses.get(fact.clause_id)
        if fact.document_id != self._document.id or clause is None:
            return f"{fact.id}: the paper has no clause {fact.clause_id!r}"
        if not clause.start <= fact.quote.start < fact.quote.end <= clause.tree_end:
            return f"{fact.id}: its quote is outside of the clause"
        allowed = self.of(clause)
        for span in fact.spans():
            if span.start == span.end or not any(contains(place, span) for place in allowed):
                place = f"{span.start}:{span.end}"
                return f"{fact.id}: words at {place} are outside of the clause and its lead-ins"
        return ""

    def of(self, clause: Clause) -> list[Span]:
        """The place of a clause with those below it, and the own text of each above it."""
        found = [Span(clause.start, clause.tree_end)]
        above = clause.parent
        while above is not None and (parent := self._clauses.get(above)) is not None:
            found.append(parent.span)
            above = parent.parent
        return found


def proved(document: Document, facts: PaperFacts) -> tuple[PaperFacts, tuple[str, ...]]:
    """The facts that the text proves, and what is wrong with the others.

    A sentence all of whose facts were left out counts as one that no fact was read from.
    """
    places, kept, faults, lost = Places(document), list[Fact](), list[str](), list[Fact]()
    for fact in facts.facts:
        fault = places.fault(fact)
        (lost if fault else kept).append(fact)
        faults += [fault] if fault else []
    if not lost:
        return facts, ()
    left_out, proving = Quotes(lost), Quotes(kept)
    sentences = tuple(
        replace(one, has_facts=False) if left_out.touch(one.span) and not proving.touch(one.span) else one
        for one in facts.sentences
    )
    return replace(facts, facts=tuple(kept), sentences=sentences), tuple(faults)


def stored_faults(document: Document, facts: FactsInForce) -> Iterator[str]:
    """Yields what stored facts say that the text of their paper does not."""
    if not facts.excerpts.are_of(document.text):
        yield "their words differ from the text"
        return
    places, end = Places(document), len(document.text)
    for one in (*facts.facts, *facts.hidden):
        if fault := places.fault(one.fact):
            yield fault
    if any(one.span.end > end for one in facts.sentences):
        yield "sentences are outside of the text"


def contains(place: Span, span: Span) -> bool:
    """Whether a span lies in a place."""
    return place.start <= span.start and span.end <= place.end
