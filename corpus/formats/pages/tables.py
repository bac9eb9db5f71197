"""Follows a table over pages: heads that are repeated, rows that are cut, cells that go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.formats.pages.lines import Cell, PageLine, TableRow, text_of
from corpus.model import Span
from corpus.text.sentences import ends_sentence

_SHORT = 8  # characters; a shorter text ("500万元") is whole without a mark at its end


def lines_in(line: PageLine | TableRow) -> Iterator[PageLine]:
    """The line itself, or the lines of a row."""
    if isinstance(line, PageLine):
        yield line
    else:
        for cell in line.cells:
            for lines in cell:
                yield from lines


@dataclass(slots=True)
class Table:
    """The rows of a table as far as they are read, and where each of their lines is in the original."""

    spans: dict[int, Span] = field(default_factory=dict)  # by id() of the line, which `rows` keep alive
    rows: list[TableRow] = field(default_factory=list)
    page: int = 0  # of the last row

    def add(self, row: TableRow, *, page: int) -> None:
        self.rows.append(row)
        self.page = page

    def repeats_head(self, row: TableRow, *, page: int) -> bool:
        """Whether the row is the head of the table once more, at the top of another page."""
        return bool(self.rows) and page != self.page and row.texts == self.rows[0].texts

    def continues(self, row: TableRow, *, page: int) -> bool:
        """Whether the row is the rest of the last one, which a page break cuts.

        The rulings show it, or that it is cut within a sentence.
        """
        if self._fits(row, page=page) and self.rows[-1].cut_below and row.cut_above:
            return True
        if not self._follows(row, page=page):
            return False
        both = ((text_of(a), text_of(b)) for a, b in zip(self.rows[-1].cells, row.cells, strict=True))
        return any(len(above) >= _SHORT and below and not _ends(above) for above, below in both)

    def joined(self, row: TableRow) -> TableRow:
        """The last row with the rest of it."""
        last = self.rows[-1]
        cells = tuple(_joined(a, b) for a, b in zip(last.cells, row.cells, strict=True))
        return replace(row, cells=cells, cut_above=last.cut_above)

    def completed(self, row: TableRow, *, page: int) -> TableRow:
        """The row with the first cells of the last row where its own are on the page before."""
        if not self._follows(row, page=page):
            return row
        cells = list(row.cells)
        for at, above in enumerate(self.rows[-1].cells):
            if text_of(cells[at]):
                break
            cells[at] = above
        return replace(row, cells=tuple(cells))

    def _follows(self, row: TableRow, *, page: int) -> bool:
        return self._fits(row, page=page) and not text_of(row.cells[0]) and any(row.texts)

    def _fits(self, row: TableRow, *, page: int) -> bool:
        """Whether the row is at the top of another page and has the columns of the last one."""
        return bool(self.rows) and page != self.page and len(row.cells) == len(self.rows[-1].cells)


def _ends(text: str) -> bool:
    """Whether the text of a cell can be whole; "来源：" is not."""
    return ends_sentence(text) and not text.endswith(("：", ":"))


def _joined(above: Cell, below: Cell) -> Cell:
    if not above or not below:
        return above or below
    return (*above[:-1], above[-1] + below[0], *below[1:])
