"""Finds words in a text, and splits a text into marked, plain and collapsed pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import Span
from evals.measures.matching import contains, normal

# A character with combining marks, which NFKC composes: か + ゛ is が.
_CLUSTER = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]*|^.", re.DOTALL)
_SHORT = 420  # characters; a text up to this length is shown whole
_CONTEXT = 90  # characters left and right of a mark that stay visible


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and the names of the marks on it."""

    text: str
    marks: tuple[str, ...] = ()
    folded: bool = False  # hidden until the reader opens it


@dataclass(frozen=True, slots=True)
class _Folded:
    """A normalised text; `places[n]` is the span that its character n comes from."""

    text: str
    places: tuple[Span, ...]


def find(text: str, words: str) -> list[Span]:
    """Returns where `words` occur in `text`, both compared after `evals.measures.matching.normal`."""
    if not contains(text, words):
        return []
    sought, folded = normal(words), _fold(text)
    spans, at = [], folded.text.find(sought)
    while at >= 0:
        end = at + len(sought)
        spans.append(Span(folded.places[at].start, folded.places[end - 1].end))
        at = folded.text.find(sought, end)
    return spans


def cut(text: str, marks: Mapping[str, Iterable[Span]]) -> list[Piece]:
    """Splits `text` wherever a mark begins or ends. Marks may overlap; the pieces join to the text."""
    spans = {name: list(places) for name, places in marks.items()}
    edges = {edge for places in spans.values() for span in places for edge in (span.start, span.end)}
    cuts = sorted({0, len(text), *(edge for edge in edges if edge < len(text))})
    return [
        Piece(text[start:end], tuple(name for name, places in spans.items() if _lies_on(places, start, end)))
        for start, end in pairwise(cuts)
    ]


def fold(pieces: Sequence[Piece]) -> list[Piece]:
    """Collapses a long text so that only its beginning and the marks with their context are visible."""
    if sum(len(piece.text) for piece in pieces) <= _SHORT:
        return list(pieces)
    last = len(pieces) - 1
    shown: list[Piece] = []
    for index, piece in enumerate(pieces):
        # The beginning of a clause contains its label and heading, so it stays visible.
        before = _CONTEXT
        after = 0 if index == last else _CONTEXT
        shown += [piece] if piece.marks else _folded(piece, before, len(piece.text) - after)
    return shown


def _folded(piece: Piece, start: int, end: int) -> list[Piece]:
    if end - start < _CONTEXT:
        return [piece]
    text = piece.text
    parts = (Piece(text[:start]), replace(piece, text=text[start:end], folded=True), Piece(text[end:]))
    return [part for part in parts if part.text]


def _lies_on(places: Sequence[Span], start: int, end: int) -> bool:
    return any(span.start <= start and end <= span.end for span in places)


def _fold(text: str) -> _Folded:
    """Normalises character by character, so that the origin of each is known."""
    signs: list[str] = []
    places: list[Span] = []
    for cluster in _CLUSTER.finditer(text):
        for sign in normal(cluster[0]):
            signs.append(sign)
            places.append(Span(*cluster.span()))
    joined = "".join(signs)
    # Brackets around a year are normalised on the whole text; that does not change the length.
    whole = normal(joined)
    return _Folded(whole if len(whole) == len(joined) else joined, tuple(places))
