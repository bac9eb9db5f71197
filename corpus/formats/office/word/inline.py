"""Reads the content of a paragraph of a Word document: runs, fields, changes, symbols, notes.

Tracked changes are read as accepted. What is not text (hidden text, comments, pictures) is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.content import PAGE_BREAK, Block, Piece
from corpus.formats.office.word.fields import Fields
from corpus.formats.office.word.names import ALTERNATIVES, DELETED, chosen, switch_of, value_of, w
from corpus.formats.office.word.styles import Style, Styles
from corpus.formats.office.word.symbols import raised, symbol_of

_DEEPEST: Final = 60  # elements around a run; Word itself writes a handful
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_BLANKS: Final = re.compile(r"[\t\n\r]")
# Elements without text of the paragraph: properties, instructions of fields, phonetic guides.
_NO_TEXT: Final = frozenset(
    map(
        w, ("pPr", "rPr", "sdtPr", "sdtEndPr", "ffData", "fldData", "rt", "rubyPr", "delText", "delInstrText")
    )
)
_INSERTED: Final = frozenset(map(w, ("ins", "moveTo")))
_PICTURES: Final = frozenset(
    (
        "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
        "{urn:schemas-microsoft-com:vml}imagedata",
    )
)


@dataclass(slots=True)
class Collected:
    """The content of one paragraph, as it is read."""

    pieces: list[Piece] = field(default_factory=list)
    above: list[Block] = field(default_factory=list)  # text boxes that stand above the paragraph
    below: list[Block] = field(default_factory=list)  # text boxes and notes
    findings: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any(piece.text.strip() for piece in self.pieces)


@dataclass(slots=True)
class InlineReader:
    """Reads the runs of paragraphs. The callbacks read what is placed elsewhere.

    `boxed(content)` returns the blocks of a text box; `noted(reference)` the mark of a footnote or endnote,
    and its blocks. `too_deep()` returns the error for content that is nested too deeply.
    """

    styles: Styles
    boxed: Callable[[Element], list[Block]]
    noted: Callable[[Element], tuple[str, list[Block]]]
    too_deep: Callable[[], Exception]
    fields: Fields

    def read(self, paragraph: Element, style: Style) -> Collected:
        collected = Collected()
        self._children(paragraph, style, collected, 0)
        return collected

    def _children(self, element: Element, style: Style, collected: Collected, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.too_deep()
        for child in element:
            tag = child.tag
            if tag == w("r"):
                self._run(child, style, collected, depth)
            elif tag in DELETED:
                collected.findings.append("tracked_changes")
            elif tag == ALTERNATIVES:
                form = chosen(child)
                if form is not None:
                    self._children(form, style, collected, depth + 1)
            elif tag == _MATH_TEXT:
                collected.pieces.append(Piece(child.text or ""))
            elif tag not in _NO_TEXT:
                if tag in _INSERTED:
                    collected.findings.append("tracked_changes")
                self._children(child, style, collected, depth + 1)

    def _run(self, run: Element, style: Style, collected: Collected, depth: int) -> None:
        properties = run.find(w("rPr"))
        named = self.styles.of(value_of(properties, "rStyle"))
        hidden = _first(switch_of(properties, "vanish"), named.hidden, style.hidden)
        bold = bool(_first(switch_of(properties, "b"), named.bold, style.bold))
        before = len(collected.pieces)
        for child in run:
            self._part(child, style, collected, depth, bold=bold)
        position = value_of(properties, "vertAlign") or ""
        if position in ("superscript", "subscript"):
            collected.pieces[before:] = [
                Piece(raised(piece.text, position), piece.bold) for piece in collected.pieces[before:]
            ]
        if hidden and len(collected.pieces) > before:
            del collected.pieces[before:]
            collected.findings.append("hidden_text")

    def _part(self, part: Element, style: Style, collected: Collected, depth: int, *, bold: bool) -> None:
        tag = part.tag
        if tag == w("t"):
            if self.fields.displayed:
                collected.pieces.append(Piece(_text_of(part), bold))
        elif tag == w("fldChar"):
            sign = self.fields.mark(part)
            if sign and self.fields.displayed:
                collected.pieces.append(Piece(sign, bold))
        elif tag == w("instrText"):
            self.fields.write(part.text or "")
        elif (constant := _SIGNS.get(tag)) is not None:
            if self.fields.displayed:
                collected.pieces.append(Piece(constant, bold))
        else:
            self._other(part, style, collected, depth, bold=bold)

    def _other(self, part: Element, style: Style, collected: Collected, depth: int, *, bold: bool) -> None:
        tag = part.tag
        if tag == w("br"):
            if part.get(w("type"), "textWrapping") == "textWrapping":
                collected.pieces.append(Piece("\n"))
        elif tag == w("lastRenderedPageBreak"):
            collected.pieces.append(Piece(PAGE_BREAK))
        elif tag == w("sym"):
            sign = symbol_of(part.get(w("font"), ""), part.get(w("char"), ""))
            collected.pieces.append(Piece(sign or "\ufffd", bold))
            if not sign:
                collected.findings.append("unknown_symbol")
        elif tag in (w("footnoteReference"), w("endnoteReference")):
            mark, blocks = self.noted(part)
            collected.pieces.append(Piece(mark))
            collected.below += blocks
        elif tag == w("commentReference"):
            collected.findings.append("comments")
        elif tag == ALTERNATIVES:
            form = chosen(part)
            for child in form if form is not None else ():
                self._part(child, style, collected, depth, bold=bold)
        elif tag == w("ruby"):
            self._children(part, style, collected, depth + 1)
        elif len(part) and tag not in _NO_TEXT:
            self._drawn(part, collected)

    def _drawn(self, drawing: Element, collected: Collected) -> None:
        """Reads the text boxes of a drawing, and reports its pictures and objects."""
        above = _is_above(drawing)
        open_elements = [(iter(drawing), 0)]
        if drawing.tag == w("object"):
            collected.findings.append("objects")
        while open_elements:
            children, depth = open_elements[-1]
            child = next(children, None)
            if child is None:
                open_elements.pop()
            elif child.tag == w("txbxContent"):
                (collected.above if above else collected.below).extend(self.boxed(child))
            elif child.tag in _PICTURES:
                if drawing.tag != w("object"):
                    collected.findings.append("pictures")
            elif depth > _DEEPEST:
                raise self.too_deep()
            elif child.tag == ALTERNATIVES:
                form = chosen(child)
                open_elements.append((iter(form if form is not None else ()), depth + 1))
            else:
                open_elements.append((iter(child), depth + 1))


_SIGNS: Final = {
    # A tab is a wide blank: tabs separate the cells of table rows.
    w("tab"): "\u3000",
    w("ptab"): "\u3000",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
}


def _first(*values: bool | None) -> bool | None:
    return next((value for value in values if value is not None), None)


def _text_of(element: Element) -> str:
    """The text as displayed: blanks at its ends count only where the file says so."""
    text = _BLANKS.sub(" ", element.text or "")
    return text if element.get(_XML_SPACE) == "preserve" else text.strip(" ")


def _is_above(drawing: Element) -> bool:
    """Whether a drawing is placed above the paragraph that it belongs to."""
    position = drawing.find(f"{_DRAWING}anchor/{_DRAWING}positionV")
    if position is None or position.get("relativeFrom") not in ("paragraph", "line"):
        return False
    return (position.findtext(f"{_DRAWING}posOffset") or "").strip().startswith("-")
