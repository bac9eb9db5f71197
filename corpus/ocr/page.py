"""Recognises the text of a page: levels it, reads it, and reads its figures again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.ocr.line_ends import with_hanging_marks
from corpus.ocr.mark_widths import MarkWidths, with_narrow_marks
from corpus.ocr.marks import is_page_number, with_chinese_marks, with_year_brackets
from corpus.ocr.model import CheckedLine, Engine, ReadLine, RecognisedPage
from corpus.ocr.second_reading import disagreements, states_figures
from corpus.ocr.skew import skew_of

if TYPE_CHECKING:
    from PIL.Image import Image

_READABLE = 0.5  # score; below it an engine reads strokes of a seal or a picture as characters
_GOOD = 0.8  # mean score; pages of text that stand upright score 0.95 and more
_FEWEST = 3  # pieces; fewer do not show which way up a page is
_WHITE = 255
# Degrees that the engines cope with: they level each line by itself. Turning the picture blurs thin strokes.
_SLIGHT = 3.0


def recognise(picture: Image, engine: Engine) -> RecognisedPage:
    """Recognises a page of text. `picture` is grey (mode L)."""
    view = _upright(picture, engine)
    readable = [piece for piece in view.found if piece.score >= _READABLE and piece.text.strip()]
    again = _read_again(view.picture, readable, engine)
    mended = with_hanging_marks(view.picture, readable, again, engine)
    size = view.picture.size
    level = [
        _levelled(_checked(piece, second), view.tilt, size)
        for piece, second in zip(mended, again, strict=True)
    ]
    widths = MarkWidths.of([piece.line for piece in level])
    level = [_with_marks(piece, widths) for piece in level]
    unread = _with_characters(view.found) - _with_characters(readable)
    return RecognisedPage(tuple(level), view.turned + view.tilt, size, unread)


@dataclass(frozen=True, slots=True)
class _View:
    """A page turned by `turned` degrees, and what is read in it; it is level after `tilt` more degrees."""

    picture: Image
    turned: float
    tilt: float
    found: list[ReadLine]


def _upright(picture: Image, engine: Engine) -> _View:
    """The page turned so that it can be read."""
    best = _view(picture, 0.0, engine)
    if _is_good(best.found):
        return best
    quarters = (90.0, 270.0) if _is_sideways(best.found) else (180.0,)
    for quarter in quarters:
        turned = _view(picture, quarter, engine)
        if _is_good(turned.found) or _quality(turned.found) > _quality(best.found):
            best = turned
        if _is_good(best.found):
            break
    return best


def _view(picture: Image, turned: float, engine: Engine) -> _View:
    if turned:
        picture = picture.rotate(turned, expand=True)
    tilt = skew_of(picture)
    if abs(tilt) > _SLIGHT:
        from PIL.Image import Resampling

        picture = picture.rotate(tilt, resample=Resampling.BICUBIC, fillcolor=_WHITE)
        turned, tilt = turned + tilt, 0.0
    return _View(picture, turned, tilt, engine.read(picture))


def _levelled(checked: CheckedLine, tilt: float, size: tuple[int, int]) -> CheckedLine:
    """The line with the box that it has after the page was turned by `tilt` degrees around its middle."""
    if not tilt:
        return checked
    line = checked.line
    left, top, right, bottom = line.box
    sine, cosine = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
    across, down = (left + right - size[0]) / 2, (top + bottom - size[1]) / 2
    x = size[0] / 2 + across * cosine + down * sine
    y = size[1] / 2 - across * sine + down * cosine
    # The box is drawn around the tilted line.
    slope = abs(sine)
    width = max(1.0, (line.width * cosine - line.height * slope) / (cosine**2 - slope**2)) / 2
    height = max(1.0, (line.height * cosine - line.width * slope) / (cosine**2 - slope**2)) / 2
    return replace(checked, line=replace(line, box=(x - width, y - height, x + width, y + height)))


def _with_marks(piece: CheckedLine, widths: MarkWidths) -> CheckedLine:
    """The piece with the marks of Chinese text, in the width that they have on the page."""
    text = with_chinese_marks(piece.line.text)
    if widths.are_narrow(replace(piece.line, text=text)):
        text = with_year_brackets(with_narrow_marks(text))
    return replace(piece, line=replace(piece.line, text=text))


def _with_characters(pieces: Sequence[ReadLine]) -> int:
    return sum(any(map(str.isalnum, piece.text)) for piece in pieces)


def _is_good(pieces: Sequence[ReadLine]) -> bool:
    return len(pieces) < _FEWEST or (not _is_sideways(pieces) and _mean_score(pieces) >= _GOOD)


def _is_sideways(pieces: Sequence[ReadLine]) -> bool:
    """Whether most of what looks like lines runs from top to bottom."""
    tall = sum(piece.height for piece in pieces if piece.height > 1.5 * piece.width)
    wide = sum(piece.width for piece in pieces if piece.width > 1.5 * piece.height)
    return tall > wide


def _mean_score(pieces: Sequence[ReadLine]) -> float:
    """The mean score of a character."""
    characters = sum(len(piece.text) for piece in pieces)
    return sum(piece.score * len(piece.text) for piece in pieces) / characters if characters else 0.0


def _quality(pieces: Sequence[ReadLine]) -> float:
    """Orders the readings of one page turned in several ways: the most characters with certainty."""
    return sum(len(piece.text) * piece.score for piece in pieces if piece.score >= _READABLE)


def _read_again(level: Image, pieces: Sequence[ReadLine], engine: Engine) -> list[str | None]:
    """The second reading of each piece; None for those that are read once."""
    twice = [
        piece
        for piece in pieces
        if engine.reads_page_again or (states_figures(piece.text) and not is_page_number(piece.text))
    ]
    again = dict(zip(map(id, twice), engine.read_again(level, twice) if twice else (), strict=True))
    return [again.get(id(piece)) for piece in pieces]


def _checked(piece: ReadLine, second: str | None) -> CheckedLine:
    if second is None or is_page_number(piece.text):
        return CheckedLine(piece)
    return CheckedLine(piece, disagreements(piece.text, second))
