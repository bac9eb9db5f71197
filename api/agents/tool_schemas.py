"""Arguments and results of the tools. A model reads the descriptions of the fields."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.agents.verification import Difference, Finding
from api.wire.document_schemas import LARGEST_PAGE, LONGEST_ID, PAGE, Responsibility
from api.wire.fields import AsOfDay, LanguageName, Name, OutcomeName, StatusName, Wire, Words
from api.wire.match_schemas import MatchRequest
from api.wire.question_schemas import MAX_FILTER, MAX_HISTORY, MAX_HITS, Turn
from api.wire.reply_schemas import Citation, Cited, Hit, Refusal

MOST_HERE = 100  # facts of a group: a model reads all of them
MAX_QUOTE = 5_000  # characters; programs quote a sentence or a clause


def _read(value: object) -> object:
    """Some clients send a list as a string of JSON."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


_List = BeforeValidator(_read)
# Validation stops at the first fault: reporting a hundred thousand would block the process for seconds.
_Documents = Annotated[
    list[Name],
    Field(max_length=MAX_FILTER, fail_fast=True),
    _List,
    Field(
        default_factory=list,
        description="only from these papers (document_id)",
    ),
]
_Regions = Annotated[
    list[Name],
    Field(max_length=MAX_FILTER, fail_fast=True),
    _List,
    Field(
        default_factory=list,
        description="only from these regions, such as 湖南省, 益阳",
    ),
]


def _short_enough(quote: str) -> str:
    if len(quote) > MAX_QUOTE:
        raise PydanticCustomError(
            "quote_too_long",
            "the quote has {length} characters, {most} can be checked at a time. Check it in parts",
            {"length": len(quote), "most": MAX_QUOTE},
        )
    return quote


class Ask(Wire):
    """Arguments of `ask`."""

    question: Annotated[Words, Field(description="a question in Chinese or English about one thing")]
    history: Annotated[
        list[Turn],
        Field(max_length=MAX_HISTORY, fail_fast=True),
        _List,
        Field(
            default_factory=list,
            description="earlier messages, oldest first, for follow-ups",
        ),
    ]
    documents: _Documents
    regions: _Regions
    as_of: AsOfDay = None


class Search(Wire):
    """Arguments of `search_clauses`."""

    query: Annotated[Words, Field(description="words or a question, in Chinese or English")]
    k: Annotated[int, Field(ge=1, le=MAX_HITS, description="how many clauses at most")] = 5
    documents: _Documents
    regions: _Regions
    as_of: AsOfDay = None


class GetClause(Wire):
    """Arguments of `get_clause`."""

    document: Annotated[Name, Field(description="document_id, 文号 or title of the paper")]
    clause: Annotated[Name, Field(description="label or id of the clause, such as （四） or 二、/（四）")]


class Verify(Wire):
    """Arguments of `verify_citation`."""

    document: Annotated[Name, Field(description="document_id, 文号 or title of the paper")]
    label: Annotated[Name, Field(description="label or id of the clause that is cited")]
    quote: Annotated[
        Words,
        AfterValidator(_short_enough),
        Field(
            description="the words quoted from the clause, nothing added",
            json_schema_extra={"maxLength": MAX_QUOTE},
        ),
    ]


class Match(MatchRequest):
    """Arguments of `match`: what is known of an enterprise. Leave out what is not known."""

    limit: Annotated[int, Field(ge=1, le=MOST_HERE, description="most facts of each group")] = MOST_HERE


class ListDocuments(Wire):
    """Arguments of `list_documents`: a page of the papers."""

    after: Annotated[
        str, Field(max_length=LONGEST_ID, description="`next` of the page before; empty for the first")
    ] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="most papers in the result")] = PAGE


class Answered(Wire):
    """The reply to a question: an answer with citations, or a refusal."""

    id: str
    outcome: OutcomeName
    text: str
    language: LanguageName
    as_of: Annotated[
        date | None, Field(description="the day that the reply is for; statuses are of that day")
    ]
    confidence: float
    citations: Annotated[list[Citation], Field(description="empty when refused; `quote` is verbatim")]
    refusal: Refusal | None
    warnings: Annotated[list[str], Field(description='"draft", "repealed", "expired" papers are cited')]
    rewritten: Annotated[str, Field(description="the question as understood from the history")]
    suggestions: Annotated[list[str], Field(description="suggested next questions")]


class FoundClause(Hit):
    """A clause that was found, with its paper."""

    title: str
    doc_number: str
    status: StatusName
    permalink: str


class Found(Wire):
    """The clauses found, best first."""

    clauses: list[FoundClause]


class ClauseText(Wire):
    """A clause with its text."""

    document_id: str
    title: str
    doc_number: str
    status: StatusName
    id: str
    label: str
    path: list[str]
    heading: str
    text: Annotated[str, Field(description="the clause's own words, verbatim")]
    start: int
    end: int
    page: int | None
    responsibility: Responsibility | None
    parent: Annotated[str | None, Field(description="id of the parent clause")]
    children: Annotated[list[str], Field(description="ids of the clauses directly below")]
    permalink: str
    url: Annotated[str, Field(description="address of the paper's source; empty when not known")]


class Verification(Wire):
    """Whether the quote occurs verbatim in the clause, and if not, why."""

    verified: bool
    reason: Finding
    explanation: str
    place: Annotated[
        Cited | None, Field(description="where it occurs in the clause, in the paper's own words")
    ]
    differences: Annotated[list[Difference], Field(description="in what a `differs_in_form` differs")]
    elsewhere: Annotated[
        list[Cited], Field(description="other clauses of the papers that contain the words verbatim")
    ]
    closest: Annotated[str, Field(description="the sentence of the clause most like the quote, or empty")]
    warnings: Annotated[list[str], Field(description='"draft", "repealed" or "expired": the paper cited')]


class Paper(Wire):
    """A paper that questions are answered from."""

    document_id: str
    title: str
    doc_number: str
    issuer: str
    date_issued: date | None
    status: StatusName
    region: str
    clauses: int
    permalink: str
    url: str


class Papers(Wire):
    """A page of the papers, by id."""

    documents: list[Paper]
    total: Annotated[int, Field(description="how many papers there are")]
    next: Annotated[str | None, Field(description="`after` of the following page; null on the last one")]
