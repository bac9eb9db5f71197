"""Converts tables of an HTML page to lines: one per data row, "发文字号：…" lines for a metadata row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.formats.html.elements import Element, Placed
from corpus.notation.phrase_table import PhraseTable
from corpus.text.source_text import CELL_JOINT, Line, SourceText, chain

# A table with a longer cell is for the page's layout; its cells contain paragraphs, not data.
_LONGEST_CELL = 1500
# "发文字号：", "索 引 号：", "标　　题" (matched without blanks)
META_KEY = re.compile(PhraseTable.read("corpus", "site_text.tsv").alternation("table_key") + "[：:]?")
_COLON = ("：", ":")


@dataclass(frozen=True, slots=True)
class _Cell:
    cell: Element
    row: Element
    table: Element


def tables_as_rows(placed: list[Placed]) -> list[Placed]:
    """Joins the lines of every data table row by row."""
    data = _data_tables(placed)
    result: list[Placed] = []
    for (row, table), group in groupby(placed, key=_row_of):
        entries = list(group)
        if row is None or table not in data:
            result += entries
        else:
            result += [Placed(line, row) for line in _lines_of(entries)]
    return result


def _cell_of(entry: Placed) -> _Cell | None:
    """The cell, row and table that contain a line; None outside of tables."""
    found: dict[str, Element] = {}
    for element in entry.element.above():
        kind = "td" if element.tag == "th" else element.tag
        if kind in ("td", "tr", "table"):
            found.setdefault(kind, element)
        if kind == "table":
            break
    if len(found) < 3:
        return None
    return _Cell(found["td"], found["tr"], found["table"])


def _row_of(entry: Placed) -> tuple[Element | None, Element | None]:
    cell = _cell_of(entry)
    return (cell.row, cell.table) if cell else (None, None)


def _data_tables(placed: Iterable[Placed]) -> set[Element]:
    layout: set[Element] = set()
    cells: dict[Element, set[Element]] = defaultdict(set)  # row → its cells with text
    rows: dict[Element, set[Element]] = defaultdict(set)  # table → its rows with text
    lengths: dict[Element, int] = defaultdict(int)
    for entry in placed:
        tables = [element for element in entry.element.above() if element.tag == "table"]
        layout.update(tables[1:])
        place = _cell_of(entry)
        if place is not None:
            rows[place.table].add(place.row)
            cells[place.row].add(place.cell)
            lengths[place.cell] += len(entry.line.text)
    return {
        table
        for table, inside in rows.items()
        if table not in layout
        and max(len(cells[row]) for row in inside) > 1
        and max(lengths[cell] for row in inside for cell in cells[row]) <= _LONGEST_CELL
    }


def _lines_of(entries: list[Placed]) -> list[Line]:
    """The line of a data row, or the lines of a metadata row."""
    texts = [
        _cell_text([entry.line for entry in group])
        for _, group in groupby(entries, key=lambda entry: getattr(_cell_of(entry), "cell", None))
    ]
    first = entries[0].line
    if not any(META_KEY.fullmatch(_key(text)) for text in texts[::2]):
        return [replace(first, source=_joined(texts, CELL_JOINT), bold=(), fixed=True)]
    lines: list[Line] = []
    key: SourceText | None = None
    for text in texts:
        if META_KEY.fullmatch(_key(text)):
            key = text
        else:
            parts = [text] if key is None else [_named(key), text]
            lines.append(replace(first, source=chain(parts), bold=(), fixed=True, heading=False))
            key = None
    return lines


def _key(text: SourceText) -> str:
    return "".join(text.text.split())


def _named(key: SourceText) -> SourceText:
    """The key without letter spacing and with a colon."""
    blanks = [index for index, char in enumerate(key.text) if char.isspace()]
    kept = chain(key.cut(index, index + 1) for index in range(len(key)) if index not in blanks)
    return kept if kept.text.endswith(_COLON) else chain([kept, SourceText.inserted("：")])


def _cell_text(lines: list[Line]) -> SourceText:
    """Joins the paragraphs of one cell, with a blank between Latin words."""
    parts = [lines[0].source]
    for line in lines[1:]:
        touching = parts[-1].text[-1:].isascii() and line.text[:1].isascii()
        parts += [SourceText.inserted(" ")] * touching + [line.source]
    return chain(parts)


def _joined(texts: list[SourceText], joint: str) -> SourceText:
    parts = [texts[0]]
    for text in texts[1:]:
        parts += [SourceText.inserted(joint), text]
    return chain(parts)
