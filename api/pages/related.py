"""The papers that a paper is related to: a list, and a small drawing of the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.pages.banner import Linked
from api.pages.links import paper_link
from api.pages.words import Words
from corpus.catalogue.relations import Edge, Paper, Relations
from corpus.head.paper_head import full_name
from corpus.notation.paper_names import in_title_marks

_MOST_DRAWN = 12  # papers; the list has all
# Measures of the drawing, in units of which 320 are the width of a small telephone's column.
_WIDTH, _ROW, _BOX, _INSET = 320, 34, 26, 92
_SHOWN = 15  # characters of a title in the drawing
_OWN_SHOWN = 22


@dataclass(frozen=True, slots=True)
class Entry:
    """A related paper with the words that state the relation."""

    kind: str
    paper: Linked
    stored: bool
    status: str
    quote: str


@dataclass(frozen=True, slots=True)
class Row:
    """A paper in the drawing. Rows above the paper of the page refer to it, those below are referred to."""

    kind: str
    title: str
    stored: bool
    y: int  # upper edge of the box


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG drawing: the paper of the page as a bar, the others in rows above and below it.

    It repeats the list, so it has no links.
    """

    width: int
    height: int
    box: int
    inset: int
    own: str
    own_y: int
    above: tuple[Row, ...]
    below: tuple[Row, ...]
    described: str


@dataclass(frozen=True, slots=True)
class Related:
    """The section of related papers."""

    outgoing: tuple[Entry, ...]
    incoming: tuple[Entry, ...]
    complete: bool
    drawing: Drawing


def related(found: Relations, *, words: Words, base: str) -> Related | None:
    """The section for the relations of a paper; None when there are none."""
    if not found.outgoing and not found.incoming:
        return None
    return Related(
        outgoing=tuple(
            _entry(edge, edge.target, words.relations[edge.kind], words, base) for edge in found.outgoing
        ),
        incoming=tuple(
            _entry(edge, edge.source, words.relations_to[edge.kind], words, base) for edge in found.incoming
        ),
        complete=found.complete,
        drawing=_drawing(found, words),
    )


def _entry(edge: Edge, other: Paper, kind: str, words: Words, base: str) -> Entry:
    name = full_name(other.title, other.doc_number) if other.title else other.doc_number
    status = words.statuses[other.status] if other.status is not None else words.not_stored
    return Entry(kind, Linked(name, _href(other, base)), other.stored, status, edge.quote)


def _href(paper: Paper, base: str) -> str:
    return base + paper_link(paper.document_id) if paper.stored else ""


def _drawing(found: Relations, words: Words) -> Drawing:
    incoming, outgoing = found.incoming[: _MOST_DRAWN // 2], found.outgoing[:_MOST_DRAWN]
    outgoing = outgoing[: _MOST_DRAWN - len(incoming)]
    above = _rows(((words.relations_to[e.kind], e.source) for e in incoming), start=0)
    own_y = len(above) * _ROW
    below = _rows(((words.relations[e.kind], e.target) for e in outgoing), start=own_y + _ROW)
    return Drawing(
        width=_WIDTH,
        height=own_y + (1 + len(below)) * _ROW,
        box=_BOX,
        inset=_INSET,
        own=_cut(found.paper.title, _OWN_SHOWN),
        own_y=own_y,
        above=above,
        below=below,
        described="；".join(f"{row.kind}{row.title}" for row in (*above, *below)),
    )


def _rows(papers: Iterable[tuple[str, Paper]], *, start: int) -> tuple[Row, ...]:
    return tuple(
        Row(kind, _cut(paper.title or paper.doc_number, _SHOWN), paper.stored, start + at * _ROW)
        for at, (kind, paper) in enumerate(papers)
    )


def _cut(title: str, most: int) -> str:
    """The title in 《》; of a long one its end, which names the subject."""
    return in_title_marks(title) if len(title) <= most else "…" + title[-most:]
