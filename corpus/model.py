"""Data model of a paper: text, source map, metadata, clause tree.

Every offset points into `Document.text` and counts Unicode code points; spans are half open.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


class Status(StrEnum):
    """Whether the paper is in force."""

    IN_FORCE = "in_force"
    DRAFT = "draft"  # 征求意见稿、草案、审议稿
    REPEALED = "repealed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"  # a draft by the paper issued, an older text of a regulation by the amended one
    NOT_YET = "not_yet_in_force"


class Level(StrEnum):
    """Administrative level of the issuer."""

    NATION = "国家"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"


class Kind(StrEnum):
    """Part of the paper that a clause belongs to."""

    HEAD = "head"  # 标题: title, 文号
    PREAMBLE = "preamble"  # 引言, addressees included
    CHAPTER = "chapter"  # 编、章、节, and a numbered heading with articles below it
    ARTICLE = "article"  # 条, and what takes its place in papers without 条
    ITEM = "item"  # 款、项, and what is numbered below an article
    CLOSING = "closing"  # 附则: unnumbered closing provisions
    SIGN_OFF = "sign_off"  # 落款
    INNER_TITLE = "inner_title"  # 方案标题: title of the paper that a notice forwards
    ATTACHMENT = "attachment"  # 附件


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}:{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value read from the paper, with the span of the words it was read from."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """Another paper named in this one."""

    title: str  # without 《》; empty when only the number is given
    doc_number: str  # empty when only the title is given
    span: Span


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of the paper that its own history states."""

    day: date
    doc_number: str  # of the order that changed it; empty when not stated
    span: Span


@dataclass(frozen=True, slots=True)
class PartRepeal:
    """Articles of another paper that this one repeals; the rest of that paper stays in force."""

    paper: Reference
    articles: tuple[str, ...]  # "第八条", "第九条第二款"
    span: Span


@dataclass(frozen=True, slots=True)
class Extension:
    """Another paper whose term this one extends."""

    paper: Reference
    until: date | None  # the new last day, when stated
    duration: str  # by which the old term is extended, "2年"; empty when `until` is stated, or neither
    span: Span


@dataclass(frozen=True, slots=True)
class Validity:
    """When the paper takes effect and expires, as far as it says so."""

    span: Span  # the sentence that says it
    since: date | None  # None when the paper names no day
    until: date | None  # last day; None when open or not stated
    duration: str  # "5年"; empty when not stated
    until_derived: bool  # True when `until` was computed from date and duration, not written


@dataclass(frozen=True, slots=True)
class HeadData:
    """Metadata that the paper states about itself."""

    title: Stated[str]
    status: Status  # as the paper itself states it; corpus.head.status takes other papers into account
    region: str  # "湖南省", "湖南省益阳市", "中华人民共和国"; empty when unknown
    level: Level | None
    status_span: Span | None = None
    inner_title: Stated[str] | None = None
    doc_number: Stated[str] | None = None
    registry_number: Stated[str] | None = None
    issuer: Stated[str] | None = None  # value is completed by region (省人民政府 → 湖北省人民政府)
    addressees: Stated[str] | None = None
    date_issued: Stated[date] | None = None
    date_printed: Stated[date] | None = None
    date_published: Stated[str] | None = None
    disclosure: Stated[str] | None = None
    self_reference: Stated[str] | None = None  # 本意见, 本方案
    contact: Stated[str] | None = None
    validity: Validity | None = None
    repeals: tuple[Reference, ...] = ()
    basis: tuple[Reference, ...] = ()
    cites: tuple[Reference, ...] = ()
    amended: tuple[Amendment, ...] = ()
    repeals_parts: tuple[PartRepeal, ...] = ()
    extends: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class Responsibility:
    """责任单位 of a clause. Where no unit is named as lead, `lead` is empty."""

    lead: tuple[str, ...]
    participants: tuple[str, ...]
    span: Span

    @property
    def units(self) -> tuple[str, ...]:
        return self.lead + self.participants


@dataclass(frozen=True, slots=True)
class Clause:
    """A node of the clause tree.

    `start:end` is the clause's own text (label, heading, body) without its children;
    `start:tree_end` includes them. `path` contains normalised labels from the top, such as
    ("二、", "（一）", "1．"); `label` is the shortest name that is unambiguous in this paper.
    """

    document_id: str
    id: str  # unique in the document: the path joined, "~2" appended for a repeated path
    kind: Kind
    path: tuple[str, ...]
    label: str
    heading: str
    start: int
    end: int
    tree_end: int
    body_start: int  # where the text after label and heading begins; == end when there is none
    parent: str | None = None  # id of the clause above
    responsibility: Responsibility | None = None

    @property
    def key(self) -> str:
        """Unique in the whole corpus."""
        return f"{self.document_id}#{self.id}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


# Code of a notice about characters that two readings of a scan differ in.
UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Notice:
    """A finding for a person to check: a gap or repeat in a numbering, a label out of order."""

    code: str  # "gap", "repeat", "order", "uncertain", …
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`length` characters of the text from `start` on, which are at `origin` in the original."""

    start: int
    origin: int
    length: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """A piece of the original that is not part of the paper, such as a page header or a menu."""

    kind: str  # "navigation", "page_header", "page_number", "button", "footer", …
    start: int  # offsets into the original text
    end: int


@dataclass(frozen=True, slots=True)
class PageStart:
    """Page `number` (as counted or printed) begins at `offset` of `Document.text`."""

    offset: int
    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of a page: left, top, right, bottom in points from the upper left corner."""

    page: int  # from 1
    box: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if self.page < 1 or left > right or top > bottom:
            raise ValueError(f"not a place: page {self.page}, box {self.box}")


@dataclass(frozen=True, slots=True)
class Placed:
    """The characters start:end of the original text are at `place`."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True)
class SourceMap:
    """Where each character of the cleaned text is in the original text, and on the page."""

    segments: tuple[Segment, ...]
    pages: tuple[PageStart, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    placed: tuple[Placed, ...] = ()  # in the order of the original; empty for formats without coordinates

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    def origin(self, offset: int) -> int:
        """The original offset of the character at `offset` of the cleaned text."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            raise ValueError(f"offset {offset} is outside the text")
        segment = self.segments[index]
        # An offset in or past a joint (a character put in by cleaning) maps to the segment's end.
        return segment.origin + min(offset - segment.start, segment.length)

    def origins(self, span: Span) -> tuple[Span, ...]:
        """The spans of the original that `span` of the cleaned text came from, in order."""
        pieces = []
        for segment in self.segments[max(0, bisect_right(self._starts, span.start) - 1) :]:
            if segment.start >= span.end:
                break
            start = max(span.start, segment.start)
            end = min(span.end, segment.start + segment.length)
            if start < end:
                shift = segment.origin - segment.start
                pieces.append(Span(start + shift, end + shift))
        return tuple(pieces)

    def places(self, span: Span) -> tuple[Place, ...]:
        """The places on pages that `span` of the cleaned text came from, in order."""
        found: dict[Place, None] = {}
        for piece in self.origins(span):
            for placed in self.placed[max(0, bisect_right(self._placed_starts, piece.start) - 1) :]:
                if placed.start >= piece.end:
                    break
                if placed.end > piece.start:
                    found[placed.place] = None
        return tuple(found)

    @cached_property
    def _placed_starts(self) -> list[int]:
        return [placed.start for placed in self.placed]

    def page(self, offset: int) -> int | None:
        """The page that contains `offset`; None when the source has no pages."""
        index = bisect_right([page.offset for page in self.pages], offset) - 1
        return self.pages[index].number if index >= 0 else None


@dataclass(frozen=True, slots=True)
class Source:
    """The paper as received."""

    name: str  # file name
    sha256: str  # of the bytes
    charset: str
    media_type: str  # "text/plain", "text/html", "text/markdown", "application/ofd"
    original: str  # decoded text with \n line ends (HTML and Markdown with their markup)
    map: SourceMap
    url: str = ""  # source address, when known
    part: int = 0  # from 1 in a file of several papers, of which each is a Source; 0 in a file of one

    def line(self, offset: int) -> int:
        """The line of the original, from 1, that contains the character at `offset` of the cleaned text."""
        return self.original.count("\n", 0, self.map.origin(offset)) + 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """Clean text of a paper: without page headers, menus and cut lines, one paragraph per line."""

    text: str
    source: Source
    # Spans of the text that the source marks as a heading or in bold.
    emphasis: tuple[Span, ...] = ()
    # Findings of the reader of the format; offsets of the text.
    notices: tuple[Notice, ...] = ()


class HeadField(StrEnum):
    """Metadata that an editor can correct."""

    TITLE = "title"
    DOC_NUMBER = "doc_number"
    ISSUER = "issuer"
    REGION = "region"
    LEVEL = "level"
    STATUS = "status"
    DATE_ISSUED = "date_issued"
    VALID_SINCE = "valid_since"
    VALID_UNTIL = "valid_until"


DAYS = (HeadField.DATE_ISSUED, HeadField.VALID_SINCE, HeadField.VALID_UNTIL)


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that an editor has put in the place of what was read from the paper."""

    field: HeadField
    value: str  # dates as 2026-03-01; empty: the paper has no such value
    reason: str
    at: datetime

    @property
    def spoken(self) -> str:
        """The value in running text: a date as 2026年3月1日."""
        if self.field not in DAYS or not self.value:
            return self.value
        day = date.fromisoformat(self.value)
        return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: text, metadata and clause tree in reading order."""

    id: str
    text: str
    head: HeadData
    clauses: tuple[Clause, ...]
    source: Source
    notices: tuple[Notice, ...] = field(default=())
    corrections: tuple[Correction, ...] = ()  # those that `head` contains

    def uncertain_in(self, span: Span) -> tuple[Span, ...]:
        """The parts of `span` that the recognition of a scan is not sure of."""
        return tuple(
            Span(max(span.start, notice.span.start), min(span.end, notice.span.end))
            for notice in self.notices
            if notice.code == UNCERTAIN and notice.span.start < span.end and span.start < notice.span.end
        )

    def text_of(self, clause: Clause) -> str:
        return self.text[clause.start : clause.end]
