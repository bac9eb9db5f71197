"""Content of an Office file in reading order, before it is written as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PAGE_BREAK: Final = "\f"  # a piece of its own: here a page begins


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one font weight. \\n is a line break within the paragraph."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its label, and what it had that is not read as text."""

    pieces: tuple[Piece, ...]
    heading: bool = False
    indented: bool = False
    findings: tuple[str, ...] = ()  # codes of notices
    note: bool = False  # of a footnote or endnote: in a table it stands below the table

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.text != PAGE_BREAK)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table and the columns and rows that it covers."""

    blocks: tuple[Block, ...]
    columns: int = 1
    goes_on: bool = False  # the lower part of a cell that covers several rows


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    before: int = 0  # empty columns before the first cell
    head: bool = False  # marked as one of the rows that are repeated on every page


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]


Block = Paragraph | Table
