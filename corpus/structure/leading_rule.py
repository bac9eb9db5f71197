"""Finds where a paper says that of the units named for a task the first one leads."""

from __future__ import annotations

import re

from corpus.model import Document
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.units import Unit, units

_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
# "位列第一的为牵头单位，下同", "各任务责任单位中排第一位的为牵头单位"
_RULE = re.compile(rf"{_TABLE.alternation('leads_first')}[^。；\n）)]{{0,12}}(?:为|是|作为)?牵头")


def states_leading_rule(document: Document) -> bool:
    """Whether the paper says, in any clause, that the unit named first leads."""
    return any(_RULE.search(document.text, clause.start, clause.end) for clause in document.clauses)


def leading_rule(document: Document) -> Unit | None:
    """Returns the sentence or bracket that says so, the first in the paper; None where none does."""
    for clause in document.clauses:
        rule = _RULE.search(document.text, clause.start, clause.end)
        if rule is None:
            continue
        for unit in units(document, clause):
            if unit.span.start <= rule.start() and rule.end() <= unit.span.end:
                return unit
    return None
