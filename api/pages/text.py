"""The words of a paper as HTML: every character of them, and none that could be markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup, escape

from api.pages.links import QUOTE_FRAGMENT
from corpus.model import Span
from corpus.text.source_text import CELL_JOINT

# Characters that HTML cannot contain, that no browser shows, or that would reverse the words around them
# (U+202E).
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Marking:
    """Marked spans of the text: the linked quote, the units in charge, words that have to be checked."""

    quote: Span | None = None
    duty: Span | None = None
    uncertain: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the paper."""

    html: Markup
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """Lines whose cells the table reader kept apart."""

    rows: tuple[tuple[Markup, ...], ...]


Block = Paragraph | Table


def shown(text: str) -> str:
    """`text` with a replacement character for each that must not be on a page."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def blocks(text: str, span: Span, marking: Marking) -> tuple[Block, ...]:
    """The lines in `span`, with the rows of a table together."""
    lines = [
        Span(span.start + found.start(), span.start + found.end())
        for found in _LINE.finditer(span.of(text))
        if shown(found[0]).strip()  # "\\r" is white space to Python, but is shown as a replacement character
    ]
    made: list[Block] = []
    for in_table, group in groupby(lines, key=lambda line: CELL_JOINT in line.of(text).strip()):
        if in_table:
            made.append(Table(tuple(_cells(text, line, marking) for line in group)))
        else:
            made += [Paragraph(inline(text, line, marking), line) for line in group]
    return tuple(made)


def inline(text: str, span: Span, marking: Marking) -> Markup:
    """The words in `span`, with their marks."""
    html = Markup("")
    marked = [found for found in (marking.quote, marking.duty, *marking.uncertain) if found is not None]
    for piece in _cut(span, marked):
        words: Markup = escape(shown(piece.of(text)))
        if _inside(piece, marking.quote):
            begins = marking.quote is not None and piece.start == marking.quote.start
            anchor = Markup(' id="{}"').format(QUOTE_FRAGMENT) if begins else Markup("")
            words = Markup("<mark{}>{}</mark>").format(anchor, words)
        if any(_inside(piece, found) for found in marking.uncertain):
            words = Markup('<span class="uncertain">{}</span>').format(words)
        if _inside(piece, marking.duty):
            words = Markup('<span class="duty">{}</span>').format(words)
        html += words
    return html


def _cells(text: str, line: Span, marking: Marking) -> tuple[Markup, ...]:
    cells, start = [], line.start
    for words in line.of(text).split(CELL_JOINT):
        cells.append(inline(text, Span(start, start + len(words)), marking))
        start += len(words) + len(CELL_JOINT)
    return tuple(cells)


def _cut(span: Span, at: Sequence[Span]) -> Iterator[Span]:
    """`span` cut into pieces that are each wholly inside or outside of each span of `at`."""
    edges = {edge for found in at for edge in (found.start, found.end) if span.start < edge < span.end}
    points = [span.start, *sorted(edges), span.end]
    return (Span(start, end) for start, end in pairwise(points) if start < end)


def _inside(piece: Span, around: Span | None) -> bool:
    return around is not None and around.start <= piece.start and piece.end <= around.end
