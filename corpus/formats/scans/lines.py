"""Makes lines of text of the pieces of lines that were recognised on a page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.formats.pages.columns import Box, column_of, gutter_of, in_columns
from corpus.formats.pages.lines import PageLine
from corpus.model import UNCERTAIN, Notice, Span
from corpus.notation.characters import HAN_CHARACTER
from corpus.ocr.model import CheckedLine, RecognisedPage

POINTS = 72  # in an inch
_BLANK = 0.8  # of a character's height: a gap between two words
_SAME = 0.15  # of the usual size of characters: sizes are measured, so those of one font differ
_LATIN = 0.5  # width of a digit or Latin letter, of that of a Chinese character
_OPENING, _BRACKET = "（《〈〔“", 0.45  # of a character's width
_MARKS = 0x2000  # code points from here on are as wide as a Chinese character


def lines_of(page: RecognisedPage, *, number: int, size: tuple[int, int], dpi: float) -> tuple[PageLine, ...]:
    """The lines of page `number` in reading order.

    `size`: width and height in dots of the page as it was before it was turned.
    """
    scale = POINTS / dpi
    pieces = [_placed(piece, page, size, scale) for piece in page.lines]
    pieces.sort(key=lambda piece: (piece.box[1] + piece.box[3], piece.box[0]))
    gutter = gutter_of(pieces)
    lines = [
        replace(line, column=column_of(line, gutter))
        for block in in_columns(pieces, gutter)
        for line in _rows(block)
    ]
    if lines and page.unread:
        what = f"{page.unread} pieces of page {number} look like text and cannot be read"
        end = len(lines[-1].text)
        notice = Notice("unread", what, Span(end, end))
        lines[-1] = replace(lines[-1], notices=(*lines[-1].notices, notice))
    usual = median(line.size for line in lines) if lines else 0.0
    return tuple(
        replace(line, size=usual) if abs(line.size - usual) < _SAME * usual else line for line in lines
    )


def _placed(piece: CheckedLine, page: RecognisedPage, size: tuple[int, int], scale: float) -> PageLine:
    line = piece.line
    shown = _turned_back(line.box, page, size) if page.turned else line.box
    characters = _size(piece)
    # The left half of a bracket is blank, so the line begins before its ink.
    left = line.box[0] - (_BRACKET * characters if line.text[:1] in _OPENING else 0.0)
    box = (max(0.0, left), *line.box[1:])
    notices = tuple(
        Notice(UNCERTAIN, f"two readings of {span.of(line.text)!r} differ; compare the scan", span)
        for span in piece.uncertain
    )
    return PageLine(line.text, _scaled(box, scale), characters * scale, notices, _scaled(shown, scale))


def _rows(pieces: Sequence[PageLine]) -> Iterator[PageLine]:
    """The lines of a column from top to bottom; pieces of one row are joined."""
    rows: list[list[PageLine]] = []
    for piece in pieces:
        if rows and _same_row(rows[-1][0].box, piece.box):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        yield _together(sorted(row, key=lambda piece: piece.left))


def _same_row(one: Box, other: Box) -> bool:
    """Whether two boxes overlap vertically by more than half of the lower one."""
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _together(row: Sequence[PageLine]) -> PageLine:
    """One line of the pieces of a row, with a blank where they stand apart."""
    text, notices = row[0].text, list(row[0].notices)
    for left, right in pairwise(row):
        height = min(left.box[3] - left.box[1], right.box[3] - right.box[1])
        text += " " if right.left - left.right > _BLANK * height else ""
        for notice in right.notices:
            span = Span(notice.span.start + len(text), notice.span.end + len(text))
            notices.append(replace(notice, span=span))
        text += right.text
    longest = max(row, key=lambda piece: len(piece.text))
    box, shown = _around([piece.box for piece in row]), _around([piece.on_page for piece in row])
    return PageLine(text, box, longest.size, tuple(notices), shown)


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _size(piece: CheckedLine) -> float:
    """The size of the characters in dots, from the width: the height of a box includes some margin."""
    line = piece.line
    wide = sum(1 for character in line.text if HAN_CHARACTER.match(character) or ord(character) >= _MARKS)
    units = wide + _LATIN * (len(line.text) - wide)
    return min(line.height, line.width / units)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return (left * scale, top * scale, right * scale, bottom * scale)


def _turned_back(box: Box, page: RecognisedPage, size: tuple[int, int]) -> Box:
    """The box in the page as it was before it was turned counter-clockwise to be read."""
    left, top, right, bottom = box
    angle = math.radians(page.turned)
    across, down = (left + right - page.size[0]) / 2, (top + bottom - page.size[1]) / 2
    x = size[0] / 2 + across * math.cos(angle) - down * math.sin(angle)
    y = size[1] / 2 + across * math.sin(angle) + down * math.cos(angle)
    width, height = (right - left) / 2, (bottom - top) / 2
    if round(page.turned / 90) % 2:
        width, height = height, width
    return (
        max(0.0, x - width),
        max(0.0, y - height),
        min(float(size[0]), x + width),
        min(float(size[1]), y + height),
    )
