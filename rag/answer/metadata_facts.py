"""Questions about the paper itself, answered from its head data with the words it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corpus.model import Clause, Document, HeadData, Kind, Span, Stated
from corpus.structure.units import units
from rag.question.metadata_fields import HeadField


@dataclass(frozen=True, slots=True)
class HeadFact:
    """A fact of the head data with the clause and words that state it."""

    field: HeadField
    clause: Clause
    span: Span


@dataclass(frozen=True, slots=True)
class Unstated:
    """The paper does not say it."""

    field: HeadField


def head_facts(document: Document, fields: Iterable[HeadField]) -> list[HeadFact | Unstated]:
    """What the paper states of each field."""
    facts: list[HeadFact | Unstated] = []
    for field in _stated_as(document.head, fields):
        spans = _spans(document.head, field)
        if not spans:
            facts.append(Unstated(field))
        for span in spans:
            clause = clause_at(document, span)
            if clause is not None:
                facts.append(HeadFact(field, clause, sentence_around(document, clause, span)))
    return list(dict.fromkeys(facts))


def _stated_as(head: HeadData, fields: Iterable[HeadField]) -> list[HeadField]:
    """The fields that answer what is asked, as far as this paper has them."""
    found: list[HeadField] = []
    for field in fields:
        unprinted = field is HeadField.PRINTED and head.date_printed is None
        unpublished = field is HeadField.PUBLISHED and head.date_published is None
        if unprinted or unpublished:
            found.append(HeadField.ISSUED)
        elif field is HeadField.STATUS and head.status_span is None:
            # An issued paper shows it by number and date, and says or does not say until when it applies.
            found += [HeadField.DOC_NUMBER, HeadField.ISSUED, HeadField.VALIDITY]
        else:
            found.append(field)
    return list(dict.fromkeys(found))


def _spans(head: HeadData, field: HeadField) -> list[Span]:
    stated: list[Stated[str] | Stated[date] | None]
    match field:
        case HeadField.TITLE:
            stated = [head.title, head.inner_title]
        case HeadField.DOC_NUMBER:
            stated = [head.doc_number]
        case HeadField.ISSUER:
            stated = [head.issuer, head.title] if head.issuer else []
        case HeadField.ISSUED:
            stated = [head.date_issued]
        case HeadField.PRINTED:
            stated = [head.date_printed]
        case HeadField.PUBLISHED:
            stated = [head.date_published]
        case HeadField.ADDRESSEES:
            stated = [head.addressees]
        case HeadField.REGISTRY:
            stated = [head.registry_number]
        case HeadField.CONTACT:
            stated = [head.contact]
        case HeadField.VALIDITY:
            return [head.validity.span] if head.validity else []
        case HeadField.REPEALS:
            return [reference.span for reference in head.repeals]
        case HeadField.BASIS:
            return [reference.span for reference in head.basis]
        case HeadField.STATUS:
            return [head.status_span] if head.status_span else []
    return [item.span for item in stated if item is not None]


def clause_at(document: Document, span: Span) -> Clause | None:
    """The clause whose own text holds `span`; None where it stands in none."""
    for clause in document.clauses:
        if clause.start <= span.start and span.end <= clause.end:
            return clause
    return None


def sentence_around(document: Document, clause: Clause, span: Span) -> Span:
    """The sentence of the clause that holds `span`; in title and sign-off the words themselves."""
    if clause.kind in (Kind.HEAD, Kind.INNER_TITLE, Kind.SIGN_OFF):
        return span
    for unit in units(document, clause):
        if unit.span.start <= span.start and span.end <= unit.span.end:
            return unit.span
    return span
