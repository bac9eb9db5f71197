"""Reads the mark at the end of a line again where it may be outside of the line's box.

A comma at the right margin hangs over it and is so light that the box of the line may end before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.ocr.model import Engine, ReadLine

if TYPE_CHECKING:
    from PIL.Image import Image

_MARKS = "，。、；：！？）》”,;:)."
_TAIL = 5.0  # line heights before the end of the box that are read again
_BEYOND = 1.0  # line heights behind it
_SEARCHED = 0.6  # line heights behind it in which there must be ink
_INK = 0.006  # share of dots: a comma has 2 %, specks less than 0.5 %
_DARK = 110  # of 255; thin strokes are lighter than thick ones
_PAPER = 245
_MOST = 12  # lines of a page; on a page with a frame or specks everywhere there is ink behind every line


def with_hanging_marks(
    picture: Image, lines: Sequence[ReadLine], again: Sequence[str | None], engine: Engine
) -> list[ReadLine]:
    """The lines, with the marks at their ends. `again`: the second reading of each, None without one."""
    doubtful = [
        line
        for line, second in zip(lines, again, strict=True)
        if _lacks_mark(line) and (_ends_with_mark(second) or _has_ink_behind(picture, line, lines))
    ]
    if len(doubtful) > _MOST:
        return list(lines)
    mended = {id(line): _mended(picture, line, engine) for line in doubtful}
    return [mended.get(id(line), line) for line in lines]


def _lacks_mark(line: ReadLine) -> bool:
    return len(line.text) > 2 and line.text[-1].isalnum()


def _ends_with_mark(second: str | None) -> bool:
    return second is not None and second[-1:] != "" and second[-1] in _MARKS


def _has_ink_behind(picture: Image, line: ReadLine, lines: Sequence[ReadLine]) -> bool:
    import numpy as np

    _, top, right, bottom = line.box
    # A comma is in the lower half, a stop in the middle where text is centred.
    area = (right, top + 0.35 * line.height, right + _SEARCHED * line.height, bottom)
    if any(other is not line and _overlap(other, area) for other in lines):
        return False
    dots = np.asarray(picture.crop((round(area[0]), round(area[1]), round(area[2]), round(area[3]))))
    return bool(dots.size) and float((dots < _DARK).mean()) > _INK


def _overlap(line: ReadLine, area: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = line.box
    middle = (top + bottom) / 2
    return left < area[2] and right > area[0] and area[1] < middle < area[3]


def _mended(picture: Image, line: ReadLine, engine: Engine) -> ReadLine:
    from PIL import Image

    left, top, right, bottom = line.box
    start = max(left, right - _TAIL * line.height)
    end = min(float(picture.width), right + _BEYOND * line.height)
    tail = picture.crop((round(start), round(top) - 4, round(end), round(bottom) + 4))
    border = round(line.height)
    page = Image.new("L", (tail.width + 2 * border, tail.height + 2 * border), _PAPER)
    page.paste(tail, (border, border))
    pieces = engine.read(page)
    if not pieces:
        return line
    last = max(pieces, key=lambda piece: piece.box[2]).text
    if len(last) > 2 and last[-1] in _MARKS and line.text.endswith(last[-3:-1]):
        # The box ends with the mark, which is half of a line's height wide.
        box = (left, top, min(end, right + 0.4 * line.height), bottom)
        return replace(line, text=line.text + last[-1].replace(".", "，"), box=box)
    return line
