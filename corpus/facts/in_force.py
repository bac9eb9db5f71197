"""The facts of a paper as they are shown: as they were read from it, with what editors have corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from corpus.facts.excerpts import Excerpts
from corpus.facts.extract import facts_of
from corpus.facts.model import Checked, Fact, FactKind, PaperFacts
from corpus.model import Document


@dataclass(frozen=True, slots=True)
class FactCorrection:
    """What an editor has changed in a fact: other words of the clause for a field, or the fact is wrong.

    The fact is found again after a new extraction by clause, kind and quote.
    """

    number: int  # of the correction in the store, from 1
    fact_id: str  # that the fact had when it was corrected
    clause_id: str
    kind: FactKind
    quote: str  # words of the fact when it was corrected
    field: str  # "beneficiaries", "amounts.1.span"; empty: the whole fact is wrong, and hidden
    words: tuple[str, ...]  # chosen words, as they stand in the paper; none: the fact has no such field
    offset: int  # of the first of the words from the start of the clause, by which they are found again
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
    detached: tuple[FactCorrection, ...] = field(default=())  # whose fact is no longer read from the paper


def uncorrected(document: Document, facts: PaperFacts | None = None) -> FactsInForce:
    """The facts as they are read from a paper; `facts` are those that were read before, if any."""
    read = facts_of(document) if facts is None else facts
    needed = {fact.clause_id for fact in read.facts}
    return FactsInForce(
        document.id,
        tuple(FactInForce(fact) for fact in read.facts),
        Excerpts.of((span for fact in read.facts for span in fact.spans()), document.text),
        {clause.id: clause.label for clause in document.clauses if clause.id in needed},
        read.sentences,
    )
