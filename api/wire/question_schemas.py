"""Wire models of a question and of a search for clauses."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from api.wire import examples
from api.wire.fields import AsOfDay, Day, Name, Wire, Words

MAX_TURN = 20_000  # characters of one earlier message; the answers of this service are shorter
MAX_HISTORY = 50  # messages
MAX_FILTER = 200  # entries of a filter
MAX_HITS = 100  # hits that a search may request


class Filters(Wire):
    """Limits a question to some papers. An empty list means no limit."""

    documents: Annotated[
        list[Name], Field(fail_fast=True, max_length=MAX_FILTER, description="document ids")
    ] = []
    regions: Annotated[
        list[Name],
        Field(fail_fast=True, max_length=MAX_FILTER, description="regions, such as 湖南省, 湖南, 益阳市"),
    ] = []


class Turn(Wire):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[Words, Field(max_length=MAX_TURN)]


class AskRequest(Wire):
    """A question in Chinese (simplified or traditional) or English."""

    model_config = ConfigDict(json_schema_extra={"examples": examples.ASK_REQUESTS})

    question: Annotated[Words, Field(description="at most `server.max_question_chars` characters")]
    history: Annotated[
        list[Turn],
        Field(fail_fast=True, max_length=MAX_HISTORY, description="earlier messages, oldest first"),
    ] = []
    filters: Filters = Filters()
    as_of: AsOfDay = None
    conversation: Annotated[
        Name | None,
        Field(description="a conversation kept by the service; `history` must be empty then"),
    ] = None

    @model_validator(mode="after")
    def _one_history(self) -> AskRequest:
        if self.conversation is not None and self.history:
            raise ValueError("send either `history` or `conversation`")
        return self


class SearchRequest(Wire):
    """Words to search clauses for."""

    model_config = ConfigDict(json_schema_extra={"examples": examples.SEARCH_REQUESTS})

    query: Annotated[Words, Field(description="at most `server.max_question_chars` characters")]
    k: Annotated[int, Field(strict=True, ge=1, le=MAX_HITS, description="most clauses in the result")] = 10
    filters: Filters = Filters()
    as_of: Annotated[
        Day | None, Field(description="the day whose papers in force are searched first; null for today")
    ] = None
