"""Schemas of the server's responses: the part of docs/api.md that is scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict

from corpus.model import Clause, HeadData, Kind, Level, Source, SourceMap, Span, Stated, Status
from corpus.model import Document as Paper
from evals.model import Observed, Quoted, Shown
from rag.model import Outcome


class Body(BaseModel):
    """A response body; fields that are not scored are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class IndexInfo(Body):
    corpus_hash: str
    model: str
    generation: int
    calibration: str = ""
    threshold: float | None = None


class Health(Body):
    version: str
    index: IndexInfo


class Problem(Body):
    detail: str


class DocumentLine(Body):
    document_id: str


class DocumentList(Body):
    documents: list[DocumentLine]
    next: str | None = None  # `after` of the next page; servers without paging send all papers at once


class Cited(Body):
    document_id: str
    title: str
    doc_number: str
    label: str
    path: list[str]
    quote: str
    start: int
    end: int
    answer_span: tuple[int, int] | None = None  # absent in the nearest clauses of a refusal

    def observed(self) -> Quoted:
        return Quoted(
            self.document_id,
            self.title,
            self.doc_number,
            self.label,
            tuple(self.path),
            self.quote,
            self.start,
            self.end,
            self.answer_span,
        )


class Hit(Body):
    document_id: str
    label: str
    text: str


class Refusal(Body):
    reason: str
    nearest: list[Cited]


class Reply(Body):
    """The body of `POST /v1/ask`."""

    outcome: Outcome
    text: str
    confidence: float
    citations: list[Cited]
    hits: list[Hit]
    refusal: Refusal | None
    rewritten: str

    def observed(self) -> Observed:
        refusal = self.refusal
        return Observed(
            self.outcome,
            self.text,
            tuple(cited.observed() for cited in self.citations),
            tuple(Shown(hit.document_id, hit.label, hit.text) for hit in self.hits),
            nearest=tuple(cited.observed() for cited in refusal.nearest) if refusal else (),
            reason=refusal.reason if refusal else "",
            understood=self.rewritten,
            confidence=self.confidence,
        )


class StatedText(Body):
    value: str
    start: int
    end: int

    def stated(self) -> Stated[str]:
        return Stated(self.value, Span(self.start, self.end))


class Head(Body):
    title: StatedText
    status: Status
    region: str
    level: Level | None
    inner_title: StatedText | None
    doc_number: StatedText | None

    def data(self) -> HeadData:
        """Returns the fields that name the paper; others are not scored."""
        return HeadData(
            title=self.title.stated(),
            status=self.status,
            region=self.region,
            level=self.level,
            inner_title=self.inner_title.stated() if self.inner_title else None,
            doc_number=self.doc_number.stated() if self.doc_number else None,
        )


class ClauseNode(Body):
    id: str
    kind: Kind
    label: str
    path: list[str]
    heading: str
    start: int
    end: int
    tree_end: int
    children: list[ClauseNode]


class SourceLine(Body):
    name: str
    sha256: str
    charset: str
    media_type: str
    url: str


class DocumentDetail(Body):
    """The body of `GET /v1/documents/{document_id}`."""

    document_id: str
    head: Head
    clauses: list[ClauseNode]
    source: SourceLine
    text: str

    def document(self) -> Paper:
        """Builds the paper from the response. Its text serves as source, as the response has no original."""
        came = self.source
        source = Source(
            came.name, came.sha256, came.charset, came.media_type, self.text, SourceMap(()), came.url
        )
        clauses = tuple(_flat(self.document_id, self.clauses, None))
        return Paper(self.document_id, self.text, self.head.data(), clauses, source)


def _flat(document_id: str, nodes: Iterable[ClauseNode], parent: str | None) -> Iterator[Clause]:
    """Yields the clauses in reading order. Each body is assumed to be the whole clause."""
    for node in nodes:
        yield Clause(
            document_id,
            node.id,
            node.kind,
            tuple(node.path),
            node.label,
            node.heading,
            node.start,
            node.end,
            node.tree_end,
            node.start,
            parent,
        )
        yield from _flat(document_id, node.children, node.id)
