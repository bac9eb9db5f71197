"""The parts of a reply that are stored, with texts and without."""

from __future__ import annotations

from typing import TypeVar

from api.wire.question_schemas import Filters
from api.wire.reply_schemas import AskResponse, Cited, FactTable
from corpus.regions.mentions import find_divisions

CitedT = TypeVar("CitedT", bound=Cited)

# Replaces regions that name no division: it matches no paper, whereas an empty list would match all.
_NO_REGION = "…"


def without_hit_texts(reply: AskResponse) -> AskResponse:
    """The reply with its hits without the texts of whole clauses: they are half of it, and the papers contain
    them.
    """
    return reply.model_copy(update={"hits": [hit.model_copy(update={"text": ""}) for hit in reply.hits]})


def without_texts(reply: AskResponse) -> AskResponse:
    """The reply without any words: what was found, its offsets, and the confidence.

    Suggestions and the rewritten question repeat words of the question, and so may the reply itself.
    """
    refusal = reply.refusal
    if refusal is not None:
        refusal = refusal.model_copy(update={"nearest": [_unquoted(cited) for cited in refusal.nearest]})
    return without_hit_texts(reply).model_copy(
        update={
            "text": "",
            "rewritten": "",
            "suggestions": [],
            "citations": [_unquoted(citation) for citation in reply.citations],
            "table": _emptied(reply.table),
            "card": _emptied(reply.card),
            "refusal": refusal,
        }
    )


def quotes_of(reply: AskResponse, document_id: str) -> set[str]:
    """What a reply quotes of a paper."""
    nearest = reply.refusal.nearest if reply.refusal is not None else []
    return {
        cited.quote
        for cited in [*reply.citations, *nearest, *_rows_cited(reply)]
        if cited.document_id == document_id and cited.quote
    }


def without_paper(reply: AskResponse, document_id: str) -> AskResponse:
    """The reply without the words of a paper: its quotes, and the texts made of them."""

    def bare(cited: CitedT) -> CitedT:
        if cited.document_id != document_id:
            return cited
        return cited.model_copy(update={"quote": "", "title": "", "heading": ""})

    refusal = reply.refusal
    if refusal is not None:
        refusal = refusal.model_copy(update={"nearest": [bare(cited) for cited in refusal.nearest]})
    citations = [bare(citation) for citation in reply.citations]
    changes = {
        "text": "",
        "suggestions": [],
        "citations": citations,
        "table": _without_rows_of(reply.table, document_id),
        "card": _without_rows_of(reply.card, document_id),
        "refusal": refusal,
    }
    return without_hit_texts(reply).model_copy(update=changes)


def _rows_cited(reply: AskResponse) -> list[Cited]:
    tables = [table for table in (reply.table, reply.card) if table is not None]
    return [row.cited for table in tables for row in table.rows]


def _emptied(table: FactTable | None) -> FactTable | None:
    """The table with its rows and without their words."""
    if table is None:
        return None
    rows = [row.model_copy(update={"cited": _unquoted(row.cited), "cells": []}) for row in table.rows]
    return table.model_copy(update={"rows": rows})


def _without_rows_of(table: FactTable | None, document_id: str) -> FactTable | None:
    if table is None:
        return None
    rows = [row for row in table.rows if row.cited.document_id != document_id]
    return table.model_copy(update={"rows": rows})


def without_words(filters: Filters) -> Filters:
    """The filters with their regions reduced to names of divisions, as a client may send any words there.

    Papers are filtered by id: a question limited to a missing paper gets no reply.
    """
    names = [mention.words for region in filters.regions for mention in find_divisions(region)]
    if filters.regions and not names:
        names = [_NO_REGION]
    return filters.model_copy(update={"regions": list(dict.fromkeys(names))})


def _unquoted(cited: CitedT) -> CitedT:
    return cited.model_copy(update={"quote": ""})
