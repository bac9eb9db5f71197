"""Where words stand in a text, and a text cut into marked, plain and folded pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import Span
from evals.measures.matching import contains, normal

# A sign with what is put on top of it, which NFKC folds together: か + ゛ is が.
_CLUSTER = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]*|^.", re.DOTALL)
_SHORT = 420  # signs; a text up to this length is shown whole
_CONTEXT = 90  # signs left and right of a mark that stay in view


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and the names of the marks that lie on it."""

    text: str
    marks: tuple[str, ...] = ()
    folded: bool = False  # out of view until the reader opens it


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as it is compared; `places[n]` is where sign n of it was taken from."""

    text: str
    places: tuple[Span, ...]


def find(text: str, words: str) -> list[Span]:
    """Where `words` stand in `text`, both compared as `evals.measures.matching.normal` has them."""
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
    """`text` cut wherever a mark begins or ends. Marks may overlap; nothing of the text is lost."""
    spans = {name: list(places) for name, places in marks.items()}
    edges = {edge for places in spans.values() for span in places for edge in (span.start, span.end)}
    cuts = sorted({0, len(text), *(edge for edge in edges if edge < len(text))})
    return [
        Piece(text[start:end], tuple(name for name, places in spans.items() if _lies_on(places, start, end)))
        for start, end in pairwise(cuts)
    ]


def fold(pieces: Sequence[Piece]) -> list[Piece]:
    """The same text; of a long one only the marks, with what stands next to them, are in view."""
    if sum(len(piece.text) for piece in pieces) <= _SHORT:
        return list(pieces)
    last = len(pieces) - 1
    shown: list[Piece] = []
    for index, piece in enumerate(pieces):
        # The beginning of a clause holds its label and heading, so it stays in view.
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
    """Sign by sign, so that every folded sign knows its place."""
    signs: list[str] = []
    places: list[Span] = []
    for cluster in _CLUSTER.finditer(text):
        for sign in normal(cluster[0]):
            signs.append(sign)
            places.append(Span(*cluster.span()))
    joined = "".join(signs)
    # The brackets around a year are seen only in the whole; they do not change the length.
    whole = normal(joined)
    return _Folded(whole if len(whole) == len(joined) else joined, tuple(places))
