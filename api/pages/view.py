"""Prepares the content of a paper's page, so that templates only insert it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from markupsafe import Markup

from api.pages.acts import ActsOn
from api.pages.banner import Banner, Row, banner, facts
from api.pages.links import (
    CLAUSE_FRAGMENT,
    QUOTE_FRAGMENT,
    QuotedPlace,
    facts_link,
    original_link,
    paper_link,
    permalink,
    picture_link,
)
from api.pages.picture import places_of
from api.pages.related import Related, related
from api.pages.text import Block, Marking, blocks, inline
from api.pages.versions import ShownVersions, VersionNote, note, row
from api.pages.words import Words
from corpus.catalogue.relations import Relations
from corpus.model import Clause, Document, Span, Status
from rag.language.citation_names import source_name, spoken_label

_LOWEST = 6  # HTML has headings of six levels
_MOST_PICTURES = 3  # pages of the original that a clause is shown on
_EXCERPT = 400  # characters of a long clause that are repeated above the paper
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Section:
    """A clause in the text of the page."""

    anchor: str
    name: str  # for screen readers
    kind: str
    level: int  # of the heading
    heading: Markup  # label and heading; empty where the clause has none
    label: Markup  # a label without heading, at the beginning of the first line
    blocks: tuple[Block, ...]
    before: tuple[Block, ...]  # words of the paper between this clause and the last one
    href: str  # permalink
    addressed: bool
    within: bool  # the clause is below the one in the address


@dataclass(slots=True)
class Entry:
    """A line of the table of contents."""

    label: str
    heading: str
    href: str
    current: bool
    below: list[Entry]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of the original file."""

    page: int
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The clause or quote in the address, repeated above the paper."""

    title: str
    above: tuple[str, ...]  # the parent clauses, from the top
    name: str
    blocks: tuple[Block, ...]
    excerpt: bool
    href: str
    pictures: tuple[Picture, ...]  # the pages of the original, with the words marked


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A page."""

    title: str  # of the browser window
    name: str  # of the paper
    canonical: str  # path
    cite: str
    banner: Banner
    facts: tuple[Row, ...]
    contents: tuple[Entry, ...]
    sections: tuple[Section, ...]
    after: tuple[Block, ...]  # words of the paper after its last clause
    title_lines: Span  # where the paper's own title is
    addressees: Span | None  # and the addressees
    shown: Shown | None
    version: VersionNote | None
    moved: bool  # the linked quote does not match the text
    original: str  # address of the file as received; empty for a version that is not in use
    support: str  # address of its support facts; empty as before
    whole: str  # address of the page without a clause; empty on that page
    related: Related | None


def paper_page(
    document: Document,
    clause: Clause | None,
    *,
    status: Status,
    acts: ActsOn,
    relations: Relations | None,
    today: date,
    place: QuotedPlace | None,
    quote_asked: bool,
    versions: ShownVersions,
    words: Words,
    base: str,
) -> PaperPage:
    """The page of a paper, with a clause and a quote of it marked. `base` is the path of the service."""
    found = _without_blanks(place.in_text(document.text), document.text) if place else None
    if found and clause and not (clause.start <= found.start and found.end <= clause.tree_end):
        found = None
    name, earlier = document.head.title.value, versions.earlier
    whole = base + paper_link(document.id, version=earlier)
    return PaperPage(
        title=f"{clause_name(clause)} - {name}" if clause else name,
        name=name,
        canonical=base + permalink(document.id, clause, version=earlier).partition("#")[0]
        if clause
        else whole,
        cite=_cite(document, clause, status),
        banner=banner(document, status, acts, today=today, words=words, base=base),
        version=note(versions, document.id, words=words, base=base),
        facts=(
            *facts(document, status, conflicting=acts.conflicting, words=words, base=base),
            *row(versions, document.id, words=words, base=base),
        ),
        contents=_contents(document, clause),
        sections=tuple(_sections(document, clause, found, base, earlier)),
        after=blocks(document.text, Span(_end(document), len(document.text)), Marking(quote=found)),
        title_lines=document.head.title.span,
        addressees=document.head.addressees.span if document.head.addressees else None,
        shown=_shown(document, clause, found, words, base, earlier) if clause or found else None,
        moved=quote_asked and found is None,
        original=base + original_link(document.id) if earlier is None else "",
        support=base + facts_link(document.id) if earlier is None else "",
        whole=whole if clause else "",
        related=related(relations, words=words, base=base) if relations is not None else None,
    )


def _without_blanks(span: Span | None, text: str) -> Span | None:
    """`span` from its first to its last visible character; None when it has none."""
    words = span.of(text) if span else ""
    if span is None or not words.strip():
        return None
    return Span(span.start + len(words) - len(words.lstrip()), span.end - len(words) + len(words.rstrip()))


def clause_name(clause: Clause) -> str:
    """Label and heading: （四） 支持创新产品产业化落地."""
    return f"{spoken_label(clause)} {clause.heading}".strip()


def _cite(document: Document, clause: Clause | None, status: Status) -> str:
    """《title》（文号）（四）. A draft is named as one, because readers copy this name."""
    draft = "（征求意见稿）" if status is Status.DRAFT else ""
    return source_name(document) + draft + (spoken_label(clause) if clause else "")


def _anchor(clause: Clause) -> str:
    return "c-" + _BLANK.sub("_", clause.id)


def _end(document: Document) -> int:
    return max((clause.end for clause in document.clauses), default=0)


def _sections(
    document: Document, named: Clause | None, found: Span | None, base: str, version: int | None
) -> Iterator[Section]:
    done = 0
    for clause in document.clauses:
        between = Span(done, max(done, clause.start))
        href = base + permalink(document.id, clause, version=version)
        yield _section(document, clause, named, found=found, between=between, href=href)
        done = max(done, clause.end)


def _section(
    document: Document, clause: Clause, named: Clause | None, *, found: Span | None, between: Span, href: str
) -> Section:
    duty = clause.responsibility.span if clause.responsibility else None
    marking = Marking(quote=found, duty=duty, uncertain=document.uncertain_in(Span(clause.start, clause.end)))
    opening = inline(document.text, Span(clause.start, clause.body_start), marking)
    headed = bool(clause.heading)
    return Section(
        anchor=_anchor(clause),
        name=clause_name(clause),
        kind=clause.kind.value,
        level=min(_LOWEST, 1 + max(1, len(clause.path))),
        heading=opening if headed else Markup(""),
        label=Markup("") if headed else opening,
        blocks=blocks(document.text, Span(clause.body_start, clause.end), marking),
        before=blocks(document.text, between, Marking(quote=found)),
        href=href,
        addressed=clause is named,
        within=named is not None and clause is not named and named.start <= clause.start < named.tree_end,
    )


def _contents(document: Document, named: Clause | None) -> tuple[Entry, ...]:
    top: list[Entry] = []
    entries: dict[str, Entry] = {}
    for clause in document.clauses:
        entry = Entry(
            label=clause.path[-1] if clause.path else clause.label,
            heading=clause.heading,
            href="#" + quote(_anchor(clause)),
            current=clause is named,
            below=[],
        )
        (top if clause.parent is None else entries[clause.parent].below).append(entry)
        entries[clause.id] = entry
    return tuple(top)


def _shown(
    document: Document,
    clause: Clause | None,
    found: Span | None,
    words: Words,
    base: str,
    version: int | None,
) -> Shown:
    span = found if found or clause is None else Span(clause.start, clause.tree_end)
    assert span is not None
    excerpt = span.end - span.start > _EXCERPT
    cut = Span(span.start, span.start + _EXCERPT) if excerpt else span
    # Of the files as received only that of the last version is drawn.
    places = places_of(document, span) if version is None else ()
    return Shown(
        title=words.quoted if found else words.addressed,
        above=_above(document, clause),
        name=clause_name(clause) if clause else "",
        blocks=blocks(document.text, cut, Marking()),
        excerpt=excerpt,
        href="#" + (QUOTE_FRAGMENT if found else CLAUSE_FRAGMENT),
        pictures=tuple(
            Picture(page, base + picture_link(document.id, page, clause, found))
            for page in sorted({place.page for place in places})[:_MOST_PICTURES]
        ),
    )


def _above(document: Document, clause: Clause | None) -> tuple[str, ...]:
    by_id = {c.id: c for c in document.clauses}
    names: list[str] = []
    parent = clause.parent if clause else None
    while parent is not None:
        names.append(f"{by_id[parent].path[-1]}{by_id[parent].heading}")
        parent = by_id[parent].parent
    return tuple(reversed(names))
