"""Finds chosen words in a clause again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.facts.in_force import Words
from corpus.model import Clause, Document, Span


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
