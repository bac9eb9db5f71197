"""Types of pages with positioned lines. Lengths are points (1/72 inch) from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Notice, Place


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text on a page.

    `box` is left, top, right, bottom on the page as it is read; `size` is that of its characters. Spans of
    `notices` are offsets of `text`.
    """

    text: str
    box: tuple[float, float, float, float]
    size: float
    notices: tuple[Notice, ...] = ()
    shown: tuple[float, float, float, float] | None = None  # where the page as it is has it, if not at `box`
    column: int = 0  # 1, 2, … on a page with columns of text; 0 for one column and for lines across
    turn: int = 0  # quarter turns to the left of a text that is not read with those around it
    left_out: str = ""  # kind of furniture that the reader knows the line to be: "watermark", "hidden_text"

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def right(self) -> float:
        return self.box[2]

    @property
    def on_page(self) -> tuple[float, float, float, float]:
        """The box on the page as it is shown."""
        return self.shown or self.box

    def place(self, page: int) -> Place:
        left, top, right, bottom = (round(length, 1) for length in self.on_page)
        return Place(page, (min(left, right), min(top, bottom), max(left, right), max(top, bottom)))


# The lines of a cell of a table. In a row of heads it has the lines of several: from the head of several
# columns to that of the column itself.
Cell = tuple[tuple[PageLine, ...], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table. A cell over several rows is, with the same lines, in each of them."""

    cells: tuple[Cell, ...]
    cut_above: bool = False  # begins on the page before: no ruling closes it there
    cut_below: bool = False  # goes on on the next page

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text_of(cell) for cell in self.cells)


def text_of(cell: Cell) -> str:
    return " ".join("".join(line.text for line in lines) for lines in cell)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number, from 1, its lines in reading order, and its size (0 where it is not known).

    `unread` says why the page has no lines although something is on it; empty otherwise.
    """

    number: int
    lines: tuple[PageLine | TableRow, ...]
    width: float = 0.0
    height: float = 0.0
    unread: str = ""
