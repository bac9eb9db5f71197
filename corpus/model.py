"""What a policy paper is, once read: text, source map, head data, clause tree.

Every offset points into `Document.text` and counts Unicode code points; spans are half open.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


class Status(StrEnum):
    """Whether the paper binds anybody."""

    IN_FORCE = "in_force"
    DRAFT = "draft"  # 征求意见稿、草案、审议稿
    REPEALED = "repealed"
    EXPIRED = "expired"


class Level(StrEnum):
    """Level of the issuer, as a Chinese reader names it."""

    NATION = "国家"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"


class Kind(StrEnum):
    """What part of the paper a clause is."""

    HEAD = "head"  # 标题: title, 文号
    PREAMBLE = "preamble"  # 引言, addressees included
    CHAPTER = "chapter"  # 编、章、节, and a numbered heading whose articles stand below it
    ARTICLE = "article"  # 条, and what stands in its place
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
    """A value read from the paper, with the words it was read from."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """Another paper named in this one."""

    title: str  # without 《》; empty when only the number is given
    doc_number: str  # empty when only the title is given
    span: Span


@dataclass(frozen=True, slots=True)
class Validity:
    """Since when and until when the paper applies, as far as it says so."""

    span: Span  # the sentence that says it
    since: date | None  # None when the paper names no day
    until: date | None  # last day; None when open or not stated
    duration: str  # "5年"; empty when not stated
    until_derived: bool  # True when `until` was reckoned from date and duration, not written


@dataclass(frozen=True, slots=True)
class HeadData:
    """What the paper says about itself."""

    title: Stated[str]
    status: Status  # as the paper itself states it; see corpus.head.status for what others do to it
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
    `start:tree_end` includes them. `path` holds normalised labels from the top, such as
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


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should look at: a gap or repeat in a numbering, a label out of place."""

    code: str  # "gap", "repeat", "order", …
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`length` characters of the text from `start` on stand in the original from `origin` on."""

    start: int
    origin: int
    length: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """A piece of the original that is not the paper."""

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
        """The pieces of the original that `span` was taken from, in order."""
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
        """The lines of pages that `span` of the cleaned text was taken from, in order."""
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
        """The page on which `offset` stands; None when the source has no pages."""
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

    def line(self, offset: int) -> int:
        """The line of the original, from 1, on which the character at `offset` of the cleaned text stands."""
        return self.original.count("\n", 0, self.map.origin(offset)) + 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """Bytes turned into clean text: no furniture, no cut lines, one paragraph a line."""

    text: str
    source: Source
    # Offsets of the paragraphs the source marks as a heading or in bold up to an offset.
    emphasis: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: text, head data and clause tree in reading order."""

    id: str
    text: str
    head: HeadData
    clauses: tuple[Clause, ...]
    source: Source
    notices: tuple[Notice, ...] = field(default=())

    def text_of(self, clause: Clause) -> str:
        return self.text[clause.start : clause.end]
