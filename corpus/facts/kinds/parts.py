"""Parts of a sentence between commas."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from corpus.model import Span

_OPEN, _CLOSE = "（([［【〔《“‘「『", "）)]］】〕》”’」』"
_COMMAS = "，,"
# Characters. A longer run without a comma is no language; it is cut, so that what is read of a part
# stays small.
_LONGEST_PART = 400
# "（责任单位：市财政局）", "联系电话：12345678）": what is left of the sentence before
_REMARK = re.compile(r"\s*(?:[（(][^（）()]{0,200}[）)]\s*)+|[^（(）)]{0,120}[）)]\s*")
_DIGITS = frozenset("0123456789０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a text, in order; commas inside brackets, quotation marks and numbers do not divide."""

    text: str
    spans: tuple[Span, ...]
    _starts: tuple[int, ...]

    @classmethod
    @lru_cache(maxsize=16)  # several readers of facts divide a sentence before the next one is read
    def of(cls, text: str) -> Parts:
        """Divides a text. Takes time linear in its length."""
        remark = _REMARK.match(text)
        spans, start = list[Span](), remark.end() if remark else 0
        for at in (*_commas(text), len(text)):
            words = text[start:at]
            left = start + len(words) - len(words.lstrip())
            right = start + len(words.rstrip())
            spans += (
                Span(begin, min(begin + _LONGEST_PART, right)) for begin in range(left, right, _LONGEST_PART)
            )
            start = at + 1
        if not spans:  # nothing but a remark: it is read as it stands
            spans = [Span(0, len(text))]
        return cls(text, tuple(spans), tuple(span.start for span in spans))

    def index(self, offset: int) -> int:
        """The number of the part that contains `offset`, or of the one before it."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def at(self, offset: int) -> Span:
        """The part that contains `offset`, or the one before it."""
        return self.spans[self.index(offset)]


def _commas(text: str) -> list[int]:
    found: list[int] = []
    inside = _inside_brackets(text)
    for at, char in enumerate(text):
        if char in _COMMAS and not inside[at]:
            between = text[at - 1 : at] in _DIGITS and text[at + 1 : at + 2] in _DIGITS
            if not (char == "," and between):
                found.append(at)
    return found


def _inside_brackets(text: str) -> bytearray:
    """Marks the characters inside pairs of brackets; a bracket without its partner counts as a letter."""
    opened, pairs = list[int](), list[tuple[int, int]]()
    for at, char in enumerate(text):
        if char in _OPEN:
            opened.append(at)
        elif char in _CLOSE and opened:
            pairs.append((opened.pop(), at))
    inside, reach = bytearray(len(text)), 0
    for start, end in sorted(pairs):
        if start >= reach:
            inside[start:end] = b"\x01" * (end - start)
            reach = end
    return inside
