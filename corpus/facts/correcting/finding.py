"""Finds chosen words in a clause again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.facts.in_force import Words
from corpus.model import Clause, Document, Span
from corpus.notation.figures import ARABIC, HALF_WIDTH, FigureKind, figures

# Figures with their units: words of which a part is left out state another value.
_WHOLE = (FigureKind.MONEY, FigureKind.PERCENT, FigureKind.DURATION, FigureKind.DATE)
_LONGEST_FIGURE = 80  # characters that are looked at before and behind chosen words


def chosen(document: Document, clause: Clause, span: Span) -> Words:
    """The words at a span, by which they are found again."""
    return Words(span.of(document.text), span.start - clause.start)


def find(document: Document, clause: Clause, words: Words, places: Iterable[Span]) -> Span | None:
    """The place of words, the nearest to where they stood in the clause; None if they are in no place.

    White space does not count: another version of the program may join lines in another way.
    """
    wanted = clause.start + words.offset
    found = occurrences(document, words.text, places)
    return min(found, key=lambda span: (abs(span.start - wanted), span.start), default=None)


def occurrences(document: Document, words: str, places: Iterable[Span]) -> Iterator[Span]:
    """Yields where words stand in places of a paper, whatever white space is between their characters."""
    characters = "".join(words.split())
    if not characters:
        return
    pattern = re.compile(r"\s*".join(map(re.escape, characters)))
    for place in places:
        yield from (Span(*match.span()) for match in pattern.finditer(document.text, place.start, place.end))


def cut_figure(span: Span, text: str) -> Span | None:
    """The number, sum, rate, period or date of which words have only a part: 17万元 in 317万元."""
    start = max(0, span.start - _LONGEST_FIGURE)
    around = text[start : span.end + _LONGEST_FIGURE].translate(HALF_WIDTH)
    whole = [one.span for one in figures(around, kinds=_WHOLE)]
    whole += [Span(*match.span()) for match in re.finditer(ARABIC, around)]
    for one in whole:
        figure = Span(start + one.start, start + one.end)
        has_some = figure.start < span.end and span.start < figure.end
        if has_some and not (span.start <= figure.start and figure.end <= span.end):
            return figure
    return None
