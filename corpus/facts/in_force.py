"""Model of the facts of a paper as they are shown, and of what editors have corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from corpus.facts.excerpts import Excerpts
from corpus.facts.model import Checked, Fact, FactKind


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a clause, as they stand in the paper."""

    text: str
    offset: int  # from the start of the clause, when they were chosen; tells equal words apart


@dataclass(frozen=True, slots=True)
class FactAddress:
    """By what a corrected fact is found again in facts that were read anew."""

    fact_id: str  # that the fact had
    clause_id: str
    kind: FactKind
    quote: Words
    spans: tuple[str, ...]  # words of all its spans as read, which tell it from others with that quote


@dataclass(frozen=True, slots=True)
class FactCorrection:
    """Other words of the clause that an editor has put in the place of a field, or that a fact is wrong."""

    number: int  # of the correction in the store, from 1
    address: FactAddress
    field: str  # "beneficiaries", "amounts.1"; empty: the whole fact is wrong, and hidden
    words: tuple[Words, ...]  # chosen; none: the fact has no such field
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FactInForce:
    """A fact with the corrections that it contains."""

    fact: Fact
    corrections: tuple[FactCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class FactsInForce:
    """The facts of one paper with the words of their spans."""

    document_id: str
    facts: tuple[FactInForce, ...]  # in reading order
    excerpts: Excerpts
    labels: Mapping[str, str]  # of the clauses of the facts, by id of the clause
    sentences: tuple[Checked, ...] = ()
    hidden: tuple[FactInForce, ...] = ()  # those that an editor has called wrong
    detached: tuple[FactCorrection, ...] = ()  # whose fact or words are no longer in the paper
    unproved: tuple[str, ...] = ()  # what was read and left out, as the text does not prove it

    @property
    def corrections(self) -> tuple[FactCorrection, ...]:
        """All corrections of the paper in force, oldest first, also those that found no fact."""
        made = [one for fact in (*self.facts, *self.hidden) for one in fact.corrections]
        return tuple(sorted({*made, *self.detached}, key=lambda one: one.number))


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """The facts of papers by id; the ids of those whose facts, or texts, are damaged."""

    facts: Mapping[str, FactsInForce]
    damaged: frozenset[str] = frozenset()
