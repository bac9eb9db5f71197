"""Tables of an OFD: the ruling lines that its paths draw, and the text between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from xml.etree.ElementTree import Element

from corpus.formats.ofd.container import local_name
from corpus.formats.pages.lines import TableRow
from corpus.formats.pdf.content import MOST_RULINGS, Box, Glyph, Ruling
from corpus.formats.pdf.lines import OnPage
from corpus.formats.pdf.rows import rows_of
from corpus.formats.pdf.tables import filled, grids

_THIN = 1.0  # millimetres; a filled rectangle as thin as that is a ruling
_SHORTEST = 1.5  # millimetres; a shorter line is part of a picture
_STRAIGHT = 0.2  # millimetres that the ends of a ruling may be apart across it
_LONGEST = 4_000  # characters of what a path draws; a table of one path has a few hundred
# "M 0 0", "L 156.0 0", "C": a command and its numbers
_COMMAND = re.compile(r"([A-Z])([^A-Z]*)")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_POINTS = 72 / 25.4  # in a millimetre, the unit of OFD
_UNTURNED = OnPage(0.0, 0.0, 0)

Point = tuple[float, float]


def rulings_of(item: Element, left: float, top: float) -> list[Ruling]:
    """The level and upright lines of a PathObject with its upper left corner there, in points."""
    data = next((child.text or "" for child in item if local_name(child.tag) == "AbbreviatedData"), "")
    if len(data) > _LONGEST:
        return []
    a, b, c, d, e, f = _six(item.get("CTM")) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    result: list[Ruling] = []
    for points in _paths(data):
        moved = [(left + a * x + c * y + e, top + b * x + d * y + f) for x, y in points]
        xs, ys = zip(*moved, strict=True)
        if item.get("Stroke", "true") != "false" and len(moved) > 1:
            sides = list(pairwise(moved))
        elif max(ys) - min(ys) <= _THIN:
            sides = [((min(xs), min(ys)), (max(xs), min(ys)))]
        elif max(xs) - min(xs) <= _THIN:
            sides = [((min(xs), min(ys)), (min(xs), max(ys)))]
        else:
            continue
        result += (ruling for one, other in sides for ruling in _straight(one, other))
    return result


def _six(written: str | None) -> tuple[float, ...] | None:
    numbers = tuple(map(float, _NUMBER.findall((written or "")[:200])))
    return numbers if len(numbers) == 6 else None


def _paths(data: str) -> Iterator[list[Point]]:
    """The corners of each path of straight lines; curves end it."""
    points: list[Point] = []
    for match in _COMMAND.finditer(data):
        numbers = [float(number) for number in _NUMBER.findall(match[2])]
        match match[1]:
            case "M" | "S" if len(numbers) == 2:
                if points:
                    yield points
                points = [(numbers[0], numbers[1])]
            case "L" if len(numbers) == 2 and points:
                points.append((numbers[0], numbers[1]))
            case "C" if points:
                points.append(points[0])
            case _:
                if points:
                    yield points
                points = []
    if points:
        yield points


def _straight(one: Point, other: Point) -> Iterator[Ruling]:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    if y1 - y0 <= _STRAIGHT and x1 - x0 >= _SHORTEST:
        yield Ruling(x0 * _POINTS, y0 * _POINTS, x1 * _POINTS, y0 * _POINTS)
    elif x1 - x0 <= _STRAIGHT and y1 - y0 >= _SHORTEST:
        yield Ruling(x0 * _POINTS, y0 * _POINTS, x0 * _POINTS, y1 * _POINTS)


def glyphs_of(words: str, box: Box, base: float, size: float, steps: Sequence[float]) -> list[Glyph]:
    """The characters of a text, in points. `steps` are the distances between them; even ones where missing.

    `box`, `base` and `size` are millimetres.
    """
    left, top, right, bottom = box
    even = (right - left) / max(1, len(words))
    distances = [*steps[: len(words) - 1], *[even] * (len(words) - 1 - len(steps))]
    places = list(accumulate(distances, initial=left))
    return [
        Glyph(
            char,
            (x * _POINTS, top * _POINTS, (x + min(size, step)) * _POINTS, bottom * _POINTS),
            (x * _POINTS, base * _POINTS),
            size * _POINTS,
            0,
        )
        for char, x, step in zip(words, places, [*distances, min(size, even)], strict=True)
    ]


def tables_of(
    rulings: Sequence[Ruling], texts: Sequence[Sequence[Glyph]]
) -> tuple[list[tuple[float, tuple[TableRow, ...]]], set[int]]:
    """The tables, each with its upper edge in points, and the numbers of the texts that are in them."""
    found = grids(rulings) if len(rulings) <= MOST_RULINGS else []
    if not found:
        return [], set()
    tables, outside = filled(found, [glyph for text in texts for glyph in text])
    left = {id(glyph) for glyph in outside}
    inside = {at for at, text in enumerate(texts) if text and not any(id(glyph) in left for glyph in text)}
    kept = {id(glyph) for at in inside for glyph in texts[at]}
    rows = []
    for table in tables:
        for cell in table.glyphs:  # a text that only begins in a table is no part of it
            table.glyphs[cell] = [glyph for glyph in table.glyphs[cell] if id(glyph) in kept]
        filled_cells = {cell: glyphs for cell, glyphs in table.glyphs.items() if glyphs}
        rows.append((table.box[1], rows_of(type(table)(table.grid, filled_cells), _UNTURNED)))
    return rows, inside
