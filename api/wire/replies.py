"""Converts replies from the core's types to wire models, for the HTTP service and for `--json`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from api.pages.links import permalink_of
from api.wire import reply_schemas
from corpus.catalogue.catalogue import Catalogue
from rag.answer.wording.phrases import Phrases, phrases_for
from rag.model import (
    Answer,
    Citation,
    FactCell,
    FactColumn,
    FactRow,
    FactTable,
    Language,
    Marked,
    Passage,
    Refusal,
    Reply,
)
from rag.suggest.suggestions import follow_ups

_MOST_HITS = 10  # version of the contract of a reply
_ID_BYTES = 18  # 144 random bits: an id can be shown to its holder, and nobody can guess it


def reply_on_wire(reply: Reply, *, catalogue: Catalogue) -> reply_schemas.AskResponse:
    """The body of `POST /v1/ask`. Suggestions are made from the papers of the `catalogue`."""
    result = reply.result
    return reply_schemas.AskResponse(
        id=_new_id(),
        outcome=result.outcome.value,
        text=result.text,
        highlights=[] if isinstance(result, Refusal) else _highlights(result),
        language=result.language.value,
        as_of=reply.as_of or catalogue.today,
        confidence=round(result.confidence, 4),
        citations=[]
        if isinstance(result, Refusal)
        else [_citation(marked, result) for marked in result.citations],
        table=None if isinstance(result, Refusal) else table_on_wire(result.table, result.language),
        card=None if isinstance(result, Refusal) else card_on_wire(result.card, result.language),
        hits=[_hit(passage) for passage in result.passages[:_MOST_HITS]],
        refusal=_refusal(result) if isinstance(result, Refusal) else None,
        warnings=[] if isinstance(result, Refusal) else list(result.warnings),
        rewritten=result.rewritten,
        suggestions=list(follow_ups(result, question=reply.question, catalogue=catalogue)),
        timings_ms={step: round(taken, 2) for step, taken in reply.timings.items()},
    )


def _new_id() -> str:
    """A random id without a hyphen at its beginning, which `zhengwen replay` would take for an option."""
    while (drawn := secrets.token_urlsafe(_ID_BYTES)).startswith("-"):
        pass
    return drawn


def search_on_wire(passages: Sequence[Passage]) -> reply_schemas.SearchResponse:
    """The body of `POST /v1/search`."""
    return reply_schemas.SearchResponse(hits=[_search_hit(passage) for passage in passages])


def cited(citation: Citation) -> reply_schemas.Cited:
    """A quote with the names that a reader needs to find it."""
    return reply_schemas.Cited(**_cited_fields(citation))


def _citation(marked: Marked, answer: Answer) -> reply_schemas.Citation:
    span, quote = marked.answer_span, marked.citation
    within = {h.citation.span for h in answer.highlights if quote.contains(h.citation)}
    return reply_schemas.Citation(
        **_cited_fields(quote),
        answer_span=(span.start, span.end) if span else None,
        highlights=[
            reply_schemas.Highlight(start=found.start - quote.span.start, end=found.end - quote.span.start)
            for found in sorted(within, key=lambda found: found.start)
        ],
    )


def _highlights(answer: Answer) -> list[reply_schemas.Highlight]:
    spans = (highlight.answer_span for highlight in answer.highlights)
    return [reply_schemas.Highlight(start=span.start, end=span.end) for span in spans]


def _cited_fields(citation: Citation) -> dict[str, Any]:
    document, clause = citation.document, citation.clause
    return {
        "document_id": document.id,
        "title": document.head.title.value,
        "doc_number": document.head.doc_number.value if document.head.doc_number else "",
        "status": citation.status.value,
        "region": document.head.region,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "quote": citation.words,
        "start": citation.span.start,
        "end": citation.span.end,
        "page": document.source.map.page(citation.span.start),
        "url": document.source.url,
        "permalink": permalink_of(citation),
        "uncertain": [
            reply_schemas.Highlight(
                start=span.start - citation.span.start, end=span.end - citation.span.start
            )
            for span in citation.uncertain
        ],
    }


def table_on_wire(table: FactTable | None, language: Language) -> reply_schemas.FactTable | None:
    """A table of facts with the headings of its columns."""
    if table is None:
        return None
    phrases = phrases_for(language)
    return reply_schemas.FactTable(
        columns=[
            reply_schemas.FactColumn(name=column.value, label=phrases.columns[column])
            for column in table.columns
        ],
        rows=[
            reply_schemas.FactRow(
                id=row.key,
                kind=row.kind.value,
                cited=cited(row.quote),
                cells=[_cell(cell, phrases) for cell in row.cells],
                corrected=row.is_corrected,
            )
            for row in table.rows
        ],
        without=list(table.without),
        more=table.more,
    )


def card_on_wire(rows: Sequence[FactRow], language: Language) -> reply_schemas.FactTable | None:
    """The card over an answer about money, as a small table; None without a row."""
    columns = tuple(column for column in FactColumn if any(row.cell(column) is not None for row in rows))
    return table_on_wire(FactTable(columns, tuple(rows)), language) if rows else None


def _cell(cell: FactCell, phrases: Phrases) -> reply_schemas.FactCell:
    """The words of a cell in one text, in which each value is in one piece."""
    text, parts = phrases.no_sum if cell.is_unstated else "", list[reply_schemas.FactPart]()
    for value in cell.values:
        text += phrases.semicolon if text else ""
        for citation in value:
            at = (len(text), len(text) + len(citation.words))
            text += citation.words
            parts.append(
                reply_schemas.FactPart(
                    start=citation.span.start,
                    end=citation.span.end,
                    quote=citation.words,
                    at=at,
                    permalink=permalink_of(citation),
                )
            )
    return reply_schemas.FactCell(
        column=cell.column.value, text=text, stated=not cell.is_unstated, parts=parts
    )


def _hit(passage: Passage) -> reply_schemas.Hit:
    return reply_schemas.Hit(
        document_id=passage.document.id,
        label=passage.clause.label,
        path=list(passage.clause.path),
        text=passage.text,
        score=round(passage.score, 4),
    )


def _search_hit(passage: Passage) -> reply_schemas.SearchHit:
    return reply_schemas.SearchHit(**_hit(passage).model_dump(), chunk_text=passage.chunk_text)


def _refusal(refusal: Refusal) -> reply_schemas.Refusal:
    return reply_schemas.Refusal(
        reason=refusal.reason.value, nearest=[cited(citation) for citation in refusal.nearest]
    )
