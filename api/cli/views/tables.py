"""Prints tables of support facts in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from api.terminal import plain

if TYPE_CHECKING:
    from api.wire.reply_schemas import FactRow, FactTable

_ANY_WIDTH = 10_000  # columns; more than any table needs
_BETWEEN = "  "  # cells of a row in lines


def show_fact_table(
    console: Console, table: FactTable, *, statuses: Mapping[str, str], corrected: str
) -> None:
    """Prints a line a fact, or one for each of its cells where the width is not enough for all.

    `statuses` are the names of those that a reader has to know of, such as draft; `corrected` is the mark of
    a fact that an editor has corrected.
    """
    grid = Table(box=None, pad_edge=False)
    for label in ("", *(column.label for column in table.columns)):
        grid.add_column(label, overflow="fold")
    for row in table.rows:
        found = {cell.column: cell.text for cell in row.cells}
        cells = (found.get(column.name, "") for column in table.columns)
        grid.add_row(*map(plain, (_place(row, statuses, corrected), *cells)))
    if console.measure(grid, options=console.options.update(width=_ANY_WIDTH)).maximum <= console.width:
        console.print(grid)
    else:
        _show_lines(console, table, statuses, corrected)
    console.print()


def _show_lines(console: Console, table: FactTable, statuses: Mapping[str, str], corrected: str) -> None:
    labels = {column.name: column.label for column in table.columns}
    for row in table.rows:
        console.print(plain(_place(row, statuses, corrected), "bold"))
        for cell in row.cells:
            line = plain(labels[cell.column] + _BETWEEN, "dim") + plain(cell.text)
            console.print(Padding(line, (0, 0, 0, 2)))


def _place(row: FactRow, statuses: Mapping[str, str], corrected: str) -> str:
    marks = (statuses.get(row.cited.status), corrected if row.corrected else None)
    return f"{row.cited.region or row.cited.title} {row.cited.label}" + "".join(f" [{m}]" for m in marks if m)
