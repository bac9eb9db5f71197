"""Wire models of a reply, whole or streamed, and of clauses that were found.

Every offset counts Unicode code points. `start` and `end` of a citation point into the text of the document
(`GET /v1/documents/{id}`), `answer_span` and `highlights` of the reply into its text.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire import examples
from api.wire.fields import LanguageName, OutcomeName, StatusName, Wire


class Highlight(Wire):
    """A part of a text, from `start` to before `end`."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class Cited(Wire):
    """A verbatim quote and its place."""

    document_id: str
    title: str
    doc_number: Annotated[str, Field(description="发文字号; empty when the paper has none")]
    status: StatusName
    region: str
    path: list[str]
    label: str
    heading: str
    quote: str
    start: int
    end: int
    page: Annotated[int | None, Field(description="null when the source has no pages")]
    url: Annotated[str, Field(description="address of the source; empty when not known")]
    permalink: Annotated[str, Field(description="address of the clause's page on this service")]
    uncertain: Annotated[
        list[Highlight],
        Field(
            description="words of `quote`, as offsets into it, that two readings of a scan differ in: "
            "they have to be compared with the original"
        ),
    ] = []


class Citation(Cited):
    """A quote that the answer is based on."""

    answer_span: Annotated[
        tuple[int, int] | None,
        Field(description="where the quote is in `text`; null when it is only listed"),
    ]
    highlights: Annotated[
        list[Highlight],
        Field(description="the words of `quote` that state what was asked, as offsets into `quote`"),
    ] = []


class Hit(Wire):
    """A clause that was found. A higher score is better; it compares hits of one request."""

    document_id: str
    label: str
    path: list[str]
    text: str
    score: float


class SearchHit(Hit):
    """A clause that was found, and the part of it that matched best."""

    chunk_text: str


class SearchResponse(Wire):
    """The clauses found, best first."""

    hits: list[SearchHit]


class Refusal(Wire):
    """The reason why there is no answer, and the clauses that come nearest."""

    reason: str
    nearest: list[Cited]


class FactPart(Highlight):
    """Words of a paper in a cell. `start` and `end` are offsets of the paper's text."""

    quote: str
    at: Annotated[tuple[int, int], Field(description="where they are in `text` of the cell")]
    permalink: Annotated[str, Field(description="page of the clause, with the words marked")]


class FactCell(Wire):
    """What a fact says in one column: words of the paper, and marks between them."""

    column: str
    text: str
    stated: Annotated[bool, Field(description="false: money is promised and the paper states no sum")]
    parts: Annotated[list[FactPart], Field(description="the words of the paper, in the order of `text`")]


class FactRow(Wire):
    """A support fact, with the words that state it."""

    id: Annotated[str, Field(description="of the fact, unique in all papers: document#fact")]
    kind: Annotated[str, Field(description="as in `GET /v1/facts`")]
    cited: Cited
    cells: Annotated[list[FactCell], Field(description="only those with words, in the order of the columns")]
    corrected: Annotated[bool, Field(description="an editor has corrected the fact")] = False


class FactColumn(Wire):
    """A column, and its heading in the language of the reply."""

    name: str
    label: str


class FactTable(Wire):
    """Support facts in rows; each is quoted in the text of the answer too."""

    columns: Annotated[list[FactColumn], Field(description="those with a cell in some row")]
    rows: list[FactRow]
    without: Annotated[list[str], Field(description="regions that were asked about and have no row: 未规定")]
    more: Annotated[int, Field(ge=0, description="facts that belong to the table and have no row")]


class AskResponse(Wire):
    """The reply: an answer with citations, or a refusal."""

    model_config = ConfigDict(json_schema_extra={"examples": examples.ASK_RESPONSES})

    id: Annotated[str, Field(description="random, not guessable")]
    outcome: OutcomeName
    text: str
    highlights: Annotated[
        list[Highlight],
        Field(
            description="the words of `text` that state what was asked, such as the amount, in order: at its "
            "beginning and in the quotes; each stands verbatim in a quote"
        ),
    ] = []
    language: LanguageName
    as_of: Annotated[
        date | None,
        Field(
            description="the day that the reply is for, with the statuses of that day; null in old records"
        ),
    ] = None
    confidence: Annotated[float, Field(ge=0, le=1, description="confidence that the papers answer this")]
    citations: list[Citation]
    table: Annotated[
        FactTable | None,
        Field(description="for a question that asks for several provisions: one row each; else null"),
    ] = None
    card: Annotated[
        FactTable | None,
        Field(description="what the quotes pay, for an answer about money; to be shown before `text`"),
    ] = None
    hits: Annotated[list[Hit], Field(max_length=10, description="ranked clauses, also when refused")]
    refusal: Refusal | None
    warnings: Annotated[
        list[str],
        Field(
            description='"draft", "repealed", "expired", … on the day of the reply; "since_repealed", … '
            'since; "uncertain": a quote has uncertain words'
        ),
    ]
    rewritten: Annotated[
        str,
        Field(
            description="the question completed from the history, with misspelt words corrected; else empty"
        ),
    ]
    suggestions: Annotated[list[str], Field(max_length=3, description="suggested next questions")]
    timings_ms: dict[str, float]


class StreamHead(Wire):
    """Event `citations` of a streamed reply: everything except its text and what follows from the text."""

    id: str
    outcome: OutcomeName
    language: LanguageName
    as_of: date | None
    confidence: float
    rewritten: str
    warnings: list[str]
    highlights: list[Highlight]
    citations: list[Citation]
    table: FactTable | None
    card: FactTable | None
    refusal: Refusal | None


def stream_head(reply: AskResponse) -> StreamHead:
    """The reply without its words, sent before them."""
    return StreamHead(**{name: getattr(reply, name) for name in StreamHead.model_fields})


class StreamText(Wire):
    """Event `text` of a streamed reply: the next words."""

    text: str
