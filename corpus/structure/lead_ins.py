"""Finds the words that an item hangs on: 有下列行为之一的，一次记15分： above （一）."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from corpus.model import Clause, Document, Kind, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.table_rows import column_heads, heads_only, last_row
from corpus.structure.units import UnitKind, units
from corpus.text.source_text import CELL_JOINT

_PROVISIONS: Final = PhraseTable.read("corpus", "provisions.tsv")
_COLONS: Final = ("：", ":")
# Other parts of a paper are not items and have none.
_NUMBERED: Final = frozenset({Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM})


@dataclass(frozen=True, slots=True)
class LeadIn:
    """The sentence of a clause that the clauses below it complete. `span` points into `Document.text`."""

    clause: Clause
    span: Span


class LeadIns:
    """What the clauses of one document hang on; each sentence is looked up once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._by_id = {one.id: one for one in document.clauses}
        self._introducing: dict[str, Span | None] = {}

    def of(self, clause: Clause) -> list[LeadIn]:
        """Returns what `clause` hangs on, from the top; empty where its text can be read alone.

        These are sentences that end with a colon or announce items (有下列行为之一的，依法处理。), and the
        column heads above a row that is a clause of its own.
        """
        found: list[LeadIn] = []
        below = clause
        while (above := _above(below, self._by_id)) is not None:
            span = self._sentence_of(above) or _heads_above(self._document, above, below)
            if span is None:
                break
            found.insert(0, LeadIn(above, span))
            below = above
        return found

    def _sentence_of(self, above: Clause) -> Span | None:
        if above.id not in self._introducing:
            self._introducing[above.id] = _introducing(self._document, above)
        return self._introducing[above.id]


def lead_ins(document: Document, clause: Clause) -> list[LeadIn]:
    """Returns what one clause hangs on, from the top; empty where its text can be read alone."""
    return LeadIns(document).of(clause)


def _above(clause: Clause, by_id: Mapping[str, Clause]) -> Clause | None:
    above = by_id.get(clause.parent) if clause.parent else None
    if above is None or not {clause.kind, above.kind} <= _NUMBERED:
        return None
    # A paragraph of the 条 after its items continues the 条, not the sentence above the items.
    return None if clause.path == above.path else above


def _introducing(document: Document, clause: Clause) -> Span | None:
    """Returns the last sentence of the clause's own text if it ends with a colon, else the one with 下列."""
    own = [unit.span for unit in units(document, clause) if unit.kind is not UnitKind.UNITS]
    if own and own[-1].of(document.text).endswith(_COLONS):
        return own[-1]
    announcing = [span for span in own if _PROVISIONS.has("announces", span.of(document.text))]
    return announcing[-1] if announcing else None


def _heads_above(document: Document, above: Clause, below: Clause) -> Span | None:
    row = last_row(document, above) if CELL_JOINT in document.text_of(below) else None
    if row is None:
        return None
    first = column_heads(document, above, row)
    return first if first is not None else row if heads_only(document, row) else None
