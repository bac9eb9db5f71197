"""Pages with positioned lines (OFD, PDF, recognised scans), and how they become text.

A reader of such a format makes a `Page` for each page, with its lines in reading order; `read_text` joins
lines to paragraphs and records the page and the box of each line. Lengths are points (1/72 inch), counted
from the upper left corner of the page as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.formats import plain
from corpus.formats.received import ReadText
from corpus.model import Place, Placed
from corpus.text.source_text import Extracted

# "3", "— 3 —": a page number alone on its line
PAGE_NUMBER = re.compile(r"[—–\-\s]*\d{1,3}[—–\-\s]*")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text on a page. `box` is left, top, right, bottom; `size` that of its characters."""

    text: str
    box: tuple[float, float, float, float]
    size: float

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def right(self) -> float:
        return self.box[2]

    def place(self, page: int) -> Place:
        left, top, right, bottom = (round(length, 1) for length in self.box)
        return Place(page, (min(left, right), top, max(left, right), bottom))


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number, from 1, and its lines in reading order."""

    number: int
    lines: tuple[PageLine, ...]


def read_text(pages: Sequence[Page]) -> ReadText:
    """The text of the pages, one paragraph per line, with page and box of each line.

    The text is empty when no page has lines; the reader says why.
    """
    margin = min((line.left for page in pages for line in page.lines), default=0.0)
    reach = max((line.right for page in pages for line in page.lines), default=0.0)
    text, starts, placed = "", list[tuple[int, int]](), list[Placed]()
    for page in pages:
        starts.append((len(text), page.number))
        for paragraph in _paragraphs(page.lines, margin=margin, reach=reach):
            for line in paragraph:
                placed.append(Placed(len(text), len(text) + len(line.text), line.place(page.number)))
                text += line.text
            text += "\n"
    return ReadText(text, "utf-8", Extracted(plain.extract(text).lines, starts, placed=placed))


def _paragraphs(lines: Sequence[PageLine], *, margin: float, reach: float) -> Iterator[list[PageLine]]:
    """Joins lines to paragraphs: a line up to the right margin, and the next one from the left margin."""
    paragraph: list[PageLine] = []
    for line, following in zip_longest(lines, lines[1:]):
        paragraph.append(line)
        full = line.right > reach - 1.5 * line.size
        flush = following is not None and abs(following.left - margin) < 0.5 * following.size
        same = following is not None and abs(following.size - line.size) < 0.1 * line.size
        number = following is not None and PAGE_NUMBER.fullmatch(following.text)
        if number or not (full and flush and same):
            yield paragraph
            paragraph = []
