"""Puts the corrections of editors into facts that were read anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.errors import BadCorrection
from corpus.facts.correcting.finding import chosen, find
from corpus.facts.correcting.parts import with_words
from corpus.facts.in_force import FactAddress, FactCorrection, FactInForce
from corpus.facts.model import Fact
from corpus.facts.proof import Places
from corpus.model import Clause, Document, Span


@dataclass(frozen=True, slots=True)
class Attached:
    """The facts with the corrections they contain, those that are hidden, and what found no fact."""

    facts: tuple[FactInForce, ...]
    hidden: tuple[FactInForce, ...] = ()
    detached: tuple[FactCorrection, ...] = ()


def address_of(document: Document, fact: Fact) -> FactAddress:
    """By what a fact, as it was read, is found again. Its clause is one of the paper's."""
    clause = next(one for one in document.clauses if one.id == fact.clause_id)
    words = tuple(dict.fromkeys(span.of(document.text) for span in fact.spans()))
    return FactAddress(fact.id, fact.clause_id, fact.kind, chosen(document, clause, fact.quote), words)


def attached(document: Document, facts: Sequence[Fact], corrections: Sequence[FactCorrection]) -> Attached:
    """The facts with the corrections whose fact and words the paper still has; a later one wins."""
    if not corrections:
        return Attached(tuple(map(FactInForce, facts)))
    clauses = {clause.id: clause for clause in document.clauses}
    now = list(facts)
    made: list[tuple[FactCorrection, ...]] = [() for _ in facts]
    hidden, detached = set[int](), list[FactCorrection]()
    for one in corrections:
        clause = clauses.get(one.address.clause_id)
        place = None if clause is None else _matching(document, clause, facts, one.address)
        if clause is None or place is None:
            detached.append(one)
            continue
        fact = _corrected(document, clause, now[place], one)
        if fact is None:
            detached.append(one)
            continue
        now[place] = fact
        made[place] += (one,)
        if not one.field:
            hidden.add(place)
    whole = [FactInForce(fact, own) for fact, own in zip(now, made, strict=True)]
    return Attached(
        tuple(one for place, one in enumerate(whole) if place not in hidden),
        tuple(one for place, one in enumerate(whole) if place in hidden),
        tuple(detached),
    )


def _matching(document: Document, clause: Clause, facts: Sequence[Fact], address: FactAddress) -> int | None:
    """The place of the fact that has an address: of its kind, and read from the same words."""
    quote = find(document, clause, address.quote, [Span(clause.start, clause.tree_end)])
    if quote is None:
        return None
    known = set(address.spans)

    def likeness(place: int) -> tuple[int, int, bool, int]:
        fact = facts[place]
        shared = len({span.of(document.text) for span in fact.spans()} & known)
        return shared, _overlap(fact.quote, quote), fact.id == address.fact_id, -place

    of_kind = [
        place
        for place, fact in enumerate(facts)
        if (fact.clause_id, fact.kind) == (clause.id, address.kind) and _overlap(fact.quote, quote) > 0
    ]
    return max(of_kind, key=likeness, default=None)


def _corrected(document: Document, clause: Clause, fact: Fact, correction: FactCorrection) -> Fact | None:
    """The fact with a correction; None where the paper no longer has the chosen words."""
    if not correction.field:
        return fact
    places = Places(document).of(clause)
    spans = [find(document, clause, words, places) for words in correction.words]
    found = [span for span in spans if span is not None]
    if len(found) < len(spans):
        return None
    try:
        return with_words(fact, correction.field, found, document.text)
    except BadCorrection:  # the fact has no such part any more
        return None


def _overlap(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
