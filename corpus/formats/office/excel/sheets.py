"""Reads the cells of a worksheet as displayed text, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.excel.cell_values import BUILT_IN, shown

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# "AB12"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")  # characters that XML does not have
_BLANKS: Final = re.compile(r"[\t\r\n]+")
_MOST_COLUMNS: Final = 26**3 + 26**2 + 26 + 1  # that three letters can name, and none for 0
_ON: Final = ("1", "true")


@dataclass(frozen=True, slots=True)
class Values:
    """What the cells of all sheets refer to."""

    strings: list[str]
    formats: list[str]  # number format of each cell style
    from_1904: bool


@dataclass(slots=True)
class Sheet:
    """The displayed cells: row → column → text. Rows and columns count from 1."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # first row, column, last row, column
    hidden: bool = False  # whether rows or columns are left out
    uncomputed: bool = False  # whether formulas have no stored value


def strings_of(root: Element | None) -> list[str]:
    """The shared strings, without phonetic guides."""
    return [_rich_text(item) for item in root.iterfind(f"{MAIN}si")] if root is not None else []


def formats_of(root: Element | None) -> list[str]:
    """The number format of each cell style."""
    if root is None:
        return []
    own = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in root.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")
    }
    styles = [element.get("numFmtId", "0") for element in root.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    known = {str(number): code for number, code in BUILT_IN.items()}
    return [_unless_general(own.get(name, known.get(name, ""))) for name in styles]


def _unless_general(code: str) -> str:
    return "" if code.lower() == "general" else code


def sheet_of(root: Element, values: Values, *, count: Callable[[int], None]) -> Sheet:
    """Reads a worksheet. `count` is told the number of cells, and may raise."""
    sheet = Sheet()
    hidden = _hidden_columns(root)
    rows = root.findall(f"{MAIN}sheetData/{MAIN}row")
    count(sum(map(len, rows)))
    number = 0
    for row in rows:
        number = _int(row.get("r")) or number + 1
        cells = dict(_cells(row, values))
        if row.get("hidden") in _ON:
            sheet.hidden = sheet.hidden or bool(cells)
            continue
        sheet.uncomputed = sheet.uncomputed or (len(cells) < len(row) and any(map(_is_uncomputed, row)))
        kept = {at: text for at, text in cells.items() if not hidden[at]}
        sheet.hidden = sheet.hidden or len(kept) < len(cells)
        if kept:
            sheet.rows[number] = kept
    for element in root.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell"):
        first, _, last = element.get("ref", "").partition(":")
        corners = _place(first), _place(last)
        if corners[0] is not None and corners[1] is not None:
            sheet.merged.append((*corners[0], *corners[1]))
    return sheet


def _is_uncomputed(cell: Element) -> bool:
    return cell.find(f"{MAIN}f") is not None and not cell.findtext(f"{MAIN}v")


def _hidden_columns(root: Element) -> bytearray:
    """For each number of a column whether it is hidden."""
    hidden = bytearray(_MOST_COLUMNS)
    for element in root.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, last = _int(element.get("min")), min(_int(element.get("max")), _MOST_COLUMNS - 1)
        if element.get("hidden") in _ON and first <= last:
            hidden[first : last + 1] = b"\x01" * (last + 1 - first)
    return hidden


def _cells(row: Element, values: Values) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row.iterfind(f"{MAIN}c"):
        place = _place(cell.get("r", ""))
        column = place[1] if place is not None else min(column + 1, _MOST_COLUMNS - 1)
        text = _BLANKS.sub(" ", _text_of(cell, values)).strip()
        if text:
            yield column, text


def _text_of(cell: Element, values: Values) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{MAIN}is")
        return _rich_text(inline) if inline is not None else ""
    written = (cell.findtext(f"{MAIN}v") or "").strip()
    if kind == "s":
        at = _int(written) if written != "0" else 0
        return values.strings[at] if (at or written == "0") and at < len(values.strings) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(written, written)
    if kind == "n":
        style = _int(cell.get("s"))
        code = values.formats[style] if style < len(values.formats) else ""
        return shown(written, code, from_1904=values.from_1904)
    return _unescaped(written)


def _rich_text(item: Element) -> str:
    runs = [item, *item.iterfind(f"{MAIN}r")]
    return _unescaped("".join(run.findtext(f"{MAIN}t") or "" for run in runs))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _character(int(match[1], 16)), text) if "_x" in text else text


def _character(code: int) -> str:
    return chr(code) if code in (9, 10, 13) or 0x20 <= code < 0xD800 or code >= 0xE000 else ""


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of "AB12"; None for anything else."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _int(written: str | None) -> int:
    written = written or ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0
