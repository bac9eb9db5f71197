"""What a page of a PDF contains, as pdfium gives it: characters and ruling lines with their positions.

The only module that calls pdfium to read. It runs in a process of its own (worker.py), because pdfium is
a C++ program that reads whatever bytes it is given.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_GLYPHS = 200_000  # characters of one page; a dense page of print has 3,000
MOST_RULINGS = 4_000  # of one page; beyond it is a drawing, not a table
_MOST_OBJECTS = 200_000  # of one page that are looked at for rulings and pictures
_DEEPEST = 8  # forms within forms
_THIN = 3.0  # points; a filled rectangle as thin as that is a ruling
_STRAIGHT = 0.5  # points that the ends of a ruling may be apart across it
_SHORTEST = 4.0  # points; a shorter line is part of a picture
_SLANTED = 0.03  # rise for each length; a text that is steeper is a watermark or the text of a seal
_INVISIBLE = 3  # text rendering mode of the layer of text under which a scan is shown
_HYPHEN = "\x02"  # what pdfium gives for the hyphen of a word cut at a line end

# Marks of the fonts Symbol and Wingdings, which Word puts before the items of a list
_MARKS = {
    0xF0B7: "•",
    0xF06C: "●",
    0xF06E: "■",
    0xF075: "◆",
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF0FC: "✓",
    0xF0FE: "☑",
    0xF0A8: "□",
    0xF06F: "□",
}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character. `box` and `base` are points from the upper left corner of the page as it is shown."""

    char: str
    box: Box
    base: tuple[float, float]  # where the character begins on its baseline
    size: float
    turn: int | None  # quarter turns to the left, 0 for upright text; None for slanted text
    hidden: bool = False
    mapped: bool = True  # whether the file says which character it is


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal (y0 == y1) or vertical (x0 == x1) line."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Content:
    """A page. `pictured` is the share of it that its largest picture covers."""

    width: float
    height: float
    glyphs: list[Glyph]
    rulings: list[Ruling]
    pictured: float
    drawings: int  # number of paths


class TooMuch(Exception):
    """The page has more on it than a page of print can have."""


@dataclass(frozen=True, slots=True)
class _View:
    """Maps coordinates of the file to those of the page as it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int  # quarter turns to the right

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.turns:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def turn(self, a: float, b: float) -> int | None:
        """Quarter turns of a text that runs in the direction (a, b) of the file; None if it is slanted."""
        if min(abs(a), abs(b)) > _SLANTED * max(abs(a), abs(b)):
            return None
        in_file = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
        return (in_file - self.turns) % 4


def content_of(page: Any) -> Content:
    """The content of a page of pypdfium2. Raises TooMuch."""
    left, bottom, right, top = page.get_bbox()
    view = _View(left, bottom, right, top, page.get_rotation() // 90)
    width, height = view.size
    rulings, pictured, drawings = _drawn(page, view)
    textpage = page.get_textpage()
    try:
        glyphs = list(_glyphs(textpage, view))
    finally:
        textpage.close()
    return Content(width, height, glyphs, rulings, pictured, drawings)


def _glyphs(textpage: Any, view: _View) -> Iterator[Glyph]:
    import pypdfium2.raw as pdfium

    count = textpage.count_chars()
    if count > MOST_GLYPHS:
        raise TooMuch(f"{count} characters")
    width, height = view.size
    rect, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    modes: dict[int, bool] = {}  # address of a text object → whether it is invisible
    for index in range(count):
        point = pdfium.FPDFText_GetUnicode(textpage, index)
        if pdfium.FPDFText_IsGenerated(textpage, index) == 1 and point != ord(_HYPHEN):
            continue
        if 0xD800 <= point < 0xDC00:  # the first half of a pair
            high = point
            continue
        if 0xDC00 <= point < 0xE000:
            point = 0x10000 + ((high - 0xD800) << 10) + point - 0xDC00 if high else 0xFFFD
        high = 0
        if not (
            pdfium.FPDFText_GetLooseCharBox(textpage, index, rect)
            and pdfium.FPDFText_GetMatrix(textpage, index, matrix)
            and pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        ):
            continue
        box = view.box(rect.left, rect.bottom, rect.right, rect.top)
        if box[2] <= 0 or box[3] <= 0 or box[0] >= width or box[1] >= height:
            continue  # outside of what is shown
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = abs(pdfium.FPDFText_GetFontSize(textpage, index) * scale)
        text_object = pdfium.FPDFText_GetTextObject(textpage, index)
        address = ctypes.cast(text_object, ctypes.c_void_p).value or 0
        if address and address not in modes:
            modes[address] = pdfium.FPDFTextObj_GetTextRenderMode(text_object) == _INVISIBLE
        char = _character(point)
        unmapped = says_nothing(char) or pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1
        yield Glyph(
            char,
            box,
            view.point(x.value, y.value),
            size if 0.5 < size < 2000 else max(0.5, box[3] - box[1]),
            view.turn(matrix.a, matrix.b),
            hidden=modes.get(address, False),
            mapped=not unmapped,
        )


def _character(point: int) -> str:
    if point == ord(_HYPHEN):
        return "-"
    if point in (9, 10, 13, 0xA0):
        return " "
    if point < 32 or 0x7F <= point < 0xA0 or point > 0x10FFFF:
        return "\ufffd"
    return _MARKS.get(point) or chr(point)


def says_nothing(char: str) -> bool:
    """Whether the file does not say which character it is: a private one, or none at all."""
    return char == "\ufffd" or "\ue000" <= char < "\uf900" or char >= "\U000f0000"


def _drawn(page: Any, view: _View) -> tuple[list[Ruling], float, int]:
    """The rulings of the page, the share that its largest picture covers, and the number of paths."""
    import pypdfium2.raw as pdfium

    rulings: list[Ruling] = []
    largest, paths = 0.0, 0
    area = max(1.0, view.size[0] * view.size[1])
    for seen, (raw, kind, matrix) in enumerate(_objects(page)):
        if seen >= _MOST_OBJECTS:
            break
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if len(rulings) <= MOST_RULINGS:
                rulings += _rulings(raw, matrix, view)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            own = _multiplied(_matrix_of(raw), matrix)
            corners = [_moved(x, y, own) for x in (0, 1) for y in (0, 1)]
            xs, ys = zip(*corners, strict=True)
            left, top, right, bottom = view.box(min(xs), min(ys), max(xs), max(ys))
            wide = min(right, view.size[0]) - max(left, 0.0)
            high = min(bottom, view.size[1]) - max(top, 0.0)
            largest = max(largest, max(0.0, wide) * max(0.0, high) / area)
    return (rulings if len(rulings) <= MOST_RULINGS else []), largest, paths


_Matrix = tuple[float, float, float, float, float, float]
_UNCHANGED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _objects(page: Any) -> Iterator[tuple[Any, int, _Matrix]]:
    """The objects of the page and of the forms on it, each with the matrix of the form around it."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPage_CountObjects(page)
    stack = [(pdfium.FPDFPage_GetObject(page, index), _UNCHANGED, 0) for index in range(count - 1, -1, -1)]
    while stack:
        raw, around, depth = stack.pop()
        if not raw:
            continue
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield raw, kind, around
        elif depth < _DEEPEST:
            matrix = _multiplied(_matrix_of(raw), around)
            inside = range(pdfium.FPDFFormObj_CountObjects(raw) - 1, -1, -1)
            stack += [(pdfium.FPDFFormObj_GetObject(raw, index), matrix, depth + 1) for index in inside]


def _matrix_of(raw: Any) -> _Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, matrix):
        return _UNCHANGED
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _multiplied(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _rulings(raw: Any, around: _Matrix, view: _View) -> Iterator[Ruling]:
    """The straight lines that a path draws along the edges of the page."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, fill, stroke)
    count = pdfium.FPDFPath_CountSegments(raw)
    if not (fill.value or stroke.value) or not 1 < count <= MOST_RULINGS:
        return
    matrix = _multiplied(_matrix_of(raw), around)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
    start = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        at = view.point(*_moved(x.value, y.value, matrix))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = at
        elif kind == pdfium.FPDF_SEGMENT_LINETO and points:
            lines.append((points[-1], at))
        points.append(at)
        if pdfium.FPDFPathSegment_GetClose(segment):
            lines.append((at, start))
    if not stroke.value:
        yield from _thin(points)
        return
    for (x0, y0), (x1, y1) in lines:
        yield from _straight(x0, y0, x1, y1)


def _thin(points: list[tuple[float, float]]) -> Iterator[Ruling]:
    """A filled rectangle as a ruling, if it is as thin as one."""
    xs, ys = zip(*points, strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if bottom - top <= _THIN < right - left:
        yield from _straight(left, (top + bottom) / 2, right, (top + bottom) / 2)
    elif right - left <= _THIN < bottom - top:
        yield from _straight((left + right) / 2, top, (left + right) / 2, bottom)


def _straight(x0: float, y0: float, x1: float, y1: float) -> Iterator[Ruling]:
    if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) >= _SHORTEST:
        yield Ruling(min(x0, x1), (y0 + y1) / 2, max(x0, x1), (y0 + y1) / 2)
    elif abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) >= _SHORTEST:
        yield Ruling((x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1))
