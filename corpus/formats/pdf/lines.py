"""Makes lines of the characters of a page by their positions."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.formats.pages.lines import PageLine
from corpus.formats.pdf.content import Box, Glyph, says_nothing
from corpus.model import Notice, Span

# In sizes of a character:
_ASCENT, _DESCENT = 0.8, 0.1  # how far characters reach above and below their baseline
_ASCENT_OF_BOX, _DESCENT_OF_BOX = 0.88, 0.12  # of the square of a Chinese character
_SAME_PLACE = 0.12  # a character drawn twice so near itself is bold print
_PIECE_GAP = 1.5  # a wider gap parts two pieces of a line: columns, a name and a date
_WORD_GAP = 0.2  # a gap between Latin letters that is a blank
_HAN_GAP = 0.8  # the same beside a Chinese character, which justification moves apart
_OVERLAP = 0.5  # two texts that cover each other so far are two lines: a stamp over a text
_COMMON_HEIGHT = 0.6  # share of the lower of two texts on one line that the higher one covers
_NARROW_BLANK = 0.18  # a blank in Chinese text is a quarter as wide as a character
_FEW_PAIRS = 3  # Chinese characters side by side on a line, from which their usual distance is known
_FIRST_HAN = "\u3400"
_LIGATED = "ft"  # letters of which two are drawn as one sign
_MOST_UNLIKE = 2.0  # sizes on one line differ at most by this factor (superscripts)
_MOST_LAYERS = 4  # texts over each other; more cannot be told apart
_NEAR = 4  # lines above that a character may still belong to


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of a line without a wide gap. The box is in the frame in which the text is upright."""

    text: str
    box: Box
    base: float  # position of the baseline
    size: float


@dataclass(frozen=True, slots=True)
class OnPage:
    """A page by its size, and the turn of a text on it."""

    width: float
    height: float
    turn: int


@dataclass(slots=True)
class _Row:
    """Characters on about one baseline."""

    top: float
    bottom: float
    size: float
    members: list[tuple[int, Glyph]]


def upright(glyphs: Iterable[Glyph], turn: int, *, width: float, height: float) -> list[Glyph]:
    """The characters with that turn, in the frame in which they are upright."""
    if turn == 0:
        return [glyph for glyph in glyphs if glyph.turn == 0]
    return [
        replace(
            glyph,
            box=turned(glyph.box, turn, width=width, height=height),
            base=turned((*glyph.base, *glyph.base), turn, width=width, height=height)[:2],
        )
        for glyph in glyphs
        if glyph.turn == turn
    ]


def turned(box: Box, turn: int, *, width: float, height: float) -> Box:
    """A box of the page in the frame in which text with that turn is upright."""
    left, top, right, bottom = box
    match turn:
        case 1:
            return height - bottom, left, height - top, right
        case 2:
            return width - right, height - bottom, width - left, height - top
        case 3:
            return top, width - right, bottom, width - left
        case _:
            return box


def turned_back(box: Box, turn: int, *, width: float, height: float) -> Box:
    """A box of that frame on the page: turning by the rest of a whole turn."""
    if turn % 2:
        return turned(box, 4 - turn, width=height, height=width)
    return turned(box, turn, width=width, height=height)


def pieces_of(glyphs: Sequence[Glyph]) -> list[Piece]:
    """The pieces of all lines, from top to bottom and left to right. Time n log n."""
    rows = _rows(_once([glyph for glyph in glyphs if not glyph.char.isspace()]))
    spaces = sorted((glyph.base[1], glyph.base[0], glyph.char) for glyph in glyphs if glyph.char.isspace())
    pieces: list[Piece] = []
    for row in rows:
        first = bisect_left(spaces, (row.top,))
        last = bisect_left(spaces, (row.bottom + 0.01,))
        blanks = sorted((x, char) for _, x, char in spaces[first:last])
        for layer in _layers(row.members):
            pieces += _pieces(sorted(layer, key=lambda glyph: glyph.base[0]), blanks)
    return pieces


def _once(glyphs: list[Glyph]) -> list[tuple[int, Glyph]]:
    """The characters with their place in the file, without those drawn a second time in the same place."""
    kept: list[tuple[int, Glyph]] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for index, glyph in enumerate(glyphs):
        near = max(0.5, _SAME_PLACE * glyph.size)
        if kept and _is_ligature(glyph, kept[-1][1]) and kept[-1][0] == index - 1:
            kept.append((index, glyph))
            continue
        (x, y), step = glyph.base, 2 * near
        column, line = round(x / step), round(y / step)
        around = [
            other
            for i in (column - 1, column, column + 1)
            for j in (line - 1, line, line + 1)
            for other in seen.get((glyph.char, i, j), ())
        ]
        if any(abs(other.base[0] - x) <= near and abs(other.base[1] - y) <= near for other in around):
            continue
        seen.setdefault((glyph.char, column, line), []).append(glyph)
        kept.append((index, glyph))
    return kept


def _is_ligature(glyph: Glyph, before: Glyph) -> bool:
    """Whether the letters are drawn as one: ff and ffi have the place of the whole sign."""
    return glyph.char == before.char and glyph.char in _LIGATED and glyph.base == before.base


def _rows(glyphs: list[tuple[int, Glyph]]) -> list[_Row]:
    """Characters grouped by baseline; a superscript belongs to the line beside it."""
    rows: list[_Row] = []
    for index, glyph in sorted(glyphs, key=lambda entry: (entry[1].base[1], entry[1].base[0])):
        top, bottom = glyph.base[1] - _ASCENT * glyph.size, glyph.base[1] + _DESCENT * glyph.size
        for row in reversed(rows[-_NEAR:]):
            low, high = sorted((row.size, glyph.size))
            common = min(bottom, row.bottom) - max(top, row.top)
            if high <= _MOST_UNLIKE * low and common >= _COMMON_HEIGHT * low * (_ASCENT + _DESCENT):
                row.members.append((index, glyph))
                if glyph.size > row.size:
                    row.top, row.bottom, row.size = top, bottom, glyph.size
                break
        else:
            rows.append(_Row(top, bottom, glyph.size, [(index, glyph)]))
    return sorted(rows, key=lambda row: (row.bottom, row.top))


def _layers(members: list[tuple[int, Glyph]]) -> list[list[Glyph]]:
    """Parts texts that cover each other: each run of the file goes to the first layer with room for it."""
    members = sorted(members, key=lambda entry: entry[0])
    runs: list[list[Glyph]] = []
    for (before, _), (index, glyph) in zip([(-9, members[0][1]), *members], members, strict=False):
        last = runs[-1][-1] if runs else None
        if last is not None and index - before <= 2 and glyph.base[0] >= last.base[0]:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    layers: list[_Layer] = []
    for run in runs:
        left, right = run[0].box[0], max(glyph.box[2] for glyph in run)
        slack = _OVERLAP * run[0].size
        layer = next((each for each in layers if each.has_room(left, right, slack)), None)
        if layer is None and len(layers) < _MOST_LAYERS:
            layer = _Layer([], [])
            layers.append(layer)
        layer = layer or layers[-1]
        insort(layer.taken, (left, right))
        layer.glyphs += run
    return [layer.glyphs for layer in layers]


@dataclass(slots=True)
class _Layer:
    """Characters of a line that do not cover each other, and the parts of the line that they take."""

    taken: list[tuple[float, float]]
    glyphs: list[Glyph]

    def has_room(self, left: float, right: float, slack: float) -> bool:
        at = bisect_left(self.taken, (left, right))
        free = at == 0 or self.taken[at - 1][1] <= left + slack
        return free and (at == len(self.taken) or self.taken[at][0] >= right - slack)


def _pieces(glyphs: list[Glyph], blanks: list[tuple[float, str]]) -> list[Piece]:
    result: list[Piece] = []
    parts = [glyphs[0].char]
    first = at = 0
    pitch = _pitch(glyphs)
    for index, (left, right) in enumerate(pairwise(glyphs), 1):
        gap = right.box[0] - _right(left)
        while at < len(blanks) and blanks[at][0] < left.base[0]:
            at += 1
        blank = at < len(blanks) and blanks[at][0] < right.base[0]
        if gap > _PIECE_GAP * max(left.size, right.size):
            result.append(_piece("".join(parts), glyphs[first:index]))
            first, parts = index, [right.char]
            continue
        if blank:
            wide = any(char == "\u3000" for x, char in blanks[at : at + 4] if x < right.base[0])
            parts.append("\u3000" if wide else " ")
        elif gap > _blank(left, right) or (pitch is not None and _is_apart(left, right, pitch)):
            parts.append(" ")
        parts.append(right.char)
    result.append(_piece("".join(parts), glyphs[first:]))
    return result


def _blank(left: Glyph, right: Glyph) -> float:
    """Length from which on a gap between the characters is a blank."""
    return (_HAN_GAP if _wide(left.char) or _wide(right.char) else _WORD_GAP) * right.size


def _pitch(glyphs: list[Glyph]) -> float | None:
    """How far apart Chinese characters of the line are, in their sizes; None where it has too few."""
    steps = sorted(
        (right.base[0] - left.base[0]) / right.size
        for left, right in pairwise(glyphs)
        if _are_han(left, right)
    )
    return steps[len(steps) // 2] if len(steps) >= _FEW_PAIRS else None


def _is_apart(left: Glyph, right: Glyph, pitch: float) -> bool:
    """Whether two Chinese characters are parted by a narrow blank: some programs move on instead of one."""
    step = (right.base[0] - left.base[0]) / right.size
    return _are_han(left, right) and step - pitch > _NARROW_BLANK


def _are_han(left: Glyph, right: Glyph) -> bool:
    return (
        left.char >= _FIRST_HAN and right.char >= _FIRST_HAN and left.char.isalpha() and right.char.isalpha()
    )


def _right(glyph: Glyph) -> float:
    """Right end of the character. Some fonts give the box of its ink, which ends within its square."""
    return max(glyph.box[2], glyph.base[0] + 0.98 * glyph.size) if _wide(glyph.char) else glyph.box[2]


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"


def _piece(text: str, glyphs: list[Glyph]) -> Piece:
    sizes = sorted(glyph.size for glyph in glyphs)
    size = sizes[len(sizes) // 2]
    left = min(glyphs[0].base[0], glyphs[0].box[0])
    right = max(left, *(_right(glyph) for glyph in glyphs[-2:]))
    # From the baseline, not from the ink of the characters, so that the distance of lines is regular.
    base = max(glyph.base[1] for glyph in glyphs if glyph.size >= size)
    box = (left, base - _ASCENT_OF_BOX * sizes[-1], right, base + _DESCENT_OF_BOX * sizes[-1])
    return Piece(text, box, base, size)


def line_of(pieces: Sequence[Piece], on_page: OnPage) -> PageLine:
    """The pieces of a line, in order, as one line."""
    box = around([piece.box for piece in pieces])
    back = turned_back(box, on_page.turn, width=on_page.width, height=on_page.height)
    text = " ".join(piece.text for piece in pieces)
    size = max(pieces, key=lambda piece: len(piece.text)).size
    return PageLine(text, box, size, tuple(_unnamed(text)), back if on_page.turn else None)


def _unnamed(text: str) -> Iterator[Notice]:
    for at, char in enumerate(text):
        if says_nothing(char):
            message = f"the file does not say which character this is (U+{ord(char):04X}); compare the page"
            yield Notice("unmapped", message, Span(at, at + 1))


def around(boxes: Sequence[Box]) -> Box:
    """The box around all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
