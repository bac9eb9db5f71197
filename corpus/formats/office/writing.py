"""Writes the content of an Office file as text, with lines that point into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.errors import UnreadableDocument
from corpus.formats.office.content import PAGE_BREAK, Block, Cell, Paragraph, Piece, Table
from corpus.formats.office.grid import Content, GridCell, rows_of, text_of
from corpus.model import Furniture, Notice, Span
from corpus.text.sentences import ends_sentence
from corpus.text.source_text import CELL_JOINT, Extracted, Line, SourceText

_LONGEST_CELL: Final = 1500  # characters; a table with a longer cell lays out paragraphs, as in html_table
_MOST_TEXT: Final = 3_000_000  # characters; the longest papers have some 300,000
_MOST_NOTICES: Final = 20  # of one kind; further ones are counted
# A line of so many characters should end a sentence; so many that do not, and a third of all, are cut ones.
_LONG: Final = 15
_FEWEST_CUT: Final = 8
_MESSAGES: Final = {
    "tracked_changes": "tracked changes are read as accepted",
    "comments": "a comment is not part of the text",
    "hidden_text": "hidden text is not part of the text",
    "pictures": "a picture is not read",
    "objects": "an embedded file is not read",
    "unknown_symbol": "a character of a symbol font is not known and stands as \ufffd",
    "macros": "the file contains macros, which are never run",
    "uncomputed": "formulas without a stored value are left out: open the file in Excel and save it",
    "hidden_cells": "hidden sheets, rows or columns are not part of the text",
}


@dataclass(frozen=True, slots=True)
class _Written:
    start: int
    end: int
    bold: tuple[Span, ...]
    heading: bool
    apart: bool
    indented: bool
    fixed: bool


@dataclass(slots=True)
class TextWriter:
    """Collects text, lines, pages, furniture and notices. `name` is the file name, for messages."""

    name: str
    _chunks: list[str] = field(default_factory=list)
    _length: int = 0
    _written: list[_Written] = field(default_factory=list)
    _pages: list[tuple[int, int]] = field(default_factory=list)
    _furniture: list[Furniture] = field(default_factory=list)
    _notices: list[Notice] = field(default_factory=list)
    _waiting: list[str] = field(default_factory=list)  # codes of paragraphs without text
    _counts: Counter[str] = field(default_factory=Counter)

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            else:
                self._table(block)

    def row(self, contents: Sequence[Content]) -> None:
        """Writes a row of a table; one with a single cell is a line of its own."""
        pieces: list[Piece] = []
        for at, content in enumerate(contents):
            pieces += [Piece(CELL_JOINT)] * (at > 0)
            pieces += content
        self._line(pieces, heading=False, apart=True, indented=False, fixed=True)

    def line(self, text: str, *, heading: bool = False) -> None:
        self._line([Piece(text)], heading=heading, apart=True, indented=False, fixed=False)

    def furniture(self, kind: str, blocks: Iterable[Block]) -> None:
        """Writes what is on every page and no part of the paper."""
        start = self._length
        self._add("\n".join(block.text for block in blocks if isinstance(block, Paragraph)).strip())
        if self._length > start:
            self._furniture.append(Furniture(kind, start, self._length))
            self._add("\n")

    def finding(self, code: str) -> None:
        """Adds a notice about what stands before the next line."""
        self._waiting.append(code)

    def extracted(self) -> tuple[str, Extracted]:
        """The text and its lines."""
        original = "".join(self._chunks)
        self._report(Span(self._length, self._length))
        for code, count in self._counts.items():
            if count > _MOST_NOTICES:
                message = f"{_MESSAGES[code]}: {count - _MOST_NOTICES} more places"
                self._notices.append(Notice(code, message, Span(0, 0)))
        whole = not _is_broken(self._written, original)
        lines = [
            Line(
                SourceText.copied(original, piece.start, piece.end),
                heading=piece.heading,
                bold=piece.bold,
                apart=piece.apart,
                indented=piece.indented or (whole and piece.apart),
                fixed=piece.fixed,
            ).stripped()
            for piece in self._written
        ]
        pages = [(0, 1), *self._pages] if self._pages else []
        return original, Extracted(lines, pages, self._furniture, notices=self._notices)

    def _paragraph(self, paragraph: Paragraph) -> None:
        self._waiting += paragraph.findings
        line: list[Piece] = []
        apart = True
        for piece in paragraph.pieces:
            first, *rest = piece.text.split("\n")
            line.append(Piece(first, piece.bold))
            for text in rest:
                apart = not self._line(line, paragraph.heading, apart, paragraph.indented, False) and apart
                line = [Piece(text, piece.bold)]
        self._line(line, paragraph.heading, apart, paragraph.indented, False)

    def _line(self, pieces: Sequence[Piece], heading: bool, apart: bool, indented: bool, fixed: bool) -> bool:
        """Writes a line; returns whether there is one: blank lines are left out."""
        filled = any(piece.text.strip() for piece in pieces if piece.text != PAGE_BREAK)
        start, bold = self._length, list[Span]()
        for piece in pieces:
            if piece.text == PAGE_BREAK:
                self._pages.append((self._length, len(self._pages) + 2))
            elif filled:
                self._add(piece.text)
                if piece.bold:
                    bold.append(Span(self._length - len(piece.text) - start, self._length - start))
        if filled:
            self._report(Span(start, self._length))
            merged = tuple(_merged(bold))
            self._written.append(_Written(start, self._length, merged, heading, apart, indented, fixed))
            self._add("\n")
        return filled

    def _report(self, span: Span) -> None:
        codes, self._waiting = Counter(self._waiting), []
        for code in codes:
            self._counts[code] += 1
            if self._counts[code] <= _MOST_NOTICES:
                self._notices.append(Notice(code, _MESSAGES[code], span))

    def _table(self, table: Table) -> None:
        if not _is_data(table):
            for row in table.rows:
                for cell in row.cells:
                    self.blocks(cell.blocks)
            return
        paragraphs = [
            block
            for row in table.rows
            for cell in row.cells
            for block in cell.blocks
            if isinstance(block, Paragraph)
        ]
        for paragraph in paragraphs:
            self._waiting += () if paragraph.note else paragraph.findings
        grid = [_grid_row(row.cells, row.before) for row in table.rows]
        heads = next((at for at, row in enumerate(table.rows) if not row.head), len(table.rows))
        for contents in rows_of(grid, marked_heads=heads):
            self.row(contents)
        self.blocks(paragraph for paragraph in paragraphs if paragraph.note)

    def _add(self, text: str) -> None:
        self._chunks.append(text)
        self._length += len(text)
        if self._length > _MOST_TEXT:
            reason = f"it contains more than {_MOST_TEXT:,} characters"
            raise UnreadableDocument(self.name, reason, "Split it")


def _is_broken(written: Sequence[_Written], original: str) -> bool:
    """Whether every line is a paragraph, as converters of PDF write them, so that lines must be joined.

    In other files a paragraph is one, however it ends.
    """
    long = [piece for piece in written if piece.end - piece.start >= _LONG and not piece.fixed]
    cut = sum(not ends_sentence(original[piece.start : piece.end].rstrip()) for piece in long)
    return cut >= _FEWEST_CUT and cut * 3 > len(long)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Joins spans that touch."""
    result: list[Span] = []
    for span in spans:
        if result and result[-1].end == span.start:
            result[-1] = Span(result[-1].start, span.end)
        else:
            result.append(span)
    return result


def _is_data(table: Table) -> bool:
    """Whether the table holds data, and not the paragraphs of a page's layout."""
    filled = 0
    for row in table.rows:
        texts = []
        for cell in row.cells:
            if any(isinstance(block, Table) for block in cell.blocks):
                return False
            texts.append(sum(len(block.text) for block in _own(cell)))
        if max(texts, default=0) > _LONGEST_CELL:
            return False
        filled = max(filled, sum(length > 0 for length in texts))
    return filled > 1


def _own(cell: Cell) -> Iterator[Paragraph]:
    """The paragraphs of a cell, without notes."""
    for block in cell.blocks:
        if isinstance(block, Paragraph) and not block.note:
            yield block


def _grid_row(cells: Iterable[Cell], before: int) -> list[GridCell]:
    row, column = [], before
    for cell in cells:
        row.append(GridCell(column, _cell_content(cell), cell.columns, cell.goes_on))
        column += cell.columns
    return row


def _cell_content(cell: Cell) -> Content:
    """Joins the paragraphs of a cell, with a blank between Latin words."""
    pieces: list[Piece] = []
    last = ""
    for block in _own(cell):
        text = text_of(block.pieces)
        if not text:
            continue
        if last and last[-1].isascii() and text[0].isascii():
            pieces.append(Piece(" "))
        pieces += [Piece(_on_one_line(piece.text), piece.bold) for piece in block.pieces]
        last = text
    return tuple(pieces)


def _on_one_line(text: str) -> str:
    return text if text == PAGE_BREAK else text.replace("\n", " ").replace(CELL_JOINT, " ")
