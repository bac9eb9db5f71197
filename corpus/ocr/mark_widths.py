"""Tells from the width of a line whether its marks are those of Chinese text or of half their width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.notation.characters import HAN_CHARACTER
from corpus.ocr.model import ReadLine

# Each mark in the width of a Chinese character and in half of it, which engines take for one another.
_PAIRS = {"（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "？": "?", "！": "!", "〔": "[", "〕": "]"}
_MARKS = "".join(_PAIRS) + "".join(_PAIRS.values())
_TO_NARROW = str.maketrans(_PAIRS)
_LATIN = re.compile(r"[A-Za-zⅠ-ⅿ]")
_FEWEST = 8  # characters of a line that shows the size of the characters
_SAME_HEIGHT = 0.2  # lines whose heights differ by less have characters of one size
# In widths of a Chinese character:
_WIDTHS = {False: 1.0, True: 0.3}  # of a mark; True: of half width
_DIGIT, _QUOTE = 0.54, 0.4  # about the same in the fonts of print
_BLANK = 0.6  # beside a mark of full width at the end of a line, or a bracket at its beginning
_CLEAR = 0.4  # by so much a line must be nearer to one width than to the other
_MOST = 0.7  # share of the clear lines of a page that decide for those that are not


@dataclass(frozen=True, slots=True)
class MarkWidths:
    """Size and height of the characters of most lines of a page, and which marks most of them have."""

    size: float  # dots; 0 when no line shows it
    height: float
    mostly_narrow: bool = False

    @classmethod
    def of(cls, lines: Sequence[ReadLine]) -> MarkWidths:
        """Measures the lines that consist of Chinese characters, which are all of one width."""
        plain = [line for line in lines if len(line.text) >= _FEWEST and _is_plain(line.text)]
        if not plain:
            return cls(0.0, 0.0)
        measured = cls(
            median(line.width / len(line.text) for line in plain), median(line.height for line in plain)
        )
        leanings = [measured._leaning(line) for line in lines]
        narrow = sum(leaning > _CLEAR for leaning in leanings)
        wide = sum(leaning < -_CLEAR for leaning in leanings)
        return replace(measured, mostly_narrow=narrow > _MOST * (narrow + wide))

    def are_narrow(self, line: ReadLine) -> bool:
        """Whether the marks of the line are of half width; where it is not clear, those of the page."""
        leaning = self._leaning(line)
        return leaning > 0 if abs(leaning) > _CLEAR else self.mostly_narrow

    def _leaning(self, line: ReadLine) -> float:
        """By how much the line is nearer to its width with narrow marks than to that with wide ones."""
        if not self.size or abs(line.height - self.height) > _SAME_HEIGHT * self.height:
            return 0.0
        if _LATIN.search(line.text):  # "I" is a third as wide as "M"
            return 0.0
        width = line.width / self.size
        return abs(width - _width(line.text, False)) - abs(width - _width(line.text, True))


def with_narrow_marks(text: str) -> str:
    """The line with marks of half width; of the same length."""
    return text.translate(_TO_NARROW)


def _is_plain(text: str) -> bool:
    return all(HAN_CHARACTER.match(character) or character in "、。" for character in text[:-1]) and bool(
        HAN_CHARACTER.match(text[-1])
    )


def _usual(character: str) -> float:
    if ord(character) >= 0x2000:
        return 1.0
    return _QUOTE if character in "\"' " else _DIGIT


def _width(text: str, narrow: bool) -> float:
    width = sum(_WIDTHS[narrow] if character in _MARKS else _usual(character) for character in text)
    edges = [text[:1] in "(（《“〔", text[-1:] in "。、》”〕" + _MARKS]
    inside = [text[:1] in _MARKS and narrow, text[-1:] in _MARKS and narrow]
    return width - sum(_BLANK for edge, free in zip(edges, inside, strict=True) if edge and not free)
