"""Writes rows as an XLSX workbook in which every text is text: no cell becomes a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from api.exports.csv_file import one_line, would_calculate

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | Decimal | None  # text; a number; nothing

_LONGEST = 32_767  # characters that a cell may have
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` is in characters."""

    title: str
    width: int = 12


def as_xlsx(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, day: date) -> bytes:
    """Returns a workbook of one sheet with that name. The same rows and day give the same bytes.

    `day` becomes the date of the workbook. A text that is longer than a cell may be ends with “…”.
    """
    import xlsxwriter  # imported here because only this format needs it

    written = io.BytesIO()
    # The content is written by type below; no text is looked at for what it might be.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
        sheet = book.add_worksheet(name)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "num_format": "@"})
        styles = _Styles(
            text=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            # Without the mark a spreadsheet would calculate the text once somebody edits the cell.
            marked=book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
            ),
            number=book.add_format({"valign": "top", "num_format": "0.####"}),
        )
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, head)
        sheet.freeze_panes(1, 0)
        last = 0
        for last, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                _write(sheet, last, at, cell, styles)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Styles:
    text: Format
    marked: Format
    number: Format


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, styles: _Styles) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), styles.number)
        return
    text = one_line(cell)
    if len(text) > _LONGEST:
        text = text[: _LONGEST - len(_CUT)] + _CUT
    sheet.write_string(row, column, text, styles.marked if would_calculate(text) else styles.text)
