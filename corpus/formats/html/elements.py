"""Converts an HTML page to lines, each with its block element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.formats.html.tags import BLOCK, CLOSED_BY, HEADINGS, UNSEEN, VOID
from corpus.formats.markup import Token, tokens, unescaped
from corpus.text.source_text import Collector, Line, SourceText, chain

_DEEPEST = 400  # deeper nesting is a defect; such elements are treated as part of their parent
# style="font-weight:bold", style="font-weight: 700"
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
# style="display:none"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60“”‘’—…]")


@dataclass(eq=False, slots=True)
class Element:
    """An element with a link to its parent."""

    tag: str
    parent: Element | None
    depth: int
    names: str = ""  # class and id, as written
    bold: bool = False
    link: bool = False
    unseen: bool = False
    start: int = 0  # offset of the tag in the original

    def above(self) -> Iterator[Element]:
        """Yields the element itself, its parent, and so on to the root."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the innermost block element that contains it."""

    line: Line
    element: Element


@dataclass(slots=True)
class _Reader:
    original: str
    current: Element
    hide: bool
    collector: Collector = field(default_factory=Collector)
    placed: list[Placed] = field(default_factory=list)
    linked: int = 0  # characters of the current line in links
    breaks: int = 2  # line breaks since the last line; 2 or more are a block boundary
    block: Element | None = None  # block element of the current line

    def text(self, token: Token) -> None:
        if self.current.unseen:
            return
        for index, piece in enumerate(self._pieces(token)):
            if index:
                self.end_line(boundary=False)
            if not self.collector.begun:  # white space at the beginning of a line is not displayed
                piece = piece.cut(len(piece) - len(piece.text.lstrip(" \t\n\r\f")), len(piece))
            self.collector.add(piece, bold=self.current.bold)
            self.linked += len(piece.text.strip()) if self.current.link else 0
            if self.block is None and piece.text.strip():
                self.block = next(e for e in self.current.above() if e.tag in BLOCK or e.parent is None)

    def _pieces(self, token: Token) -> list[SourceText]:
        """The text with white space as a browser displays it; in <pre>, one piece per line."""
        piece = unescaped(self.original, token.start, token.end)
        if any(element.tag == "pre" for element in self.current.above()):
            ends = [match.start() for match in re.finditer("\n", piece.text)]
            starts = [0, *(end + 1 for end in ends)]
            return [piece.cut(a, b) for a, b in zip(starts, [*ends, len(piece)], strict=True)]
        return [_collapsed(piece)]

    def end_line(self, *, boundary: bool) -> None:
        line = self.collector.take()
        text = line.text.strip()
        if text and self.block is not None:
            heading = any(element.tag in HEADINGS for element in self.block.above())
            indent = line.text[: len(line.text) - len(line.text.lstrip())]
            self.placed.append(
                Placed(
                    replace(
                        line.stripped(),
                        heading=heading,
                        apart=self.breaks > 1,
                        indented=len(indent) > 1,
                        linked=self.linked >= len(text),
                    ),
                    self.block,
                )
            )
            self.breaks = 0
        self.linked, self.block = 0, None
        self.breaks += 2 if boundary else 1

    def open(self, token: Token) -> None:
        if token.tag in BLOCK:
            self.end_line(boundary=token.tag != "br")
        while self.current.parent is not None and token.tag in CLOSED_BY.get(self.current.tag, ()):
            self.current = self.current.parent
        if token.tag in VOID or token.attributes.endswith("/") or self.current.depth >= _DEEPEST:
            return
        above, style = self.current, token.attribute("style") or ""
        self.current = Element(
            token.tag,
            above,
            above.depth + 1,
            names=f"{token.attribute('class') or ''} {token.attribute('id') or ''}".strip(),
            bold=above.bold or token.tag in ("b", "strong") or bool(_BOLD_STYLE.search(style)),
            link=above.link or (token.tag == "a" and token.attribute("href") is not None),
            unseen=above.unseen or token.tag in UNSEEN or (self.hide and self._hidden(token, style)),
            start=token.start,
        )

    def _hidden(self, token: Token, style: str) -> bool:
        """Whether a style hides the element. Ignored for whole pages, which their script unhides."""
        return token.tag not in ("html", "body") and bool(_HIDDEN_STYLE.search(style))

    def close(self, token: Token) -> None:
        if token.tag in BLOCK:
            self.end_line(boundary=True)
        for element in self.current.above():
            if element.parent is not None and element.tag == token.tag:
                self.current = element.parent
                break
            # A stray </span> or </div> in a cell does not close the cell.
            if element.tag in ("td", "th", "table") and token.tag not in ("td", "th", "tr", "tbody", "table"):
                break


def read(original: str, *, hide: bool = True) -> list[Placed]:
    """Reads all lines of the page in order; leaves out those hidden by a style unless `hide` is False."""
    reader = _Reader(original, Element("", None, 0), hide)
    for token in tokens(original):
        if not token.tag:
            reader.text(token)
        elif token.closing:
            reader.close(token)
        else:
            reader.open(token)
    reader.end_line(boundary=True)
    return reader.placed


def _collapsed(piece: SourceText) -> SourceText:
    """Collapses white space to one blank as a browser does; to none at a line end within Chinese text."""
    parts, at, text = [], 0, piece.text
    for match in _SPACES.finditer(text):
        parts.append(piece.cut(at, match.start()))
        at = match.end()
        around = text[match.start() - 1 : match.start()], text[at : at + 1]
        if "\n" in match[0] and all(_CJK.match(char) for char in around):
            continue
        blank = match.start() + match[0].find(" ")
        parts.append(piece.cut(blank, blank + 1) if " " in match[0] else SourceText.inserted(" "))
    return chain([*parts, piece.cut(at, len(piece))])
