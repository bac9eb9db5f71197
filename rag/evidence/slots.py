"""Whether a sentence of a paper has something of the kind that a question asks for: an amount, a date.

It says nothing about whose amount or date it is. The phrases are in rag/data/slots.tsv; figures and places
are recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from corpus.notation.figures import FigureKind, figures
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from rag.numbers.column_units import column_kinds
from rag.question.kinds import FactKind

_SLOTS = PhraseTable.read("rag", "slots.tsv")
_ANSWERS = PhraseTable.read("rag", "answer_words.tsv")
_FIGURES: Final[Mapping[FigureKind, frozenset[FactKind]]] = {
    FigureKind.MONEY: frozenset({FactKind.AMOUNT, FactKind.RATE_FEE}),
    FigureKind.PERCENT: frozenset({FactKind.PERCENTAGE, FactKind.RATE_FEE, FactKind.COMPARISON}),
    FigureKind.COUNT: frozenset({FactKind.COUNT}),
    FigureKind.DURATION: frozenset({FactKind.DURATION}),
    FigureKind.DATE: frozenset({FactKind.DATE}),
    FigureKind.FREQUENCY: frozenset({FactKind.FREQUENCY}),
    FigureKind.PHONE: frozenset({FactKind.CONTACT}),
}
_PHRASED: Final = (
    FactKind.PERCENTAGE,
    FactKind.DATE,
    FactKind.DURATION,
    FactKind.FREQUENCY,
    FactKind.PLACE,
    FactKind.NAME,
    FactKind.MATERIALS,
    FactKind.PROCEDURE,
    FactKind.DEFINITION,
    FactKind.COMPARISON,
    FactKind.ELIGIBILITY,
)
_REMEMBERED = 4096  # cached sentences and clauses, some kB each
_ANY: Final = frozenset({FactKind.SCOPE, FactKind.YES_NO})  # any sentence may answer these


@lru_cache(maxsize=_REMEMBERED)
def kinds_in(text: str) -> frozenset[FactKind]:
    """Returns the kinds that a sentence has something of."""
    found = {kind for kind in _PHRASED if _SLOTS.has(kind, text)} | _ANY
    for kind in {figure.kind for figure in figures(text)} | column_kinds(text):
        found |= _FIGURES.get(kind, frozenset())
    if find_divisions(text):
        found.add(FactKind.PLACE)
    if _ANSWERS.has("body", text):
        found.add(FactKind.DEPARTMENT)
    if _ANSWERS.has("where", text):
        found.add(FactKind.CONTACT)
    return frozenset(found)


def share_met(kinds: Mapping[FactKind, float], text: str) -> float:
    """Returns the probability, from 0 to 1, that a sentence has something of the kind asked for."""
    present = kinds_in(text)
    return sum(share for kind, share in kinds.items() if kind in present)
