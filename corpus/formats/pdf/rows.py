"""Makes the rows of a table of its grid and the characters in its cells."""

from __future__ import annotations

from dataclasses import replace

from corpus.formats.pages.lines import Cell, PageLine, TableRow
from corpus.formats.pdf.content import Glyph
from corpus.formats.pdf.lines import OnPage, Piece, line_of, pieces_of
from corpus.formats.pdf.tables import Filled, Grid

_LONGEST_HEAD = 30  # characters of the head of a column
_ONE_LINE = 0.4  # of the size of a character, by which baselines of one line differ


def rows_of(table: Filled, on_page: OnPage) -> tuple[TableRow, ...]:
    """The rows. A cell over several rows is a part of each of them, so that a row says all that it means.

    Rows of heads, of which some are over several columns, become one: each head with those above it.
    """
    grid = table.grid
    texts = {number: _lines(glyphs, on_page) for number, glyphs in table.glyphs.items()}
    depth = 1 if grid.open_above else _head_rows(grid, texts)
    rows = []
    if depth > 1:
        rows.append(TableRow(tuple(_path(grid, texts, column, depth) for column in _columns(grid, depth))))
    for row in range(depth if depth > 1 else 0, len(grid.ys) - 1):
        numbers = dict.fromkeys(grid.squares[row, column] for column in range(len(grid.xs) - 1))
        if any(grid.cells[number].top == row and number in texts for number in numbers):
            rows.append(TableRow(tuple((texts[number],) if number in texts else () for number in numbers)))
    if rows and grid.open_above:
        rows[0] = replace(rows[0], cut_above=True)
    if rows and grid.open_below:
        rows[-1] = replace(rows[-1], cut_below=True)
    return tuple(rows)


def _lines(glyphs: list[Glyph], on_page: OnPage) -> tuple[PageLine, ...]:
    lines: list[list[Piece]] = []
    for piece in pieces_of(glyphs):
        if lines and abs(piece.base - lines[-1][0].base) < _ONE_LINE * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(line_of(sorted(line, key=lambda piece: piece.box[0]), on_page) for line in lines)


def _head_rows(grid: Grid, texts: dict[int, tuple[PageLine, ...]]) -> int:
    """Number of rows of the head: several where heads over several columns have heads below them; else 1."""
    cells = [grid.cells[grid.squares[0, column]] for column in range(len(grid.xs) - 1)]
    depth = max(cell.bottom for cell in cells)
    wide = [cell for cell in cells if cell.right - cell.left > 1 and cell.bottom < depth]
    split = all(cell.bottom == depth or cell in wide for cell in cells)
    if depth < 2 or depth >= len(grid.ys) - 1 or not wide or not split:
        return 1
    heads = {grid.squares[row, column] for row in range(depth) for column in range(len(grid.xs) - 1)}
    if any(grid.cells[number].bottom > depth for number in heads):
        return 1
    lengths = [sum(len(line.text) for line in texts.get(number, ())) for number in heads]
    return depth if max(lengths) <= _LONGEST_HEAD else 1


def _columns(grid: Grid, depth: int) -> list[int]:
    """The columns of the grid at which a cell of the lowest row of heads begins."""
    return sorted({grid.cells[grid.squares[depth - 1, column]].left for column in range(len(grid.xs) - 1)})


def _path(grid: Grid, texts: dict[int, tuple[PageLine, ...]], column: int, depth: int) -> Cell:
    """The heads of a column from the outermost to its own."""
    numbers = dict.fromkeys(grid.squares[row, column] for row in range(depth))
    return tuple(texts[number] for number in numbers if number in texts)
