"""Finds quoted words of a paper that an editor has corrected."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import Correction, Document, HeadField, Span


def corrected_in(document: Document, span: Span) -> Iterator[Correction]:
    """Yields the corrections of values that the paper states within `span`, and states otherwise."""
    for correction in document.corrections:
        stated = _stated_at(document, correction.field)
        if stated is None or stated.start == stated.end or not correction.value:
            continue
        within = span.start <= stated.start and stated.end <= span.end
        if within and correction.spoken not in span.of(document.text):
            yield correction


def _stated_at(document: Document, field: HeadField) -> Span | None:
    """The words in which the paper itself states the field."""
    head = document.head
    match field:
        case HeadField.TITLE:
            return head.title.span
        case HeadField.DOC_NUMBER:
            return head.doc_number.span if head.doc_number else None
        case HeadField.ISSUER:
            return head.issuer.span if head.issuer else None
        case HeadField.DATE_ISSUED:
            return head.date_issued.span if head.date_issued else None
        case HeadField.VALID_SINCE | HeadField.VALID_UNTIL:
            return head.validity.span if head.validity else None
    return None
