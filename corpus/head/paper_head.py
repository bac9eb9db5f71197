"""The head of a paper: what is needed to list it, find it and compute its status, without its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corpus.model import Document, HeadField, Level, Reference, Stated, Status
from corpus.notation.paper_names import in_title_marks


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A reference to another paper; title or number may be empty."""

    title: str
    doc_number: str


@dataclass(frozen=True, slots=True)
class NamedPart:
    """Articles of another paper that a paper repeals: "第八条", "第九条第二款"."""

    paper: NamedPaper
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedExtension:
    """A paper whose term another one extends: to a day, by a length of time ("2年"), or without an end."""

    paper: NamedPaper
    until: date | None
    duration: str


@dataclass(frozen=True, slots=True)
class PaperHead:
    """The head of one version of a paper. Strings that the paper does not state are empty."""

    id: str
    content_sha256: str  # of the paper as read; empty for papers that are only in memory
    title: str
    inner_title: str
    doc_number: str
    issuer: str
    region: str
    level: Level | None
    status: Status  # as the paper itself states it
    date_issued: date | None
    valid_until: date | None
    repeals: tuple[NamedPaper, ...]
    basis: tuple[NamedPaper, ...]
    url: str
    clauses: int
    notices: int
    valid_since: date | None = None
    amended: date | None = None  # the last change that the paper's own history states
    repeals_parts: tuple[NamedPart, ...] = ()
    extends: tuple[NamedExtension, ...] = ()
    status_set: date | None = None  # the day on which an editor set the status
    until_set: date | None = None  # the day on which an editor set `valid_until`

    @classmethod
    def of(cls, document: Document, *, content_sha256: str = "") -> PaperHead:
        head = document.head
        return cls(
            id=document.id,
            content_sha256=content_sha256,
            title=head.title.value,
            inner_title=_text(head.inner_title),
            doc_number=_text(head.doc_number),
            issuer=_text(head.issuer),
            region=head.region,
            level=head.level,
            status=head.status,
            date_issued=head.date_issued.value if head.date_issued is not None else None,
            valid_until=head.validity.until if head.validity is not None else None,
            repeals=_named(head.repeals),
            basis=_named(head.basis),
            url=document.source.url,
            clauses=len(document.clauses),
            notices=len(document.notices),
            valid_since=head.validity.since if head.validity is not None else None,
            amended=max((change.day for change in head.amended), default=None),
            repeals_parts=tuple(NamedPart(_name(one.paper), one.articles) for one in head.repeals_parts),
            extends=tuple(NamedExtension(_name(one.paper), one.until, one.duration) for one in head.extends),
            status_set=_day_set(document, HeadField.STATUS),
            until_set=_day_set(document, HeadField.VALID_UNTIL),
        )

    @property
    def acts_on(self) -> tuple[NamedPaper, ...]:
        """The papers whose status or articles this one changes: repealed whole or in part, or extended."""
        if not (self.repeals or self.repeals_parts or self.extends):  # as nearly all papers
            return ()
        parts, extended = (one.paper for one in self.repeals_parts), (one.paper for one in self.extends)
        return tuple(dict.fromkeys((*self.repeals, *parts, *extended)))

    @property
    def titles(self) -> tuple[str, ...]:
        """The title, and that of the paper it forwards."""
        return (self.title, self.inner_title) if self.inner_title else (self.title,)

    @property
    def source_name(self) -> str:
        """《title》（文号）"""
        return full_name(self.title, self.doc_number)


def full_name(title: str, doc_number: str) -> str:
    """《title》（文号）"""
    return in_title_marks(title) + (f"（{doc_number}）" if doc_number else "")


def _text(stated: Stated[str] | None) -> str:
    return stated.value if stated is not None else ""


def _named(references: Iterable[Reference]) -> tuple[NamedPaper, ...]:
    return tuple(dict.fromkeys(_name(named) for named in references))


def _name(reference: Reference) -> NamedPaper:
    return NamedPaper(reference.title, reference.doc_number)


def _day_set(document: Document, field: HeadField) -> date | None:
    """The day on which an editor set the field."""
    return next((one.at.date() for one in document.corrections if one.field is field), None)
