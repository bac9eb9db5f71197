"""What of a question a sentence has the other way round: a direction, or whose a figure is.

Each is a rare but strong sign that a claim is contradicted. Places and bodies that only the question names
are none: whoever asks often names the place where they are, or a body in other words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from corpus.notation.figures import Figure, FigureKind
from corpus.notation.phrase_table import PhraseTable
from rag.evidence.differences import comparable_figures, compared_figures, equal_figures

_OPPOSITES = PhraseTable.read("rag", "opposites.tsv")
_AROUND: Final = 12  # characters before a figure that tell whose it is
_REMEMBERED: Final = 64  # pairs of a question and its best sentence, which are compared after each one read


@dataclass(frozen=True, slots=True)
class Mismatches:
    """What a question and a sentence have differently."""

    opposites: int  # words of the question whose opposite the sentence has
    moved: int  # figures of the question that the sentence has for something else


@lru_cache(maxsize=_REMEMBERED)
def mismatches(question: str, sentence: str) -> Mismatches:
    """Compares a question, without the regions and papers it is about, with a sentence."""
    return Mismatches(opposites=_opposed(question, sentence), moved=_moved(question, sentence))


def _opposed(question: str, sentence: str) -> int:
    asked, said = _sides(question), _sides(sentence)
    return sum(
        any(other.startswith(f"{pair}_") and other != f"{pair}_{side}" for other in said)
        and f"{pair}_{side}" not in said
        for pair, _, side in (sense.partition("_") for sense in asked)
    )


def _sides(text: str) -> set[str]:
    return {sense for sense in _senses() if _OPPOSITES.has(sense, text)}


@cache
def _senses() -> tuple[str, ...]:
    return tuple(_OPPOSITES.senses)


def _moved(question: str, sentence: str) -> int:
    """Returns how many figures of the question the sentence states, but of something else.

    What a figure belongs to is told by the characters before it: 前三年80%, 后两年50%.
    """
    claims, stated = compared_figures(question), compared_figures(sentence)
    around = dict(zip(map(id, stated), _contexts(sentence, stated), strict=True))
    moved = 0
    for claim, context in zip(claims, _contexts(question, claims), strict=True):
        like = [figure for figure in stated if comparable_figures(figure, claim)]
        own = [_shared(context, around[id(figure)]) for figure in like if equal_figures(figure, claim)]
        others = [_shared(context, around[id(figure)]) for figure in like if not equal_figures(figure, claim)]
        moved += bool(own) and bool(others) and max(others) > max(own)
    return moved


def _contexts(text: str, found: Sequence[Figure]) -> list[set[str]]:
    """Returns the pairs of characters before each figure, back to the one before of its kind."""
    ends: dict[FigureKind, int] = {}
    contexts = []
    for figure in found:
        start = max(ends.get(figure.kind, 0), figure.span.start - _AROUND)
        ends[figure.kind] = figure.span.end
        piece = text[start : figure.span.start]
        contexts.append({a + b for a, b in pairwise(piece) if a.isalnum() and b.isalnum()})
    return contexts


def _shared(one: set[str], other: set[str]) -> int:
    return len(one & other)
