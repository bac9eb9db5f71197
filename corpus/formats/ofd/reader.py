"""Reads OFD (GB/T 33190): a zip of XML pages with text in TextCode elements with coordinates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

from corpus.errors import UnreadableDocument
from corpus.formats.ofd.container import MOST_PAGES, ROOT, OfdContainer, local_name
from corpus.formats.ofd.tables import glyphs_of, rulings_of, tables_of
from corpus.formats.pages.text import PAGE_NUMBER, Page, PageLine, TableRow, read_text
from corpus.formats.pdf.content import MOST_RULINGS, Glyph, Ruling
from corpus.formats.received import ReadText, Received
from corpus.formats.zip_container import DAMAGE, Container, opened

_RESAVE = "Open it in an OFD reader, save it again or export its text, and load that"
_FAR = 1e6  # millimetres; limits coordinates, which may be arbitrarily long strings of digits
_POINTS = 72 / 25.4  # in a millimetre, the unit of OFD
_LONGEST = 3_000_000  # characters; a paper of 500 pages has 500,000
_LONGEST_ATTRIBUTE = 200  # characters; four numbers take 40


@dataclass(frozen=True, slots=True)
class _Run:
    """Text with its position on the page, in millimetres from the upper left corner."""

    x: float
    y: float  # position of the baseline
    right: float
    size: float
    words: str
    top: float
    bottom: float
    steps: str = ""  # distances of its characters, as written


def read(received: Received) -> ReadText:
    """Reads an OFD. Raises UnreadableDocument for a damaged zip, a zip that is not an OFD, or no text."""
    name = received.name
    try:
        with opened(received.data) as archive:
            return _read(archive, name=name)
    except (ElementTree.ParseError, ValueError) as error:
        raise UnreadableDocument(name, f"its XML is damaged ({error})", _RESAVE) from error
    except DAMAGE as error:
        raise UnreadableDocument(name, f"its zip container is damaged ({error})", _RESAVE) from error


def _read(archive: Container, *, name: str) -> ReadText:
    ofd = OfdContainer(archive)
    if ROOT not in ofd.members:
        raise UnreadableDocument(name, "it is a zip file but not an OFD", _RESAVE)
    paths = ofd.pages()
    if len(paths) > MOST_PAGES:
        raise UnreadableDocument(name, f"it has more than {MOST_PAGES} pages", "Split it")
    pages, length = list[Page](), 0
    for number, path in enumerate(paths, 1):
        runs, rulings = _drawn(ofd, path)
        pages.append(Page(number, tuple(_lines_and_rows(runs, rulings))))
        length += sum(len(run.words) for run in runs)
        if length > _LONGEST:
            raise UnreadableDocument(name, f"it has more than {_LONGEST} characters", "Split it")
    read = read_text(pages)
    if not read.original.strip():
        raise UnreadableDocument(
            name, "its pages contain no text (perhaps pictures)", "Recognise its text first (OCR)"
        )
    return read


def _drawn(ofd: OfdContainer, path: str) -> tuple[list[_Run], list[Ruling]]:
    """The texts and the ruling lines of a page."""
    runs, rulings = list[_Run](), list[Ruling]()
    for item in ofd.elements(path, "TextObject", "PathObject"):
        left, top, width, height = _numbers(item.get("Boundary"), 4)
        if local_name(item.tag) == "PathObject":
            if len(rulings) <= MOST_RULINGS:
                rulings += rulings_of(item, left, top)
            continue
        size = _numbers(item.get("Size"), 1)[0] or 5.0
        for code in item:
            if local_name(code.tag) == "TextCode" and (code.text or "").strip():
                x, y = _numbers(code.get("X"), 1)[0], _numbers(code.get("Y"), 1)[0]
                words = (code.text or "").strip("\n\r\t ")
                bottom = top + abs(height or size)
                steps = (code.get("DeltaX") or "")[: 20 * len(words)]
                runs.append(_Run(left + x, top + y, left + width, size, words, top, bottom, steps))
    return runs, rulings


def _lines_and_rows(runs: list[_Run], rulings: list[Ruling]) -> list[PageLine | TableRow]:
    """Lines and rows of tables from top to bottom."""
    if not rulings:
        return list(_visual_lines(runs))
    tables, inside = tables_of(rulings, [_glyphs(run) for run in runs])
    lines = _visual_lines([run for at, run in enumerate(runs) if at not in inside])
    blocks: list[tuple[float, Sequence[PageLine | TableRow]]] = [(line.box[1], [line]) for line in lines]
    return [item for _, block in sorted([*blocks, *tables], key=lambda block: block[0]) for item in block]


def _glyphs(run: _Run) -> list[Glyph]:
    return glyphs_of(run.words, (run.x, run.top, run.right, run.bottom), run.y, run.size, _steps(run.steps))


def _steps(written: str) -> list[float]:
    """Distances as OFD writes them: "5.5 5.5 2.7", or "g 3 5.5" for three alike."""
    steps: list[float] = []
    parts = iter(written.split())
    for part in parts:
        if part == "g":
            count, step = next(parts, "0"), next(parts, "")
            steps += _numbers(step, 1) * min(len(written), int(_numbers(count, 1)[0]))
        else:
            steps += _numbers(part, 1)
    return steps


def _numbers(value: str | None, count: int) -> list[float]:
    """The first `count` numbers of an attribute; 0 for missing ones."""
    parts = re.findall(r"-?\d+(?:\.\d+)?", (value or "")[:_LONGEST_ATTRIBUTE])[:count]
    found = [max(-_FAR, min(_FAR, float(part))) for part in parts]
    return found + [0.0] * (count - len(found))


def _visual_lines(runs: list[_Run]) -> list[PageLine]:
    """Joins runs on one baseline from left to right."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (run.y, run.x)):
        alone = PAGE_NUMBER.fullmatch(run.words)  # a page number may be on the baseline of the last line
        if lines and not alone and abs(run.y - lines[-1][0].y) < 0.4 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_together(sorted(line, key=lambda run: run.x)) for line in lines]


def _together(runs: list[_Run]) -> PageLine:
    words = [runs[0].words]
    for left, right in pairwise(runs):
        words += (" " if right.x - left.right > 0.8 * right.size else "", right.words)
    reach, bottom = max(run.right for run in runs), max(run.bottom for run in runs)
    top = min(run.top for run in runs)
    box = (runs[0].x * _POINTS, top * _POINTS, reach * _POINTS, bottom * _POINTS)
    return PageLine("".join(words), box, runs[0].size * _POINTS)
