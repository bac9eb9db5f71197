"""Reads Excel workbooks (.xlsx, .xlsm): each sheet as a table of the values displayed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from corpus.errors import UnreadableDocument
from corpus.formats.office.content import Piece
from corpus.formats.office.excel.sheets import MAIN, Sheet, Values, formats_of, sheet_of, strings_of
from corpus.formats.office.grid import GridCell, rows_of
from corpus.formats.office.package import RESAVE, Package, opened
from corpus.formats.office.writing import TextWriter
from corpus.formats.received import ReadText, Received

_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_CELLS: Final = 300_000  # of a workbook, with those that merged cells cover
_DEFAULT_NAME: Final = "sheet"
# Parts that are not read: code of the notice, name of the part.
_REPORTED: Final = (
    ("macros", re.compile(r"xl/vbaproject\.bin")),
    ("comments", re.compile(r"xl/(?:threaded)?comments")),
    ("pictures", re.compile(r"xl/media/")),
)


class _Budget:
    """Counts cells. Raises UnreadableDocument when there are more than a paper can have."""

    def __init__(self, name: str) -> None:
        self._name, self._cells = name, 0

    def spend(self, cells: int) -> None:
        self._cells += cells
        if self._cells > _MOST_CELLS:
            reason = f"it has more than {_MOST_CELLS:,} cells"
            raise UnreadableDocument(
                self._name, reason, "Save the sheets that are needed as a file of their own"
            )


def read(received: Received) -> ReadText:
    """Reads a workbook. Raises UnreadableDocument for a damaged file, one without values, or a bomb."""
    with opened(received.data, name=received.name) as package:
        original, extracted = _written(package).extracted()
    if not extracted.lines:
        raise UnreadableDocument(received.name, "its sheets are empty", "Check that the right file was given")
    return ReadText(original, "utf-8", extracted)


def _written(package: Package) -> TextWriter:
    main = package.linked("", "officeDocument") or "xl/workbook.xml"
    if main not in package:
        raise UnreadableDocument(package.name, "it is no Excel workbook (.xlsx): it lists no sheets", RESAVE)
    workbook = package.xml(main)

    def part(kind: str) -> Element | None:
        name = package.linked(main, kind)
        return package.xml(name) if name is not None else None

    properties = workbook.find(f"{MAIN}workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    values = Values(strings_of(part("sharedStrings")), formats_of(part("styles")), from_1904)
    targets = {link.id: link.target for link in package.relationships(main) if not link.external}
    writer, budget = TextWriter(package.name), _Budget(package.name)
    for code, pattern in _REPORTED:
        if any(pattern.match(name) for name in package.parts()):
            writer.finding(code)
    listed = [
        (element, targets.get(element.get(_ID, ""), ""))
        for element in workbook.iterfind(f"{MAIN}sheets/{MAIN}sheet")
    ]
    for element, target in listed:
        if target not in package or "worksheets/" not in target.lower():
            continue  # charts and macro sheets have no cells
        if element.get("state", "visible") != "visible":
            writer.finding("hidden_cells")
            continue
        sheet = sheet_of(package.xml(target), values, count=budget.spend)
        if sheet.hidden:
            writer.finding("hidden_cells")
        if sheet.uncomputed:
            writer.finding("uncomputed")
        title = element.get("name", "").strip()
        if sheet.rows and len(listed) > 1 and not title.lower().startswith(_DEFAULT_NAME):
            writer.line(title)
        for contents in rows_of(list(_grid(sheet, budget))):
            writer.row(contents)
    return writer


def _grid(sheet: Sheet, budget: _Budget) -> Iterator[list[GridCell]]:
    """Yields the rows, without columns that are empty in the whole sheet."""
    used = sorted({column for cells in sheet.rows.values() for column in cells})
    numbers = sorted(sheet.rows)
    spans, below = _merged(sheet, used, numbers, budget)
    for number in numbers:
        row = {at: GridCell(at, (), columns, goes_on=True) for at, columns in below.get(number, {}).items()}
        for column, text in sheet.rows[number].items():
            at = bisect_left(used, column)
            row[at] = GridCell(at, (Piece(text),), spans.get((number, column), 1))
        budget.spend(max(row) + 1)
        yield [row[at] for at in sorted(row)]


def _merged(
    sheet: Sheet, used: list[int], numbers: list[int], budget: _Budget
) -> tuple[dict[tuple[int, int], int], dict[int, dict[int, int]]]:
    """Columns that the cell at (row, column) covers; and for rows further down, place → columns covered."""
    spans: dict[tuple[int, int], int] = {}
    below: dict[int, dict[int, int]] = defaultdict(dict)
    for top, left, bottom, right in sheet.merged:
        if left not in sheet.rows.get(top, {}):
            continue
        at = bisect_left(used, left)
        spans[top, left] = columns = max(1, bisect_right(used, right) - at)
        rows = numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]
        budget.spend(len(rows))
        for number in rows:
            below[number][at] = columns
    return spans, below
