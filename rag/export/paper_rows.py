"""Rows of papers and of their clauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.head.paper_head import PaperHead
from corpus.model import Document, Reference, Span, Stated, Status

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExportedPaper:
    """A paper with its status and its last day, on the day of the export."""

    document: Document
    head: PaperHead
    status: Status
    valid_until: date | None


def words(document: Document, span: Span | None) -> Row | None:
    """Words of the paper with their offsets."""
    if span is None:
        return None
    return {"text": span.of(document.text), "start": span.start, "end": span.end}


def document_row(paper: ExportedPaper) -> Row:
    """The row of a paper: all that is known of it, and its text."""
    document, own, head = paper.document, paper.head, paper.document.head
    validity, source = head.validity, document.source
    return {
        "document_id": document.id,
        "title": own.title,
        "inner_title": own.inner_title,
        "doc_number": own.doc_number,
        "registry_number": _value(head.registry_number),
        "issuer": own.issuer,
        "addressees": _value(head.addressees),
        "region": own.region,
        "level": own.level.value if own.level is not None else "",
        "status": paper.status.value,
        "stated_status": own.status.value,
        "date_issued": own.date_issued,
        "date_printed": head.date_printed.value if head.date_printed is not None else None,
        "date_published": _value(head.date_published),
        "valid_since": own.valid_since,
        "valid_until": paper.valid_until,
        "validity": words(document, validity.span) if validity is not None else None,
        "validity_duration": validity.duration if validity is not None else "",
        "disclosure": _value(head.disclosure),
        "self_reference": _value(head.self_reference),
        "contact": _value(head.contact),
        "repeals": _named(head.repeals),
        "basis": _named(head.basis),
        "cites": _named(head.cites),
        "repeals_parts": [{**_name(one.paper), "articles": list(one.articles)} for one in head.repeals_parts],
        "extends": [
            {**_name(one.paper), "until": one.until, "duration": one.duration} for one in head.extends
        ],
        "amended": [{"day": one.day, "doc_number": one.doc_number} for one in head.amended],
        "corrected": [one.field.value for one in document.corrections],
        "url": source.url,
        "file_name": source.name,
        "media_type": source.media_type,
        "file_sha256": source.sha256,
        "content_sha256": own.content_sha256,
        "clauses": len(document.clauses),
        "text": document.text,
    }


def clause_rows(paper: ExportedPaper) -> Iterator[Row]:
    """The rows of a paper's clauses, in reading order."""
    document, own = paper.document, paper.head
    for clause in document.clauses:
        charge = clause.responsibility
        yield {
            "document_id": document.id,
            "doc_number": own.doc_number,
            "title": own.title,
            "region": own.region,
            "status": paper.status.value,
            "clause_id": clause.id,
            "kind": clause.kind.value,
            "path": list(clause.path),
            "label": clause.label,
            "heading": clause.heading,
            "parent": clause.parent,
            "text": document.text_of(clause),
            "start": clause.start,
            "end": clause.end,
            "body_start": clause.body_start,
            "tree_end": clause.tree_end,
            "lead_departments": list(charge.lead) if charge is not None else [],
            "other_departments": list(charge.participants) if charge is not None else [],
            "content_sha256": own.content_sha256,
            "valid_since": own.valid_since,
            "valid_until": paper.valid_until,
            "url": own.url,
        }


def _value(stated: Stated[str] | None) -> str:
    return stated.value if stated is not None else ""


def _named(references: Iterable[Reference]) -> list[Row]:
    return [_name(one) for one in references]


def _name(reference: Reference) -> Row:
    return {"title": reference.title, "doc_number": reference.doc_number}
