"""Wire models of papers: the list, one paper with metadata and clause tree, one clause.

Offsets point into `text` of the paper, except `original`, which points into the paper as received.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.wire.examples import RELATIONS_RESPONSES, VERSIONS_RESPONSES
from api.wire.fields import StatusName, Wire

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


class Amendment(Place):
    """A change of the paper that its own history states."""

    day: date
    doc_number: Annotated[str, Field(description="of the order that changed it; empty when not stated")]


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
    amended: list[Amendment]


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
    status_corrected: Annotated[bool, Field(description="an editor has set the status")]
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
    in_use: Annotated[bool, Field(description="whether answers quote this version")]
    status: Annotated[StatusName, Field(description="today's; a later paper may have repealed this one")]
    remarks: Annotated[
        list[Notice],
        Field(description="what a reader should know, such as `past_goals`: goals of years gone and no end"),
    ]
    head: Head
    clauses: list[ClauseNode]
    notices: list[Notice]
    source: Source
    text: str


class DocumentVersion(Wire):
    """A stored version of a paper."""

    version: Annotated[int, Field(description="for `?version=`")]
    name: Annotated[str, Field(description="of the file")]
    sha256: Annotated[str, Field(description="of the file as received")]
    added_at: datetime
    in_use: Annotated[bool, Field(description="whether answers quote this version")]
    permalink: Annotated[str, Field(description="address of the version's page on this service")]


class DocumentVersions(Wire):
    """The versions of a paper, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": VERSIONS_RESPONSES})

    document_id: str
    versions: list[DocumentVersion]


class RelatedPaper(Wire):
    """The other paper of a relation."""

    document_id: Annotated[str | None, Field(description="null for a paper that is not stored")]
    stored: bool
    title: Annotated[str, Field(description="empty when only the number is named")]
    doc_number: str
    status: Annotated[StatusName | None, Field(description="today's; null for a paper that is not stored")]


class Relation(Place):
    """An edge between two papers. `quote` is in the text of the paper that states it."""

    kind: Literal["repeals", "repeals_parts", "extends", "supersedes", "basis", "forwards", "cites"]
    paper: RelatedPaper
    stated_in: Annotated[str, Field(description="id of the paper whose text the offsets point into")]


class DocumentRelations(Wire):
    """What a paper says about others, and what others say about it."""

    document_id: str
    status: StatusName
    outgoing: list[Relation]
    incoming: list[Relation]
    complete: Annotated[
        bool, Field(description="false when more papers may refer to this one than were read")
    ]

    model_config = ConfigDict(json_schema_extra={"examples": RELATIONS_RESPONSES})


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
