"""Looks up metadata fields of a paper, with the clause and words that state each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corpus.model import Clause, Document, HeadData, Kind, Span, Stated
from corpus.structure.units import units
from rag.question.metadata_fields import MetadataField


@dataclass(frozen=True, slots=True)
class MetadataFact:
    """A metadata field with the clause and words that state it."""

    field: MetadataField
    clause: Clause
    span: Span


@dataclass(frozen=True, slots=True)
class Unstated:
    """A metadata field that the paper does not state."""

    field: MetadataField


def metadata_facts(document: Document, fields: Iterable[MetadataField]) -> list[MetadataFact | Unstated]:
    """Returns what the paper states of each field."""
    facts: list[MetadataFact | Unstated] = []
    for field in _stated_as(document.head, fields):
        spans = stated_spans(document.head, field)
        if not spans:
            facts.append(Unstated(field))
        for span in spans:
            clause = clause_at(document, span)
            if clause is not None:
                facts.append(MetadataFact(field, clause, sentence_around(document, clause, span)))
    return list(dict.fromkeys(facts))


def _stated_as(head: HeadData, fields: Iterable[MetadataField]) -> list[MetadataField]:
    """Returns the fields that answer the question, as far as this paper has them."""
    found: list[MetadataField] = []
    for field in fields:
        unprinted = field is MetadataField.PRINTED and head.date_printed is None
        unpublished = field is MetadataField.PUBLISHED and head.date_published is None
        if unprinted or unpublished:
            found.append(MetadataField.ISSUED)
        elif field is MetadataField.STATUS and head.status_span is None:
            # An issued paper shows its status by number and date, and may state until when it applies.
            found += [MetadataField.DOC_NUMBER, MetadataField.ISSUED, MetadataField.VALIDITY]
        else:
            found.append(field)
    return list(dict.fromkeys(found))


def stated_spans(head: HeadData, field: MetadataField) -> list[Span]:
    """Returns the words of the paper that state the field, or their sentence.

    A value that an editor has added has none.
    """
    return [span for span in _spans(head, field) if span.start < span.end]


def _spans(head: HeadData, field: MetadataField) -> list[Span]:
    match field:
        case MetadataField.VALIDITY:
            return [head.validity.span] if head.validity else []
        case MetadataField.REPEALS:
            return [reference.span for reference in head.repeals]
        case MetadataField.BASIS:
            return [reference.span for reference in head.basis]
        case MetadataField.STATUS:
            return [head.status_span] if head.status_span else []
    return [item.span for item in _stated(head)[field] if item is not None]


def _stated(head: HeadData) -> dict[MetadataField, list[Stated[str] | Stated[date] | None]]:
    """Returns the fields that the paper states literally."""
    return {
        MetadataField.TITLE: [head.title, head.inner_title],
        MetadataField.DOC_NUMBER: [head.doc_number],
        MetadataField.ISSUER: [head.issuer, head.title] if head.issuer else [],
        MetadataField.ISSUED: [head.date_issued],
        MetadataField.PRINTED: [head.date_printed],
        MetadataField.PUBLISHED: [head.date_published],
        MetadataField.ADDRESSEES: [head.addressees],
        MetadataField.REGISTRY: [head.registry_number],
        MetadataField.CONTACT: [head.contact],
    }


def clause_at(document: Document, span: Span) -> Clause | None:
    """Returns the clause whose own text contains `span`, or None."""
    for clause in document.clauses:
        if clause.start <= span.start and span.end <= clause.end:
            return clause
    return None


def sentence_around(document: Document, clause: Clause, span: Span) -> Span:
    """Returns the sentence of the clause that contains `span`; in title and sign-off `span` itself."""
    if clause.kind in (Kind.HEAD, Kind.INNER_TITLE, Kind.SIGN_OFF):
        return span
    for unit in units(document, clause):
        if unit.span.start <= span.start and span.end <= unit.span.end:
            return unit.span
    return span
