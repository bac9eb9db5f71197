"""Answers from the metadata of papers: what they state, do not state, and contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Document
from rag.answer.content.plan import Quoted
from rag.answer.content.premise import claims, contradicted
from rag.answer.metadata.facts import MetadataFact, Unstated, metadata_facts
from rag.question.metadata_fields import MetadataField, asks_for_term


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Metadata of papers, with the words to quote."""

    quoted: tuple[Quoted, ...]
    gaps: tuple[tuple[Document, MetadataField], ...]  # asked for and not stated
    contradicted: bool  # the question asserts a figure that the quoted words contradict


def facts_about(documents: Sequence[Document], fields: Sequence[MetadataField], text: str) -> PaperFacts:
    """Returns what each of `documents` states of `fields`, and whether `text` contradicts it."""
    quoted: list[Quoted] = []
    gaps: list[tuple[Document, MetadataField]] = []
    wrong = False
    claimed = claims(text)
    for document in documents:
        facts = metadata_facts(document, fields)
        stated = [fact for fact in facts if isinstance(fact, MetadataFact)]
        quoted += _by_clause(document, stated)
        gaps += [(document, fact.field) for fact in facts if isinstance(fact, Unstated)]
        if MetadataField.VALIDITY in fields and asks_for_term(text) and _is_open(document):
            gaps.append((document, MetadataField.TERM))
        words = [fact.span.of(document.text) for fact in stated]
        wrong = wrong or any(contradicted(claim, words) for claim in claimed)
    return PaperFacts(tuple(quoted), tuple(gaps), wrong)


def _is_open(document: Document) -> bool:
    """Whether the paper says from when it applies, but not how long or until when."""
    validity = document.head.validity
    return validity is not None and validity.until is None and not validity.duration


def _by_clause(document: Document, facts: Sequence[MetadataFact]) -> list[Quoted]:
    clauses = {fact.clause.id: fact.clause for fact in facts}
    quoted = []
    for i, clause in clauses.items():
        # Two fields may be stated by the same words (issuer and title): the first requested one labels them.
        fields = {fact.span: fact.field for fact in reversed(facts) if fact.clause.id == i}
        spans = tuple(sorted(fields, key=lambda span: span.start))
        quoted.append(Quoted(document, clause, spans, tuple(fields[span] for span in spans)))
    return quoted
