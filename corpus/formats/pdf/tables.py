"""Tables with ruling lines: the grid that the lines make, its cells, and the characters in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.formats.pdf.content import Box, Glyph, Ruling

_NEAR = 3.0  # points; rulings so near to each other are one
_OPEN = 8.0  # points by which the sides of a table reach beyond its rows where a row is cut
_COVERED = 0.9  # share of the side of a cell that its ruling covers
_MOST_LINES = 400  # of one direction in one table
_MOST_SQUARES = 20_000  # of one table
_MOST_GRIDS = 40  # of one page


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the rows and columns of the grid that it covers, the last ones excluded."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `squares` maps each (row, column) of the grid to the number of the cell that covers it."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]
    squares: dict[tuple[int, int], int]
    open_above: bool = False  # its upright rulings go on beyond the first level one, to the page before
    open_below: bool = False

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell that contains the point."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.squares.get((row, column))

    def box_of(self, cell: Cell) -> Box:
        return self.xs[cell.left], self.ys[cell.top], self.xs[cell.right], self.ys[cell.bottom]


@dataclass(frozen=True, slots=True)
class _Line:
    """A ruling in one direction: its position across, and where it begins and ends."""

    at: float
    start: float
    end: float


def grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The grids with at least two columns, from top to bottom."""
    level = _merged(_Line(line.y0, line.x0, line.x1) for line in rulings if line.y0 == line.y1)
    upright = _merged(_Line(line.x0, line.y0, line.y1) for line in rulings if line.x0 == line.x1)
    found = [_grid(rows, columns) for rows, columns in _connected(level, upright)]
    ordered = sorted((grid for grid in found if grid is not None), key=lambda grid: (grid.ys[0], grid.xs[0]))
    return ordered[:_MOST_GRIDS]


def _merged(lines: Iterable[_Line]) -> list[_Line]:
    """Lines side by side or end to end as one."""
    merged: list[_Line] = []
    # Positions that differ a little count as one, so that the pieces of one line come one after the other.
    ordered = sorted(lines, key=lambda line: line.at)
    group: list[_Line] = []
    for line in [*ordered, None]:
        if line is not None and (not group or line.at - group[0].at <= _NEAR):
            group.append(line)
            continue
        at = sum(each.at for each in group) / len(group) if group else 0.0
        for each in sorted(group, key=lambda each: each.start):
            if merged and merged[-1].at == at and each.start <= merged[-1].end + _NEAR:
                merged[-1] = _Line(at, merged[-1].start, max(merged[-1].end, each.end))
            else:
                merged.append(_Line(at, each.start, each.end))
        group = [line] if line is not None else []
    return merged


def _connected(level: list[_Line], upright: list[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """Groups of lines that cross or touch each other."""
    if len(level) > 2 * _MOST_LINES or len(upright) > 2 * _MOST_LINES:
        return []
    above = list(range(len(level) + len(upright)))

    def root(node: int) -> int:
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    for i, row in enumerate(level):
        for j, column in enumerate(upright, len(level)):
            crosses = row.start - _NEAR <= column.at <= row.end + _NEAR
            if crosses and column.start - _NEAR <= row.at <= column.end + _NEAR:
                above[root(i)] = root(j)
    groups: dict[int, tuple[list[_Line], list[_Line]]] = defaultdict(lambda: ([], []))
    for node in range(len(above)):
        lines, kind = (level, 0) if node < len(level) else (upright, 1)
        groups[root(node)][kind].append(lines[node - kind * len(level)])
    return list(groups.values())


def _grid(rows: list[_Line], columns: list[_Line]) -> Grid | None:
    ys, xs = sorted({row.at for row in rows}), sorted({column.at for column in columns})
    closing = _closing(ys, xs, columns)
    rows = [*rows, *closing]
    open_above, open_below = (any(line.at == at for line in closing) for at in _ends(columns))
    ys = sorted({row.at for row in rows})
    if len(ys) < 2 or len(xs) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MOST_SQUARES:
        return None
    below, beside = _by_place(rows), _by_place(columns)
    names = {(i, j): (i, j) for i in range(len(ys) - 1) for j in range(len(xs) - 1)}

    def root(square: tuple[int, int]) -> tuple[int, int]:
        while names[square] != square:
            names[square] = names[names[square]]
            square = names[square]
        return square

    for i, (top, bottom) in enumerate(pairwise(ys)):
        for j, (left, right) in enumerate(pairwise(xs)):
            if j + 1 < len(xs) - 1 and not _is_ruled(beside[right], top, bottom):
                names[root((i, j + 1))] = root((i, j))
            if i + 1 < len(ys) - 1 and not _is_ruled(below[bottom], left, right):
                names[root((i + 1, j))] = root((i, j))
    grid = _with_cells(tuple(xs), tuple(ys), {square: root(square) for square in names})
    return replace(grid, open_above=open_above, open_below=open_below) if grid is not None else None


def _ends(columns: list[_Line]) -> tuple[float, float]:
    """Where the upright rulings begin and end."""
    return min((column.start for column in columns), default=0), max(
        (column.end for column in columns), default=0
    )


def _closing(ys: list[float], xs: list[float], columns: list[_Line]) -> list[_Line]:
    """The level lines that a row cut by a page break lacks: where both sides of the table go on."""
    if not ys or len(xs) < 2:
        return []
    sides = [[column for column in columns if column.at == at] for at in (xs[0], xs[-1])]
    first, last = _ends(columns)
    lines = []
    if first < ys[0] - _OPEN and all(min(each.start for each in side) <= first + _NEAR for side in sides):
        lines.append(_Line(first, xs[0], xs[-1]))
    if last > ys[-1] + _OPEN and all(max(each.end for each in side) >= last - _NEAR for side in sides):
        lines.append(_Line(last, xs[0], xs[-1]))
    return lines


def _by_place(lines: list[_Line]) -> dict[float, list[_Line]]:
    found: dict[float, list[_Line]] = defaultdict(list)
    for line in lines:
        found[line.at].append(line)
    return found


def _is_ruled(lines: list[_Line], start: float, end: float) -> bool:
    """Whether the side of a square from start to end has a line. `lines` are in order and apart."""
    at = bisect_left(lines, end, key=lambda line: line.start) - 1
    if at < 0:
        return False
    covered = min(end, lines[at].end) - max(start, lines[at].start)
    return covered >= _COVERED * (end - start)


def _with_cells(
    xs: tuple[float, ...], ys: tuple[float, ...], roots: dict[tuple[int, int], tuple[int, int]]
) -> Grid | None:
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for square in sorted(roots):
        members[roots[square]].append(square)
    cells = []
    squares = {}
    for number, inside in enumerate(members.values()):
        rows, columns = zip(*inside, strict=True)
        cells.append(Cell(min(rows), max(rows) + 1, min(columns), max(columns) + 1))
        squares.update(dict.fromkeys(inside, number))
    return Grid(xs, ys, tuple(cells), squares) if len({cell.left for cell in cells}) > 1 else None


@dataclass(frozen=True, slots=True)
class Filled:
    """A grid with the characters of each cell that has any."""

    grid: Grid
    glyphs: dict[int, list[Glyph]]

    @property
    def box(self) -> Box:
        return self.grid.box


def filled(grids: Sequence[Grid], glyphs: Sequence[Glyph]) -> tuple[list[Filled], list[Glyph]]:
    """The tables with their characters, and the characters outside of tables.

    A grid in which no row has text in two cells is a frame around a text, not a table.
    """
    inside: list[dict[int, list[Glyph]]] = [defaultdict(list) for _ in grids]
    placed: list[tuple[int, Glyph]] = []  # number of the grid, -1 outside
    for glyph in glyphs:
        x, y = (glyph.box[0] + glyph.box[2]) / 2, glyph.base[1] - 0.3 * glyph.size
        for number, grid in enumerate(grids):
            cell = grid.cell_at(x, y)
            if cell is not None:
                inside[number][cell].append(glyph)
                placed.append((number, glyph))
                break
        else:
            placed.append((-1, glyph))
    tables = {
        number
        for number, (grid, cells) in enumerate(zip(grids, inside, strict=True))
        if _is_table(grid, cells)
    }
    found = [Filled(grids[number], dict(inside[number])) for number in sorted(tables)]
    return found, [glyph for number, glyph in placed if number not in tables]


def _is_table(grid: Grid, cells: dict[int, list[Glyph]]) -> bool:
    texts = {number for number, inside in cells.items() if any(not each.char.isspace() for each in inside)}
    starts = [grid.cells[number].top for number in texts]
    return len(starts) > len(set(starts))
