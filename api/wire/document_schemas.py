"""Wire models of papers: the list, one paper with metadata and clause tree, one clause.

Offsets point into `text` of the paper, except `original`, which points into the paper as received.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from api.wire.schemas import StatusName, Wire

PAGE = 100  # papers in a list, unless the request has another number
LARGEST_PAGE = 1000
LONGEST_ID = 200  # characters of the id of a paper


class Place(Wire):
    """Words of the paper and their offsets."""

    quote: str
    start: int
    end: int


class StatedText(Place):
    """A value read from the paper; `quote` is the words it was read from."""

    value: str


class StatedDate(Place):
    value: date


class Reference(Place):
    """Another paper named in this one."""

    title: str
    doc_number: str


class Validity(Place):
    """The period in which the paper applies, as far as it states it."""

    since: date | None
    until: date | None
    duration: str
    until_derived: Annotated[
        bool, Field(description="true when `until` is computed from date and duration, not stated")
    ]


class Head(Wire):
    """Metadata that the paper states; null where it states nothing."""

    title: StatedText
    status: StatusName
    region: str
    level: str | None
    inner_title: StatedText | None
    doc_number: StatedText | None
    registry_number: StatedText | None
    issuer: StatedText | None
    addressees: StatedText | None
    date_issued: StatedDate | None
    date_printed: StatedDate | None
    date_published: StatedText | None
    disclosure: StatedText | None
    self_reference: StatedText | None
    contact: StatedText | None
    validity: Validity | None
    repeals: list[Reference]
    basis: list[Reference]
    cites: list[Reference]


class Notice(Place):
    """Something for a person to check, such as a gap in a numbering."""

    code: str
    message: str


class ClauseNode(Wire):
    """A clause and those below it. `start:end` is its own text, `start:tree_end` the whole branch."""

    id: str
    kind: str
    label: str
    path: list[str]
    heading: str
    start: int
    end: int
    tree_end: int
    children: list[ClauseNode]


class Source(Wire):
    """The paper as received."""

    name: str
    sha256: str
    charset: str
    media_type: str
    url: str


class DocumentSummary(Wire):
    """An entry of the list of papers."""

    document_id: str
    title: str
    doc_number: str
    issuer: str
    date_issued: date | None
    status: StatusName
    region: str
    level: str | None
    url: str
    clauses: Annotated[int, Field(description="number of clauses in the paper")]
    notices: Annotated[int, Field(description="number of notices from reading it")]


class DocumentList(Wire):
    """A page of the papers that questions are answered from, by id."""

    documents: list[DocumentSummary]
    total: Annotated[int, Field(description="number of all papers")]
    next: Annotated[str | None, Field(description="`after` of the following page; null on the last one")]


class DocumentDetail(Wire):
    """A paper: metadata, clause tree, notices and the text that offsets point into."""

    document_id: str
    status: Annotated[StatusName, Field(description="today's; a later paper may have repealed this one")]
    head: Head
    clauses: list[ClauseNode]
    notices: list[Notice]
    source: Source
    text: str


class Responsibility(Place):
    """责任单位 of a clause."""

    lead: list[str]
    participants: list[str]


class OriginalPiece(Wire):
    """A part of the paper as received that the clause was read from."""

    start: int
    end: int
    text: str


class ClauseDetail(Wire):
    """A clause with its text."""

    document_id: str
    id: str
    kind: str
    label: str
    path: list[str]
    heading: str
    text: Annotated[str, Field(description="the clause's own text, without the clauses below it")]
    start: int
    end: int
    tree_end: int
    page: int | None
    line: Annotated[int, Field(description="line of the paper as received, from 1")]
    responsibility: Responsibility | None
    parent: str | None
    children: Annotated[list[str], Field(description="ids of the clauses directly below")]
    original: list[OriginalPiece]
    url: str
