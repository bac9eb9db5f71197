"""Whether a sentence of a paper has something of the kind that a question asks for: an amount, a date.

It says nothing about whose amount or date it is. The phrases are in rag/data/slots.tsv; figures and places
are recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from rag.numbers.figures import FigureKind, figures
from rag.question.kinds import Kind

_SLOTS = PhraseTable.read("rag", "slots.tsv")
_ANSWERS = PhraseTable.read("rag", "answer_words.tsv")
_FIGURES: Final[Mapping[FigureKind, frozenset[Kind]]] = {
    FigureKind.MONEY: frozenset({Kind.AMOUNT, Kind.RATE_FEE}),
    FigureKind.PERCENT: frozenset({Kind.PERCENTAGE, Kind.RATE_FEE, Kind.COMPARISON}),
    FigureKind.COUNT: frozenset({Kind.COUNT}),
    FigureKind.DURATION: frozenset({Kind.DURATION}),
    FigureKind.DATE: frozenset({Kind.DATE}),
    FigureKind.FREQUENCY: frozenset({Kind.FREQUENCY}),
    FigureKind.PHONE: frozenset({Kind.CONTACT}),
}
_PHRASED: Final = (
    Kind.PERCENTAGE,
    Kind.DATE,
    Kind.DURATION,
    Kind.FREQUENCY,
    Kind.PLACE,
    Kind.NAME,
    Kind.MATERIALS,
    Kind.PROCEDURE,
    Kind.DEFINITION,
    Kind.COMPARISON,
    Kind.ELIGIBILITY,
)
_ANY: Final = frozenset({Kind.SCOPE, Kind.YES_NO})  # any sentence may answer these


def kinds_in(text: str) -> frozenset[Kind]:
    """Returns the kinds that a sentence has something of."""
    found = {kind for kind in _PHRASED if _SLOTS.has(kind, text)} | _ANY
    for figure in figures(text):
        found |= _FIGURES.get(figure.kind, frozenset())
    if find_divisions(text):
        found.add(Kind.PLACE)
    if _ANSWERS.has("body", text):
        found.add(Kind.DEPARTMENT)
    if _ANSWERS.has("where", text):
        found.add(Kind.CONTACT)
    return frozenset(found)


def share_met(kinds: Mapping[Kind, float], text: str) -> float:
    """Returns the probability, from 0 to 1, that a sentence has something of the kind asked for."""
    present = kinds_in(text)
    return sum(share for kind, share in kinds.items() if kind in present)
