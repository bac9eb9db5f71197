"""Divides a sentence into segments at commas and colons, and sets aside what stands in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = "，,：:"
_PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "【": "】", "[": "]", "〔": "〕", "「": "」"}
_QUOTES = "《“「"  # what stands in them is a name and stays readable
# Takes the place of characters in brackets; matches no phrase, and keeps every offset.
HIDDEN = "\ufffc"
_SHORTEST_HIDDEN = 2
_INCLUSIVE = re.compile("不?含(?:[0-9０-９].*)?\\Z")  # （含）, （含500亩）: belongs to the figure in front
# "前两年全额补贴、第三年补贴50%"
_PERIOD = re.compile("[前后第][一二三四五六七八九十两0-9]{1,3}个?(?:年|月|季度)")
_PAID = re.compile(r"(?:全额|全部|减半|免|[%％元])[^，,。、]{0,8}\Z")
_NEAR = 16  # characters before a 、


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence between commas. `start` and `end` are offsets in the sentence."""

    start: int
    end: int
    text: str  # without white space at either end; brackets hidden, one character for one
    bracketed: bool = False  # the inside of brackets in the segment before
    mark: str = ""  # the comma or colon behind it


def segments(sentence: str) -> tuple[Segment, ...]:
    """Returns the segments of a sentence in order, each followed by those of its brackets."""
    closing = _matched(sentence)
    return tuple(_between(sentence, 0, len(sentence), closing, bracketed=False))


def with_hidden(text: str) -> str:
    """Returns the text with what stands in brackets hidden, one character for one."""
    shown = list(text)
    for opening, closes in _matched(text).items():
        if text[opening] not in _QUOTES and not _INCLUSIVE.match(text, opening + 1, closes):
            shown[opening : closes + 1] = HIDDEN * (closes + 1 - opening)
    return "".join(shown)


def _matched(text: str) -> dict[int, int]:
    """Returns the offset of the closing bracket for that of each opening one that has its partner."""
    open_at: list[int] = []
    pairs: dict[int, int] = {}
    for place, char in enumerate(text):
        if char in _PAIRS:
            open_at.append(place)
        elif open_at and char == _PAIRS[text[open_at[-1]]]:
            pairs[open_at.pop()] = place
    return pairs


def _between(text: str, start: int, end: int, closing: dict[int, int], *, bracketed: bool) -> list[Segment]:
    found: list[Segment] = []
    inner: list[tuple[int, int]] = []
    begin = place = start
    while place <= end:
        if place == end or _divides(text, place):
            found += _piece(text, begin, place, inner, closing, bracketed=bracketed)
            begin, inner = place + 1, []
        elif place in closing and closing[place] < end:
            if text[place] not in _QUOTES:
                inner.append((place, closing[place]))
            place = closing[place]
            if text.startswith("对", place + 1):  # a remark in brackets ends what was said before it
                found += _piece(text, begin, place + 1, inner, closing, bracketed=bracketed)
                begin, inner = place + 1, []
        place += 1
    return found


def _piece(
    text: str, start: int, end: int, inner: list[tuple[int, int]], closing: dict[int, int], *, bracketed: bool
) -> list[Segment]:
    """Returns the segment at start:end, and those of its brackets."""
    found = _segment(text, start, end, inner, bracketed=bracketed)
    if not bracketed:
        for left, right in inner:
            found += _between(text, left + 1, right, closing, bracketed=True)
    return found


def _divides(text: str, place: int) -> bool:
    """Whether a segment ends here: at a comma, a colon, or a 、 before somebody else or a year."""
    if text[place] == "、":
        named = text.startswith("对", place + 1)
        return named or bool(
            _PERIOD.match(text, place + 1) and _PAID.search(text, max(0, place - _NEAR), place)
        )
    return text[place] in _MARKS and not _in_number(text, place)


def _in_number(text: str, place: int) -> bool:
    """Whether the mark belongs to a number: 1,000, 1，000 or 1:1."""
    if not (text[place - 1 : place].isdecimal() and text[place + 1 : place + 2].isdecimal()):
        return False
    behind = text[place + 1 : place + 5]
    return text[place] in ":：" or (
        text[place] in ",，"
        and behind[:3].isdecimal()
        and not behind[3:].isdecimal()
        and not text[max(0, place - 4) : place].isdecimal()
    )


def _segment(
    text: str, start: int, end: int, inner: list[tuple[int, int]], *, bracketed: bool
) -> list[Segment]:
    words = text[start:end]
    left, right = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
    if left >= right:
        return []
    shown = list(text[left:right])
    for opening, closes in inner:
        if closes - opening >= _SHORTEST_HIDDEN and not _INCLUSIVE.match(text, opening + 1, closes):
            shown[opening - left : closes + 1 - left] = HIDDEN * (closes + 1 - opening)
    return [Segment(left, right, "".join(shown), bracketed, text[end : end + 1])]
