"""Reads the blocks of a Word document: paragraphs with their labels, and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from corpus.errors import UnreadableDocument
from corpus.formats.office.content import Block, Cell, Paragraph, Piece, Row, Table
from corpus.formats.office.package import RESAVE
from corpus.formats.office.word.fields import Fields, unclosed_fields
from corpus.formats.office.word.inline import Collected, InlineReader
from corpus.formats.office.word.names import (
    ALTERNATIVES,
    DELETED,
    chosen,
    has,
    number_of,
    switch_of,
    value_of,
    w,
)
from corpus.formats.office.word.notes import Notes
from corpus.formats.office.word.numbering import Numbering
from corpus.formats.office.word.styles import Style, Styles, first_line_indent

_DEEPEST: Final = 40  # tables, text boxes and content controls around a paragraph
_MOST_COLUMNS: Final = 1000  # that a cell may cover; Word has at most 63
_BODY_LEVEL: Final = 9  # outline level of body text
_LONGEST_HEADING: Final = 80  # characters; a longer paragraph with an outline level is text
_SKIPPED: Final = frozenset(
    map(w, ("sectPr", "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "tcPr", "del", "moveFrom"))
)


@dataclass(slots=True)
class _Pending:
    """Paragraphs that continue in the next one, since their paragraph mark is deleted or hidden."""

    pieces: list[Piece] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    above: list[Block] = field(default_factory=list)
    below: list[Block] = field(default_factory=list)

    def add(self, read: Collected) -> None:
        self.pieces += read.pieces
        self.findings += read.findings
        self.above += read.above
        self.below += read.below

    def take(self, *, heading: bool = False, indented: bool = False) -> list[Block]:
        """The paragraph with what stands above and below it; empty when nothing was added."""
        if not (self.pieces or self.findings or self.above or self.below):
            return []
        paragraph = Paragraph(tuple(self.pieces), heading, indented, tuple(self.findings))
        result = [*self.above, paragraph, *self.below]
        self.pieces, self.findings, self.above, self.below = [], [], [], []
        return result


class BlockReader:
    """Reads a document from beginning to end; labels and notes are counted on the way."""

    def __init__(self, styles: Styles, numbering: Numbering, *, name: str) -> None:
        self._styles, self._numbering, self._name = styles, numbering, name
        self._depth = 0
        self._inline = InlineReader(styles, self.blocks, self._noted, self._too_deep, Fields(frozenset()))
        self.footnotes: Notes | None = None
        self.endnotes: Notes | None = None

    def story(self, element: Element) -> list[Block]:
        """The blocks of the body, a note or a header. Fields do not reach from one to another."""
        outer = self._inline.fields
        self._inline.fields = Fields(unclosed_fields(element))
        blocks = self.blocks(element)
        self._inline.fields = outer
        return blocks

    def blocks(self, container: Element) -> list[Block]:
        """The blocks of an element. Raises UnreadableDocument if they are nested too deeply."""
        result: list[Block] = []
        pending = _Pending()
        self._into(container, result, pending)
        return [*result, *pending.take()]

    def _into(self, container: Element, result: list[Block], pending: _Pending) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._too_deep()
        for child in container:
            if child.tag == w("p"):
                self._paragraph(child, result, pending)
            elif child.tag == w("tbl"):
                result += pending.take()
                result += self._table(child)
            elif child.tag == w("altChunk"):
                pending.findings.append("objects")
            elif child.tag in DELETED:
                pending.findings.append("tracked_changes")
            elif child.tag == ALTERNATIVES:
                form = chosen(child)
                if form is not None:
                    self._into(form, result, pending)
            elif len(child) and child.tag not in _SKIPPED:
                self._into(child, result, pending)
        self._depth -= 1

    def _paragraph(self, element: Element, result: list[Block], pending: _Pending) -> None:
        properties = element.find(w("pPr"))
        named = value_of(properties, "pStyle") or self._styles.default
        style = self._styles.of(named)
        mark = properties.find(w("rPr")) if properties is not None else None
        deleted = has(mark, "del", "moveFrom")
        hidden = bool(switch_of(mark, "vanish"))
        read = self._inline.read(element, style)
        empty = read.empty and not pending.pieces
        label = "" if deleted or (hidden and empty) else self._label(properties, style)
        if label:
            # The label of a merged paragraph stands before all of its words.
            target = pending.pieces if pending.pieces and not hidden else read.pieces
            target.insert(0, Piece(label, bold=_opens_bold(read)))
        heading = self._is_heading(properties, style, read) and not pending.pieces
        pending.add(read)
        pending.findings += ["tracked_changes"] * deleted
        if not (deleted or hidden):
            indented = first_line_indent(properties)
            indented = style.indented if indented is None else indented
            result += pending.take(heading=heading, indented=bool(indented))

    def _label(self, properties: Element | None, style: Style) -> str:
        own = properties.find(w("numPr")) if properties is not None else None
        list_id = value_of(own, "numId")
        level = number_of(own, "ilvl")
        if list_id is None:
            list_id = style.list_id
            if level is None and list_id is not None:
                level = self._numbering.level_of_style(list_id, style.chain)
            level = style.level if level is None else level
        # List 0 takes the numbering of the style away.
        return "" if list_id in (None, "0") else self._numbering.label(list_id or "", level or 0)

    def _is_heading(self, properties: Element | None, style: Style, read: Collected) -> bool:
        level = number_of(properties, "outlineLvl")
        if level is None:
            level = style.outline
        words = "".join(piece.text for piece in read.pieces).strip()
        return level is not None and level < _BODY_LEVEL and 0 < len(words) <= _LONGEST_HEADING

    def _table(self, element: Element) -> list[Block]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._too_deep()
        rows, changed = [], False
        for row in _inside(element, "tr"):
            properties = row.find(w("trPr"))
            changed = changed or has(properties, "ins", "del")
            if not has(properties, "del"):
                rows.append(self._row(row))
        self._depth -= 1
        report = [Paragraph((), findings=("tracked_changes",))] if changed else []
        return [*report, Table(tuple(rows))]

    def _row(self, element: Element) -> Row:
        properties = element.find(w("trPr"))
        cells = [
            self._cell(cell) for cell in _inside(element, "tc") if not has(cell.find(w("tcPr")), "cellDel")
        ]
        before = min(number_of(properties, "gridBefore") or 0, _MOST_COLUMNS)
        return Row(tuple(cells), before, bool(switch_of(properties, "tblHeader")))

    def _cell(self, element: Element) -> Cell:
        properties = element.find(w("tcPr"))
        columns = min(max(1, number_of(properties, "gridSpan") or 1), _MOST_COLUMNS)
        merge = properties.find(w("vMerge")) if properties is not None else None
        goes_on = merge is not None and merge.get(w("val"), "continue") != "restart"
        return Cell(tuple(self.blocks(element)), columns, goes_on)

    def _noted(self, reference: Element) -> tuple[str, list[Block]]:
        notes = self.footnotes if reference.tag == w("footnoteReference") else self.endnotes
        return notes.at(reference) if notes is not None else ("", [])

    def _too_deep(self) -> UnreadableDocument:
        return UnreadableDocument(self._name, "its content is nested more deeply than a paper can be", RESAVE)


def _inside(element: Element, name: str) -> list[Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    found: list[Element] = []
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag == w(name):
            found.append(child)
        elif child.tag not in _SKIPPED and child.tag != w("p"):
            waiting += reversed(child)
    return found


def _opens_bold(read: Collected) -> bool:
    return next((piece.bold for piece in read.pieces if piece.text.strip()), False)
