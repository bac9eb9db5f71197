"""Pages as JSON, between the process that reads a PDF and the one that asked for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from corpus.formats.pages.lines import Page, PageLine, TableRow
from corpus.model import Notice, Span


def to_json(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Each line once; items of the page are numbers of lines, or for a row its cells of such numbers."""
    return [_page(page) for page in pages]


def from_json(pages: list[dict[str, Any]]) -> list[Page]:
    """The pages. A line that is in several rows is the same object in each."""
    return [_from_page(page) for page in pages]


def _page(page: Page) -> dict[str, Any]:
    numbers: dict[int, int] = {}
    lines: list[list[Any]] = []

    def number(line: PageLine) -> int:
        if id(line) not in numbers:
            numbers[id(line)] = len(lines)
            lines.append(_line(line))
        return numbers[id(line)]

    items = [
        number(line) if isinstance(line, PageLine) else [_cells(line, number), line.cut_above, line.cut_below]
        for line in page.lines
    ]
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "lines": lines,
        "items": items,
    }


def _cells(row: TableRow, number: Callable[[PageLine], int]) -> list[list[list[int]]]:
    return [[[number(each) for each in lines] for lines in cell] for cell in row.cells]


def _line(line: PageLine) -> list[Any]:
    notices = [[each.code, each.message, each.span.start, each.span.end] for each in line.notices]
    return [line.text, line.box, line.size, line.shown, line.column, line.turn, line.left_out, notices]


def _from_page(page: dict[str, Any]) -> Page:
    lines = [_from_line(*line) for line in page["lines"]]
    items: list[PageLine | TableRow] = []
    for item in page["items"]:
        if isinstance(item, int):
            items.append(lines[item])
        else:
            row, cut_above, cut_below = item
            cells = (tuple(tuple(lines[at] for at in part) for part in cell) for cell in row)
            items.append(TableRow(tuple(cells), cut_above, cut_below))
    return Page(page["number"], tuple(items), page["width"], page["height"])


def _from_line(
    text: str,
    box: Any,
    size: float,
    shown: Any,
    column: int,
    turn: int,
    left_out: str,
    notices: list[tuple[str, str, int, int]],
) -> PageLine:
    return PageLine(
        text,
        tuple(box),
        size,
        tuple(Notice(code, message, Span(start, end)) for code, message, start, end in notices),
        tuple(shown) if shown else None,
        column,
        turn,
        left_out,
    )
