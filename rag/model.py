"""Questions and replies. The constructors of this module enforce the promises of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from corpus.facts.model import FactKind
from corpus.model import Clause, Document, Span, Status
from index.model import Similar
from rag.errors import QuoteNotInSource, Uncited, UngroundedFigure
from rag.numbers.number_guard import figures_of_day, ungrounded


class Outcome(StrEnum):
    """The `outcome` of the wire contract."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CORRECTED = "corrected"
    REFUSED = "refused"
    CHITCHAT = "chitchat"


class Language(StrEnum):
    """Language of the text around the quotes; quotes are never translated."""

    CHINESE = "zh"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: str  # "user" or "assistant"
    content: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that an answer is for, other than today.

    `is_last`: the question names a month or a year, and this is its last day. `fault`: the words name a day
    that does not exist, or several days.
    """

    day: date
    is_last: bool = False
    fault: Literal["", "no_such_day", "several_days"] = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The text of a question, with the conversation before it and the papers it is limited to."""

    text: str
    history: tuple[Turn, ...] = ()
    documents: tuple[str, ...] = ()  # filter: document ids; empty means all
    regions: tuple[str, ...] = ()  # filter: regions; empty means all
    as_of: AsOf | None = None  # None: the day that the words of the question name, else today


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved clause, with the parts of its score."""

    document: Document
    clause: Clause
    score: float
    dense: float
    lexical: float
    dense_rank: int | None
    lexical_rank: int | None
    chunk: Span  # the best-matching chunk
    sentences: tuple[Similar, ...] = ()  # of all its chunks that were found

    @property
    def text(self) -> str:
        return self.document.text_of(self.clause)

    @property
    def chunk_text(self) -> str:
        return self.chunk.of(self.document.text)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: offsets into the stored text of a document.

    Build it with `of` (offsets) or `quote` (words looked up in the clause); both check that the
    quote lies in the clause.
    """

    document: Document
    clause: Clause
    span: Span
    status: Status

    def __post_init__(self) -> None:
        inside = self.clause.start <= self.span.start < self.span.end <= self.clause.tree_end
        if self.clause.document_id != self.document.id or not inside:
            raise QuoteNotInSource(self.span.of(self.document.text), self.clause.key)

    @classmethod
    def of(cls, document: Document, clause: Clause, span: Span, *, status: Status) -> Citation:
        """Quotes the characters at `span`. Raises QuoteNotInSource when it is outside the clause."""
        return cls(document, clause, span, status)

    @classmethod
    def quote(cls, document: Document, clause: Clause, words: str, *, status: Status) -> Citation:
        """Quotes `words`. Raises QuoteNotInSource when they do not occur in the clause."""
        start = document.text.find(words, clause.start, clause.tree_end) if words else -1
        if start < 0:
            raise QuoteNotInSource(words, clause.key)
        return cls(document, clause, Span(start, start + len(words)), status)

    @property
    def words(self) -> str:
        return self.span.of(self.document.text)

    @property
    def uncertain(self) -> tuple[Span, ...]:
        """The parts of the words, as spans of the document, that recognition of a scan is not sure of."""
        return self.document.uncertain_in(self.span)

    def contains(self, other: Citation) -> bool:
        """Whether the words of `other` are a part of these."""
        within = self.span.start <= other.span.start and other.span.end <= self.span.end
        return within and self.document.id == other.document.id


@dataclass(frozen=True, slots=True)
class Marked:
    """A citation with the place of its quote in the answer (None: only in the list of sources)."""

    citation: Citation
    answer_span: Span | None = None

    def moved(self, characters: int) -> Marked:
        """Returns the same, moved by so many characters."""
        span = self.answer_span
        return (
            self
            if span is None
            else Marked(self.citation, Span(span.start + characters, span.end + characters))
        )


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words of a paper that state what was asked, and their place in the answer."""

    citation: Citation
    answer_span: Span

    def moved(self, characters: int) -> Highlight:
        """Returns the same, moved by so many characters."""
        span = self.answer_span
        return Highlight(self.citation, Span(span.start + characters, span.end + characters))


@dataclass(frozen=True, slots=True)
class Sentence:
    """The next sentence of an answer, verified by itself, so that it can be sent before the others.

    Marked places are offsets into `text`. `rests_on` are citations of other sentences, whose figures this one
    may state too; `as_of` is the day that was asked about, which it may name. Raises what `Answer` raises for
    words and figures that the papers do not contain.
    """

    text: str
    citations: tuple[Marked, ...] = ()
    rests_on: tuple[Citation, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    as_of: date | None = None

    def __post_init__(self) -> None:
        _verify(
            self.text,
            self.citations,
            rests_on=self.rests_on,
            highlights=self.highlights,
            as_of=self.as_of,
        )

    def followed_by(self, other: Sentence) -> Sentence:
        """Joins both and verifies the result: "5" and "00万元" may be right alone and wrong together."""
        moved = tuple(marked.moved(len(self.text)) for marked in other.citations)
        # In the order in which they are named, and compared by place: a hash of a paper reads all of it.
        rests_on = {(c.document.id, c.clause.id, c.span): c for c in (*self.rests_on, *other.rests_on)}
        highlights = tuple(highlight.moved(len(self.text)) for highlight in other.highlights)
        return Sentence(
            self.text + other.text,
            self.citations + moved,
            tuple(rests_on.values()),
            self.highlights + highlights,
            self.as_of or other.as_of,
        )


def _verify(
    text: str,
    citations: Sequence[Marked],
    *,
    rests_on: Sequence[Citation] = (),
    highlights: Sequence[Highlight] = (),
    as_of: date | None = None,
) -> None:
    """Raises QuoteNotInSource for a marked place that is no quote, UngroundedFigure for an uncited figure."""
    places = [(marked.citation, marked.answer_span) for marked in citations]
    places += [(highlight.citation, highlight.answer_span) for highlight in highlights]
    for citation, span in places:
        if span is not None and span.of(text) != citation.words:
            raise QuoteNotInSource(span.of(text), citation.clause.key)
    cited = [*(marked.citation for marked in citations), *rests_on]
    given = frozenset() if as_of is None else figures_of_day(as_of)
    loose = ungrounded(text, [(citation.document, citation.clause) for citation in cited], given=given)
    if loose:
        raise UngroundedFigure(
            f"{loose} occur in the answer but in no cited clause. State only what is quoted"
        )


class FactColumn(StrEnum):
    """A column of a table of support facts, in the order of the table."""

    BENEFICIARY = "beneficiary"
    INDICATOR = "indicator"  # what a target counts
    WHAT = "what"  # what a time limit is for
    FORM = "form"
    AMOUNT = "amount"
    RATE = "rate"
    TARGET = "target"
    LIMIT = "limit"
    REDUCTION = "reduction"
    BEFORE = "before"  # the time it took before
    START = "start"  # of a time limit
    RULE = "rule"
    FREQUENCY = "frequency"
    DEADLINE = "deadline"
    CONDITIONS = "conditions"
    REGION = "region"
    MUST_ACT = "must_act"
    SOURCE = "source"
    DEPARTMENTS = "departments"
    VALIDITY = "validity"  # of the paper


@dataclass(frozen=True, slots=True)
class FactCell:
    """Words of a paper in one column of a row.

    Each value is shown in one piece, and may be words of several places: 不超过 before a list, and 100万元 in
    it. `is_unstated`: money is promised and no sum is written; the values then say where it is, if anything.
    """

    column: FactColumn
    values: tuple[tuple[Citation, ...], ...]
    is_unstated: bool = False


@dataclass(frozen=True, slots=True)
class FactRow:
    """A support fact of one paper. Without a value of a column it has no such cell."""

    key: str  # of the fact, unique in all papers
    kind: FactKind
    quote: Citation
    cells: tuple[FactCell, ...]
    is_corrected: bool = False  # by an editor

    def cell(self, column: FactColumn) -> FactCell | None:
        """Returns the cell of a column, if the row has one."""
        return next((cell for cell in self.cells if cell.column is column), None)


@dataclass(frozen=True, slots=True)
class FactTable:
    """Support facts that answer a question, by paper and place in it."""

    columns: tuple[FactColumn, ...]  # those with a value in some row
    rows: tuple[FactRow, ...]
    without: tuple[
        str, ...
    ] = ()  # places that were asked about and have no row: regions, else names of papers
    more: int = 0  # facts that belong to the table and have no row


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with at least one verified citation.

    `highlights` are the words that state what was asked, in the order of the text: at its beginning, and in
    the quotes. Raises Uncited without a citation, QuoteNotInSource when a marked place of the text differs
    from the words of its citation, or a highlight or a row of the table is in no quote, and UngroundedFigure
    when the text states an amount, percentage, date or document number that no cited clause contains, except
    `as_of`.
    """

    text: str
    citations: tuple[Marked, ...]
    outcome: Outcome  # ANSWERED, PARTIAL or CORRECTED
    language: Language
    passages: tuple[Passage, ...]
    confidence: float
    warnings: tuple[str, ...] = ()  # codes: "draft", "repealed", "expired", …
    rewritten: str = ""  # the question as understood from the dialogue, when it differs
    highlights: tuple[Highlight, ...] = ()
    as_of: date | None = None  # the day that was asked about, which the text may name; None for today
    table: FactTable | None = None  # for a question that asks for several provisions
    card: tuple[FactRow, ...] = ()  # what the quoted clauses pay, for a question about money

    def __post_init__(self) -> None:
        if not self.citations:
            raise Uncited("an answer needs at least one citation. Build a Refusal instead")
        _verify(self.text, self.citations, highlights=self.highlights, as_of=self.as_of)
        for highlight in self.highlights:
            self._check_quoted(highlight.citation)
        for row in self.table.rows if self.table is not None else ():
            self._check_quoted(row.quote)

    def _check_quoted(self, citation: Citation) -> None:
        if not any(marked.citation.contains(citation) for marked in self.citations):
            raise QuoteNotInSource(citation.words, citation.clause.key)


class Reason(StrEnum):
    """The reason of a refusal."""

    EMPTY = "empty"
    CHITCHAT = "chitchat"
    OUT_OF_DOMAIN = "out_of_domain"
    UNCOVERED_REGION = "uncovered_region"
    UNKNOWN_DOCUMENT = "unknown_document"
    NO_EVIDENCE = "no_evidence"
    INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that states that the papers contain no answer, and offers the nearest clauses."""

    text: str
    reason: Reason
    language: Language
    nearest: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    confidence: float
    rewritten: str = ""

    @property
    def outcome(self) -> Outcome:
        chat = self.reason in (Reason.CHITCHAT, Reason.EMPTY)
        return Outcome.CHITCHAT if chat else Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class Reply:
    """A question with its result. `timings` are milliseconds by step."""

    question: Question
    result: Answer | Refusal
    timings: Mapping[str, float] = field(default_factory=dict)
    as_of: date | None = None  # the day that was asked about; None for today
