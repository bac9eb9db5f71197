"""Makes the facts in force of a paper from its text and the corrections of editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.facts.correcting.attaching import attached
from corpus.facts.excerpts import Excerpts
from corpus.facts.in_force import FactCorrection, FactsInForce
from corpus.facts.model import PaperFacts
from corpus.facts.proof import proved
from corpus.model import Document


def facts_as_read(document: Document) -> PaperFacts:
    """The facts that the text of a paper proves, without corrections."""
    return proved(document, facts_of_text(document))[0]


def facts_in_force(
    document: Document, corrections: Sequence[FactCorrection] = (), *, facts: PaperFacts | None = None
) -> FactsInForce:
    """The facts of a paper with corrections.

    `facts` are those of its text, where they were read before, under this id of the paper or another one.
    """
    own = facts_of_text(document) if facts is None else _renamed(facts, document.id)
    read, faults = proved(document, own)
    made = attached(document, read.facts, corrections)
    all_facts = [one.fact for one in (*made.facts, *made.hidden)]
    needed = {fact.clause_id for fact in all_facts}
    return FactsInForce(
        document.id,
        made.facts,
        Excerpts.of((span for fact in all_facts for span in fact.spans()), document.text),
        {clause.id: clause.label for clause in document.clauses if clause.id in needed},
        read.sentences,
        made.hidden,
        made.detached,
        faults,
    )


def facts_of_text(document: Document) -> PaperFacts:
    """The facts that the program reads from the text of a paper, proved or not. This is what takes time."""
    # Imported here because it takes 0.2 s, which commands that read no facts from a text do without.
    from corpus.facts.extract import facts_of

    return facts_of(document)


def _renamed(facts: PaperFacts, document_id: str) -> PaperFacts:
    if facts.document_id == document_id:
        return facts
    own = tuple(replace(fact, document_id=document_id) for fact in facts.facts)
    return replace(facts, document_id=document_id, facts=own)
