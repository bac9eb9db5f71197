"""Turns pages with positioned lines (OFD, PDF, recognised scans) into text.

A reader of such a format makes a `Page` for each page, with its lines in reading order; `read_text` joins
lines to paragraphs, over pages too, and records the page and the box of each line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.formats import plain
from corpus.formats.pages.furniture import furniture_of
from corpus.formats.pages.lines import Cell, Page, PageLine, TableRow
from corpus.formats.pages.paragraphs import NO_FRAME, Frame, Frames, frames_of, goes_on
from corpus.formats.pages.tables import Table, lines_in
from corpus.formats.received import ReadText
from corpus.model import Furniture, Notice, Placed, Span
from corpus.text.joining import joint
from corpus.text.source_text import CELL_JOINT, Extracted, Line, SourceText, chain, joined

__all__ = ["PAGE_NUMBER", "Cell", "Page", "PageLine", "TableRow", "read_text"]

# "3", "— 3 —": a page number alone on its line
PAGE_NUMBER = re.compile(r"[—–\-\s]*\d{1,3}[—–\-\s]*")
# "develop-" above "ment": a word cut at the line end
_CUT_WORD = re.compile(r"[A-Za-z]*[a-z]{2}-$")
_REST_OF_WORD = re.compile(r"[a-z]{2}")


def read_text(pages: Sequence[Page]) -> ReadText:
    """The text of the pages, one paragraph per line, with page and box of each line.

    The text is empty when no page has lines; the reader says why.
    """
    left_out = furniture_of(pages)
    text = _Text(frames_of(pages, left_out))
    for index, page in enumerate(pages):
        text.begin(page)
        for at, line in enumerate(page.lines):
            if kind := left_out.get((index, at), ""):
                text.leave_out(line, kind)
            elif isinstance(line, TableRow):
                text.add_row(line)
            else:
                text.add(line)
    text.end_paragraph()
    return ReadText(
        text.original,
        "utf-8",
        Extracted(text.lines, text.starts, text.furniture, text.placed, text.notices),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line of the paragraph that is being read: its page, and its place in the original."""

    line: PageLine
    page: int
    span: Span


@dataclass(slots=True)
class _Text:
    """The text as far as it is read. Each line of a page is a line of the original."""

    frames: Frames
    lines: list[Line] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _written: list[str] = field(default_factory=list)
    _length: int = 0
    _page: int = 0
    _paragraph: list[_Placed] = field(default_factory=list)
    _table: Table = field(default_factory=Table)

    @property
    def original(self) -> str:
        return "".join(self._written)

    def begin(self, page: Page) -> None:
        self._page = page.number
        self.starts.append((self._length, page.number))
        if page.unread:
            self.notices.append(Notice("unread", page.unread, Span(self._length, self._length)))

    def leave_out(self, line: PageLine | TableRow, kind: str) -> None:
        """Writes a line that is not a part of the paper."""
        start = self._length
        for each in lines_in(line):
            self._write_line(each)
        if start < self._length:
            self.furniture.append(Furniture(kind, start, self._length - 1))

    def add(self, line: PageLine) -> None:
        self._table = Table()
        last = self._paragraph[-1] if self._paragraph else None
        if last is not None and not goes_on(
            last.line,
            line,
            self._frame(last.line, last.page),
            self._frame(line, self._page),
            same_page=last.page == self._page,
        ):
            self.end_paragraph()
        self._paragraph.append(_Placed(line, self._page, self._write_line(line)))

    def add_row(self, row: TableRow) -> None:
        self.end_paragraph()
        table = self._table
        if table.repeats_head(row, page=self._page):
            self.leave_out(row, "table_head")
            return
        for line in lines_in(row):
            if id(line) not in table.spans:
                table.spans[id(line)] = self._write_line(line)
        cut = table.continues(row, page=self._page)
        whole = table.joined(row) if cut else table.completed(row, page=self._page)
        table.add(whole, page=self._page)
        cells = [_cell(cell, table.spans) for cell in whole.cells]
        parts = [part for cell in cells for part in (SourceText.inserted(CELL_JOINT), cell)][1:]
        made = Line(chain(parts), fixed=True).stripped()
        if cut:
            self.lines.pop()
        if made.text:
            self.lines.append(made)

    def end_paragraph(self) -> None:
        """Makes a line of the lines of the paragraph."""
        if not self._paragraph:
            return
        first = self._paragraph[0]
        frame = self._frame(first.line, first.page)
        pieces = [_line(entry.line, entry.span) for entry in self._paragraph]
        made = _whole([piece for piece in pieces if piece.text])
        if made is not None:
            self.lines.append(replace(made, indented=frame.is_indented(first.line)))
        self._paragraph = []

    def _frame(self, line: PageLine, page: int) -> Frame:
        return self.frames.get((page, line.column), NO_FRAME)

    def _write_line(self, line: PageLine) -> Span:
        span = Span(self._length, self._length + len(line.text))
        self._written += [line.text, "\n"]
        self._length = span.end + 1
        self.placed.append(Placed(span.start, span.end, line.place(self._page)))
        for notice in line.notices:
            at = Span(notice.span.start + span.start, notice.span.end + span.start)
            self.notices.append(replace(notice, span=at))
        return span


def _line(line: PageLine, span: Span) -> Line:
    made = plain.plain_line(line.text, Span(0, len(line.text)), apart=True)
    return replace(made, source=_moved(made.source, by=span.start))


def _moved(source: SourceText, *, by: int) -> SourceText:
    return SourceText(source.text, tuple(origin + by for origin in source.origins))


def _whole(pieces: list[Line]) -> Line | None:
    """Joins the lines of a paragraph; a word that is cut at a line end loses its hyphen."""
    if not pieces:
        return None
    joints: list[str] = []
    for at, (above, below) in enumerate(pairwise(pieces)):
        if _CUT_WORD.search(above.text) and _REST_OF_WORD.match(below.text):
            pieces[at] = above.cut(0, len(above.text) - 1)
            joints.append("")
        else:
            joints.append(joint(above.text, below.text))
    return joined(pieces, joints)


def _cell(cell: Cell, spans: dict[int, Span]) -> SourceText:
    """The text of a cell, with a blank between the heads of a path."""
    parts: list[SourceText] = []
    for lines in cell:
        above = ""
        if parts:
            parts.append(SourceText.inserted(" "))
        for line in lines:
            parts.append(SourceText.inserted(joint(above, line.text)))
            parts.append(SourceText(line.text, tuple(range(spans[id(line)].start, spans[id(line)].end))))
            above = line.text
    return chain(parts)
