"""Finds the rows of a table in the text of a clause, and the heads of its columns.

The cells of a row are on one line and separated by tabs (`corpus.text.source_text.CELL_JOINT`).
"""

from __future__ import annotations

from typing import Final

from corpus.model import Clause, Document, Span
from corpus.text.source_text import CELL_JOINT

_LONGEST_HEAD: Final = 30  # characters of the head of a column
_SENTENCE_MARKS: Final = "。；;：:"


def row_around(document: Document, clause: Clause, span: Span) -> Span | None:
    """Returns the row of a table that `span` is in, without blanks around it; None outside of tables."""
    row = _line_at(document, clause, span.start)
    return row if span.end <= row.end and CELL_JOINT in row.of(document.text) else None


def column_heads(document: Document, clause: Clause, row: Span) -> Span | None:
    """Returns the first row of the table with `row`, where it has heads; None where `row` is the first."""
    head, first = None, row
    while first.start > clause.start:
        above = _line_at(document, clause, first.start - 1)
        if above.start >= first.start or CELL_JOINT not in above.of(document.text):
            break
        head = first = above
    return head if head is not None and _has_heads(head.of(document.text)) else None


def last_row(document: Document, clause: Clause) -> Span | None:
    """Returns the row of a table with which the own text of the clause ends; None where it ends otherwise."""
    end = clause.start + len(document.text_of(clause).rstrip())
    return row_around(document, clause, Span(end, end)) if end > clause.start else None


def heads_only(document: Document, row: Span) -> bool:
    """Whether the row reads like the heads of columns."""
    return _has_heads(row.of(document.text))


def _has_heads(row: str) -> bool:
    """Whether the cells are short and no sentences, and the first one is no number, as in a data row."""
    cells = row.split(CELL_JOINT)
    brief = all(len(cell) <= _LONGEST_HEAD for cell in cells)
    return brief and not row[:1].isdigit() and not any(mark in row for mark in _SENTENCE_MARKS)


def _line_at(document: Document, clause: Clause, at: int) -> Span:
    """Returns the line of the clause's own text that contains the offset, without blanks around it."""
    text = document.text
    start = max(clause.start, text.rfind("\n", 0, at) + 1)
    stop = text.find("\n", at, clause.end)
    line = text[start : clause.end if stop < 0 else stop]
    return Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
