"""Converts a request to a question and asks it, for the HTTP service and for the command."""

from __future__ import annotations

import logging

from api.errors import RequestFault
from api.wire import question_schemas, replies, reply_schemas
from corpus.errors import DamagedDocument, UnknownDocument
from rag.assistant import Assistant
from rag.model import AsOf, Outcome, Question, Turn

log = logging.getLogger("zhengwen.papers")


def ask(
    request: question_schemas.AskRequest, *, assistant: Assistant, longest: int
) -> reply_schemas.AskResponse:
    """The reply. Raises RequestFault when the question has more than `longest` characters or is
    limited to a paper that does not exist.
    """
    asked = question(request, assistant=assistant, longest=longest)
    while True:
        try:
            return replies.reply_on_wire(assistant.ask(asked), catalogue=assistant.catalogue)
        except DamagedDocument as error:
            if set(error.document_ids) <= set(assistant.catalogue.damaged):
                raise
            log.error("the other papers answer: %s", error)
            assistant = assistant.without_damaged(error.document_ids)


def question(request: question_schemas.AskRequest, *, assistant: Assistant, longest: int) -> Question:
    """The question for the core. Raises RequestFault as `ask` does."""
    _check(request.question, request.filters, assistant, longest=longest, field="question")
    return Question(
        text=request.question,
        history=tuple(Turn(role=turn.role, content=turn.content) for turn in request.history),
        documents=tuple(request.filters.documents),
        regions=tuple(request.filters.regions),
        as_of=AsOf(request.as_of) if request.as_of is not None else None,
    )


def is_answered(text: str, assistant: Assistant) -> bool:
    """Whether the papers answer this question in full."""
    return assistant.ask(Question(text=text)).result.outcome is Outcome.ANSWERED


def search(
    request: question_schemas.SearchRequest, *, assistant: Assistant, longest: int
) -> reply_schemas.SearchResponse:
    """The clauses that match best, each once; none for a query without a word.

    Raises RequestFault as `ask` does.
    """
    _check(request.query, request.filters, assistant, longest=longest, field="query")
    if not any(map(str.isalnum, request.query)):
        return replies.search_on_wire([])
    found = assistant.search(
        request.query,
        k=request.k,
        documents=tuple(request.filters.documents),
        regions=tuple(request.filters.regions),
        as_of=request.as_of,
    )
    return replies.search_on_wire(found)


def _check(
    text: str, filters: question_schemas.Filters, assistant: Assistant, *, longest: int, field: str
) -> None:
    if len(text) > longest:
        raise RequestFault(
            f"{len(text)} characters are too many, {longest} are allowed. Ask for one thing at a time",
            field=field,
        )
    for document_id in filters.documents:
        try:
            assistant.catalogue.head(document_id)
        except UnknownDocument as error:
            raise RequestFault(str(error), field="filters.documents") from error
