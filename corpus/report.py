"""What ingestion reports of each file: what was recognised, what happened, and what a person should check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.errors import CorpusError
from corpus.facts.in_force import FactCorrection
from corpus.model import Document, Notice, Status
from corpus.plausibility import doubts
from corpus.store.outcomes import Outcome
from corpus.version_diff import VersionDiff

_WORDS = 80  # characters of the words shown with a warning


@dataclass(frozen=True, slots=True)
class Warned:
    """A finding for a person to check, with its place."""

    code: str
    message: str
    words: str  # of the paper, shortened
    start: int  # offsets of the text
    end: int
    line: int  # of the file, from 1
    page: int | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read from a file. Strings that the paper does not state are empty."""

    name: str  # of the file
    media_type: str
    charset: str
    pages: int  # 0 for a format without pages
    title: str
    doc_number: str
    issuer: str
    region: str
    date_issued: date | None
    valid_until: date | None  # extended by other papers or not
    status: Status  # today's
    clauses: int
    characters: int
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a paper says of another one: "repeals", "repeals_parts", "extends".

    Title or number may be empty.
    """

    kind: str
    title: str
    doc_number: str
    quote: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a paper does to a stored one, or with `by_other` the stored one to it.

    `kind` is that of `Said`, "supersedes", or "unclear": the number of the stored paper is given with another
    title, so that nothing happens until a person has looked.
    """

    kind: str
    by_other: bool
    document_id: str
    title: str
    doc_number: str
    quote: str  # of the paper that does it


@dataclass(frozen=True, slots=True)
class Ingested:
    """A paper that was read, and what happened to it."""

    path: str
    document_id: str
    recognised: Recognised
    change: Outcome
    diff: VersionDiff | None = None  # to the version in use before, for a new version
    told: str = ""  # which of several versions that came in together is in use, and why
    effects: tuple[Effect, ...] = ()
    facts: int = 0  # support facts that were read from the paper
    detached: tuple[FactCorrection, ...] = ()  # whose fact or words the version in use does not have

    @property
    def title(self) -> str:
        return self.recognised.title


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read as a paper, and why."""

    path: str
    error: CorpusError


@dataclass(frozen=True, slots=True)
class Skipped:
    """Files in a folder or an archive that were not read, as their endings are of no known format."""

    path: str
    files: int
    first: tuple[str, ...]  # the names of a few


def recognised(document: Document) -> Recognised:
    """What was read from a paper."""
    head, source = document.head, document.source
    return Recognised(
        name=source.name,
        media_type=source.media_type,
        charset=source.charset,
        pages=len(source.map.pages),
        title=head.title.value,
        doc_number=head.doc_number.value if head.doc_number else "",
        issuer=head.issuer.value if head.issuer else "",
        region=head.region,
        date_issued=head.date_issued.value if head.date_issued else None,
        valid_until=head.validity.until if head.validity else None,
        status=head.status,
        clauses=len(document.clauses),
        characters=len(document.text),
        warnings=tuple(_warned(document, one) for one in (*doubts(document), *document.notices)),
    )


def _warned(document: Document, notice: Notice) -> Warned:
    span = notice.span
    words = " ".join(span.of(document.text).split())
    return Warned(
        code=notice.code,
        message=notice.message,
        words=words if len(words) <= _WORDS else words[:_WORDS] + "…",
        start=span.start,
        end=span.end,
        line=document.source.line(span.start) if document.source.map.segments else 1,
        page=document.source.map.page(span.start),
    )
