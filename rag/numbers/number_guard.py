"""The number guard: finds figures in an answer that the cited papers do not contain."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache

from corpus.model import Clause, Document, Kind, Span
from corpus.notation.figures import Figure, FigureKind, figures

_REMEMBERED = 1024  # clauses, some kB each
_PIECES = 4096  # pieces of answers, up to some kB each
_APART = "”"  # no figure contains it
_GUARDED = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.DATE, FigureKind.DOC_NUMBER})


def guarded(text: str) -> tuple[Figure, ...]:
    """Returns the amounts, percentages, dates and document numbers of `text`.

    Reads each quote once, as every added sentence verifies the answer again.
    """
    found, at = list[Figure](), 0
    for piece in text.split(_APART):
        found += (_moved(one, at) for one in figures_of_piece(piece))
        at += len(piece) + len(_APART)
    return tuple(found)


@lru_cache(maxsize=_PIECES)
def figures_of_piece(piece: str) -> tuple[Figure, ...]:
    """Returns the same of a text without a quote in it."""
    return tuple(figures(piece, kinds=_GUARDED))


def _moved(figure: Figure, characters: int) -> Figure:
    span = figure.span
    return Figure(figure.kind, figure.value, Span(span.start + characters, span.end + characters))


def ungrounded(
    text: str,
    cited: Iterable[tuple[Document, Clause]],
    *,
    given: Collection[tuple[FigureKind, str]] = frozenset(),
) -> list[str]:
    """Returns the figures of `text`, as written, that occur in no cited clause nor head of a cited paper.

    The head counts as cited with every clause, since it contains title and document number; so does what an
    editor has corrected in it. `given` figures are the asker's, and need no source.
    """
    return [figure.span.of(text) for figure in _loose(text, cited) if figure.key not in given]


def figures_of_day(day: date) -> frozenset[tuple[FigureKind, str]]:
    """Returns the figures by which a text names this day, and no other: 2023年5月1日."""
    return frozenset({(FigureKind.DATE, day.isoformat())})


def elided(text: str, cited: Iterable[tuple[Document, Clause]]) -> str:
    """Returns `text` with "…" for each figure that occurs in no cited clause nor head of a cited paper."""
    parts, at = [], 0
    for figure in _loose(text, cited):
        parts.append(text[at : figure.span.start])
        at = figure.span.end
    return "…".join((*parts, text[at:]))


def _loose(text: str, cited: Iterable[tuple[Document, Clause]]) -> list[Figure]:
    stated = guarded(text)
    if not stated:
        return []
    allowed: set[tuple[FigureKind, str]] = set()
    own = {(document.id, clause.id): (document, clause) for document, clause in cited}
    papers = {document.id: document for document, _ in own.values()}
    heads = [(document, head) for document in papers.values() for head in _heads(document.clauses)]
    for document, source in (*own.values(), *heads):
        allowed |= _keys(document.text[source.start : source.tree_end])
    for correction in (one for document in papers.values() for one in document.corrections):
        allowed |= _keys(correction.spoken)
    return [figure for figure in stated if figure.key not in allowed]


@lru_cache(maxsize=_REMEMBERED)
def _keys(text: str) -> frozenset[tuple[FigureKind, str]]:
    """Returns the guarded figures of a clause; cached, as every added sentence verifies the answer again."""
    return frozenset(figure.key for figure in figures(text, kinds=_GUARDED))


def _heads(clauses: Collection[Clause]) -> list[Clause]:
    return [clause for clause in clauses if clause.kind in (Kind.HEAD, Kind.INNER_TITLE)]
