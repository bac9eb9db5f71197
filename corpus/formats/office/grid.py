"""Arranges the cells of a table in columns: merged cells are repeated, heads of several rows become one.

A row must be readable alone, with the head of each column, as `corpus.structure.table_rows` quotes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from corpus.formats.office.content import Piece

_LONGEST_REPEATED = 100  # characters; a longer cell that covers several rows is given once
_LONGEST_HEAD: Final = 30  # characters of the head of a column, as in corpus.structure.table_rows
_MOST_HEAD_ROWS: Final = 4
_SENTENCE_MARKS: Final = "。；;：:"

Content = tuple[Piece, ...]
EMPTY: Final[Content] = ()


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell in its column."""

    column: int
    content: Content
    columns: int = 1  # how many it covers
    goes_on: bool = False  # the lower part of a cell that covers several rows

    @property
    def text(self) -> str:
        return text_of(self.content)


def text_of(content: Content) -> str:
    return "".join(piece.text for piece in content).strip()


def rows_of(grid: Sequence[Sequence[GridCell]], *, marked_heads: int = 0) -> list[list[Content]]:
    """The contents of each row, one for each column up to the last that is filled.

    `marked_heads`: number of rows at the top that the file marks as heads.
    """
    filled = _with_repeats(grid)
    first = next((at for at, row in enumerate(grid) if len(row) > 1), len(grid))
    heads = _head_rows(grid[first : first + _MOST_HEAD_ROWS + 1], marked_heads - first)
    if heads < 2:
        return [_contents(row) for row in filled]
    head = _joined_heads(filled[first : first + heads])
    return [*map(_contents, filled[:first]), head, *map(_contents, filled[first + heads :])]


def _with_repeats(grid: Sequence[Sequence[GridCell]]) -> list[list[GridCell]]:
    """The rows, in which the lower parts of a cell that covers several rows have its content."""
    above: dict[int, GridCell] = {}
    result = []
    for row in grid:
        complete = []
        for cell in row:
            upper = above.get(cell.column)
            if cell.goes_on and upper is not None:
                brief = len(upper.text) <= _LONGEST_REPEATED
                cell = GridCell(cell.column, upper.content if brief else EMPTY, cell.columns, True)
            else:
                above[cell.column] = cell
            complete.append(cell)
        result.append(complete)
    return result


def _head_rows(top: Sequence[Sequence[GridCell]], marked: int) -> int:
    """How many rows the heads take: more than one where the head of several columns is divided below it."""
    if not top or len(top) < 2 or not any(cell.columns > 1 for cell in top[0]):
        return 1
    count = 1
    while count < len(top) - 1 and any(cell.goes_on for cell in top[count]):
        count += 1
    count = min(max(count, marked), _MOST_HEAD_ROWS, len(top) - 1)
    return count if all(_is_head(cell.text) for row in top[:count] for cell in row) else 1


def _is_head(text: str) -> bool:
    brief = len(text) <= _LONGEST_HEAD and not any(mark in text for mark in _SENTENCE_MARKS)
    return brief and not text[:1].isdigit()


def _joined_heads(rows: Sequence[Sequence[GridCell]]) -> list[Content]:
    """One head for each column: what stands above it in all rows, from top to bottom."""
    result: list[Content] = []
    covering = [
        {at: cell for cell in row for at in range(cell.column, cell.column + cell.columns)} for row in rows
    ]
    width = max((max(columns, default=-1) + 1 for columns in covering), default=0)
    last: tuple[str, ...] = ()
    for column in range(width):
        cells = [columns[column] for columns in covering if column in columns]
        texts = tuple(text for text, _ in groupby(cell.text for cell in cells) if text)
        own = cells[-1] if cells else None
        begins = own is None or own.column == column or texts != last
        result.append((Piece(" ".join(texts)),) if begins and texts else EMPTY)
        last = texts
    return _trimmed(result)


def _contents(row: Sequence[GridCell]) -> list[Content]:
    width = max((cell.column for cell in row), default=-1) + 1
    result = [EMPTY] * width
    for cell in row:
        result[cell.column] = cell.content
    return _trimmed(result)


def _trimmed(contents: list[Content]) -> list[Content]:
    end = len(contents)
    while end and not text_of(contents[end - 1]):
        end -= 1
    return contents[:end]
