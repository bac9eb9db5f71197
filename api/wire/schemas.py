"""Wire models. They are the HTTP contract, described in docs/api.md.

Every offset counts Unicode code points. `start` and `end` of a citation point into the text of the document
(`GET /v1/documents/{id}`), `answer_span` and `highlights` of the reply into its text.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.wire import examples

MAX_TURN = 20_000  # characters of one earlier message; the answers of this service are shorter
MAX_HISTORY = 50  # messages
MAX_FILTER = 200  # entries of a filter
MOST_COVERED = 200  # papers listed to a visitor
_MOST_FIELDS = 100  # fields of one object; none of ours has as many
MAX_HITS = 100  # hits that a search may request

# "奖多少\\x00钱" has one: control characters except tab and line feed, and halves of surrogate pairs.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _text_only(text: str) -> str:
    """Removes control characters, which come with text pasted from PDF, and halves of emojis."""
    return _NO_TEXT.sub(" ", text)


Words = Annotated[str, AfterValidator(_text_only)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text_only)]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = date(1900, 1, 1)  # no paper on file is older


def _day_only(given: object) -> object:
    """Accepts a day as text only: a number would be taken for seconds since 1970."""
    if given is None:
        return None
    day = given if type(given) is date else None
    if isinstance(given, str) and _DAY.fullmatch(given):
        with suppress(ValueError):  # 2023-02-30
            day = date.fromisoformat(given)
    if day is None:
        raise ValueError("write a day that exists, as in 2023-05-01")
    if day < _EARLIEST:
        raise ValueError(f"the day must not be before {_EARLIEST}")
    return day


Day = Annotated[date, BeforeValidator(_day_only)]
AsOfDay = Annotated[
    Day | None,
    Field(
        description="the day whose papers in force are asked about, as in 2023-05-01; null for the day that "
        "the words of the question name (按2023年的规定, as of 2023), and today where they name none"
    ),
]

OutcomeName = Literal["answered", "partial", "corrected", "refused", "chitchat"]
StatusName = Literal["in_force", "draft", "repealed", "expired", "superseded", "not_yet_in_force"]
LanguageName = Literal["zh", "zh-Hant", "en"]


class Wire(BaseModel):
    """Unknown fields are an error: a misspelt one would be ignored silently."""

    # Errors do not repeat the input: it would end up in logs.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _is_small(cls, given: object) -> object:
        """Rejects objects with thousands of unknown fields, each of which would be a fault."""
        if isinstance(given, dict) and len(given) > _MOST_FIELDS:
            raise ValueError(f"{len(given)} fields are more than there are")
        return given


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


class VisitorRequest(Wire):
    """A request to open the chat."""

    site: Annotated[
        str, Field(max_length=200, description="key of the site; empty on the service's own page")
    ] = ""
    visitor: Annotated[
        str,
        Field(
            max_length=200,
            description="secret of an earlier reply, by which the service recognises the device; else empty",
        ),
    ] = ""


class SiteTexts(Wire):
    """The texts of the site; empty where it sets none."""

    name: str
    title: str
    welcome: str
    handoff: str


class Covered(Wire):
    """A paper that questions are answered from."""

    document_id: str
    title: str
    doc_number: str
    region: str
    status: StatusName


class VisitorResponse(Wire):
    """A visitor's token, and what the chat shows before the first question."""

    token: Annotated[str, Field(description="for `Authorization: Bearer …`")]
    expires_in: Annotated[int, Field(description="seconds")]
    visitor: Annotated[str, Field(description="secret of this device, for the next token")]
    site: SiteTexts
    suggestions: list[str]
    covered: list[Covered]
    keeps_conversations: bool
    max_question_chars: int


class SearchResponse(Wire):
    """The clauses found, best first."""

    hits: list[SearchHit]


class IndexInfo(Wire):
    """What answers are based on."""

    corpus_hash: str
    model: Annotated[str, Field(description="fingerprint of the embedding model")]
    generation: Annotated[int, Field(description="number of the open index")]
    documents: int
    clauses: int
    chunks: int
    calibration: Annotated[
        str, Field(description="fingerprint of the calibration that computes the confidence")
    ]
    ranking: Annotated[str, Field(description="fingerprint of the weights that rank clauses")]
    composer: Annotated[str, Field(description="name of the composer, which writes the answers")]
    composer_fingerprint: str
    threshold: Annotated[float, Field(description="confidence below which the answer is a refusal")]


class Health(Wire):
    """The process is up. The reply also says what answers are based on."""

    status: Literal["ok"]
    version: str
    index: IndexInfo


class Ready(Wire):
    """The service can answer: the index is open, the records can be reached."""

    status: Literal["ready"]
    generation: int
    damaged: Annotated[
        list[str],
        Field(description="ids of papers that do not answer, because their stored texts are damaged"),
    ] = []
    behind_s: Annotated[
        int, Field(description="seconds for which stored papers have been newer than those in use")
    ] = 0
