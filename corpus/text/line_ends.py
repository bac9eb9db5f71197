"""Restores line ends of papers on one line, with blanks where lines ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus.notation.characters import HAN
from corpus.notation.labels.reading import find_label
from corpus.text.source_text import Line

# A blank between Chinese characters or marks, or before a number or a label
_LINE_END = re.compile(
    rf"(?<=[{HAN}，。；：！？!?）》”、\d])[ \t\u3000\xa0]+"
    rf"(?=[{HAN}（《“【]|\d{{1,2}}[.．、]|\d{{4}}年)"
)
# A paper with at most so many lines, one of them at least so long, has lost its line ends.
_FEW_LINES, _LONG_LINE = 3, 300
# Longest label, and longest bracket with a blank in it, in characters.
_LONGEST_LABEL, _LONGEST_BRACKET = 80, 60


def restore_line_ends(lines: list[Line]) -> list[Line]:
    """Splits the lines of a flattened paper where lines ended; returns other papers unchanged."""
    if len(lines) > _FEW_LINES:
        return lines
    return [piece for line in lines for piece in (_pieces(line) if len(line.text) >= _LONG_LINE else [line])]


def _pieces(line: Line) -> list[Line]:
    ends = [0, *_line_ends(line.text), len(line.text)]
    pieces = [line.cut(start, end).stripped() for start, end in pairwise(ends)]
    return [pieces[0], *(replace(piece, heading=False) for piece in pieces[1:])]


def _line_ends(text: str) -> Iterator[int]:
    """Yields the offsets where lines of a flattened text ended: not after a label, and not in brackets."""
    at = 0
    while True:
        label = find_label(text[at : at + _LONGEST_LABEL])
        begin = at + label.end if label is not None else at
        blanks = _LINE_END.finditer(text, begin)
        cut = next((blank for blank in blanks if not _in_brackets(text, at, blank.start())), None)
        if cut is None:
            return
        at = cut.end()
        yield at


def _in_brackets(text: str, start: int, at: int) -> bool:
    """Whether a round bracket that was opened shortly before `at` is still open there."""
    before = text[max(start, at - _LONGEST_BRACKET) : at]
    return max(before.rfind("（"), before.rfind("(")) > max(before.rfind("）"), before.rfind(")"))
