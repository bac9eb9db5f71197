"""Finds the classes that the sums of a 分别 list belong to, one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.facts.grants.segments import HIDDEN, with_hidden
from corpus.facts.grants.words import pattern

_JOINT = re.compile(r"\s*(?:、|(?<=”)(?=“)|以及|及(?!其|以[上下])|和|与|或者?)\s*")
_LONGEST = 400  # characters of a text that is searched for a list
_NUMERALS = "一二三四五六七八九十"
# Words before the first class: 首次获评国家级
_NAMED = re.compile(
    "(?:首次|新|当年|被|经|获)*(?:认定|评定|评选|评|授予|列入|纳入|入选|获得|获评|获批|通过)+(?:为|成为)?"
)
# "100万元以上至200万元以下", "500家以上": a step, with a comparison that tells it from a sum
_UNIT = "(?:平方米|公里|[元家亩人户吨台个名%％项件笔辆条])"
_FIGURE = rf"(?<![0-9０-９.．])[0-9０-９.．]{{1,16}}\s?[万亿千百]{{0,3}}\s?{_UNIT}?"
_INCLUDED = r"(?:[（(]不?含[^（()）]{0,8}[）)])?"
_STEP = re.compile(
    rf"{_FIGURE}\s?{_INCLUDED}及?以[上下]{_INCLUDED}(?:\s?[至到\-—~～]\s?{_FIGURE}(?:{_INCLUDED}及?以下)?)?"
)
_LEVEL_END = re.compile(r"(?:国家|全国|省|市|区|县)级?\Z")
_LEVEL_BEGIN = re.compile("(?:省|市|区|县)级")
_AWARD = "奖"
_SHORT = 8  # characters of a class that only qualifies: 国家级, 省
_ENTITY = pattern("entity", after=rf"(?:等|{HIDDEN})*\Z")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a list by offsets. `qualify`: they share words around them, as 国家、省级企业 do."""

    spans: tuple[tuple[int, int], ...]
    qualify: bool


def steps(text: str, start: int, end: int, count: int) -> tuple[tuple[int, int], ...]:
    """Returns the `count` steps of a list in text[start:end], 200户以上、800户以上, or nothing."""
    if end - start > _LONGEST:
        return ()
    return tuple((start + a, start + b) for a, b in _steps(with_hidden(text[start:end]), count))


def members(text: str, start: int, end: int, count: int) -> Members | None:
    """Returns the list of `count` members in text[start:end]; None when there is none."""
    if end - start > _LONGEST:
        return None
    found = _members(with_hidden(text[start:end]), count)
    return found and Members(tuple((start + a, start + b) for a, b in found.spans), found.qualify)


def _members(text: str, count: int) -> Members | None:
    if steps := _steps(text, count):
        return Members(steps, qualify=True)
    tokens = _tokens(text, 0, len(text))
    if len(tokens) == count and all(_is_noun(text[a:b]) for a, b in tokens):
        return Members(tuple(tokens), qualify=False)
    found = _qualifying(text, tokens, count)
    if found is None and len(tokens) == count:
        return Members(tuple(tokens), qualify=True)
    return found


def _steps(text: str, count: int) -> tuple[tuple[int, int], ...]:
    """The steps of a list of figures: 100万元以上至200万元以下、200万元以上. Empty if there are none."""
    found: list[tuple[int, int]] = []
    for step in _STEP.finditer(text):
        if found and not _JOINT.fullmatch(text, found[-1][1], step.start()):
            found = []
        found.append(step.span())
        if len(found) == count and not _JOINT.match(text, step.end()):
            return tuple(found)
    return ()


def _qualifying(text: str, tokens: list[tuple[int, int]], count: int) -> Members | None:
    for first in range(len(tokens) - count, -1, -1):
        if _are_numerals(text, tokens[first : first + count]):
            window = tokens[first : first + count]
            (_, stop), (begin, _) = window[0], window[-1]
            return Members(((stop - 1, stop), *window[1:-1], (begin, begin + 1)), qualify=True)
        window = tokens[first : first + count]
        if _alike(text, window):
            return Members(tuple(_cut(text, window)), qualify=True)
    return None


def _tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, begin = [], start
    for joint in _JOINT.finditer(text, start, end):
        if joint.start() > begin:
            found.append((begin, joint.start()))
        begin = joint.end()
    found = [*found, (begin, end)] if begin < end else found
    return [(first, first + len(text[first:stop].rstrip(HIDDEN))) for first, stop in found]


def _is_noun(words: str) -> bool:
    return len(words) > _SHORT or bool(_ENTITY.search(words))


def _alike(text: str, window: Sequence[tuple[int, int]]) -> bool:
    """Whether the members end alike, the last one near its beginning: 国家级、省级、市级的中心."""
    if _are_levels(text, window):
        return True
    mark = text[window[0][1] - 1]
    first = text[window[0][0] : window[0][1]]
    inner = all(text[end - 1] == mark and end - begin <= _SHORT for begin, end in window[1:-1])
    last = text[window[-1][0] : window[-1][0] + _SHORT]
    return mark.isalpha() and inner and mark in last and len(first) > 0


def _are_levels(text: str, window: Sequence[tuple[int, int]]) -> bool:
    """Whether the members are levels of which only the last has its word: 经国家、省级认定."""
    first = _LEVEL_END.search(text, *window[0])
    inner = all(_LEVEL_END.fullmatch(text, *one) for one in window[1:-1])
    return first is not None and inner and _LEVEL_BEGIN.match(text, *window[-1]) is not None


def _are_numerals(text: str, window: Sequence[tuple[int, int]]) -> bool:
    """Whether the members are numerals, with words around the first and the last: 评为三、四、五星级."""
    around = text[window[0][1] - 1] + text[window[-1][0]]
    return all(text[a:b] in _NUMERALS for a, b in window[1:-1]) and all(char in _NUMERALS for char in around)


def _cut(text: str, window: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the members without the words that the first and the last share with all: 新认定的国家级."""
    level, final = _LEVEL_END.search(text, *window[0]), _LEVEL_BEGIN.match(text, *window[-1])
    if level and final and _are_levels(text, window):
        return [level.span(), *window[1:-1], final.span()]
    mark = text[window[0][1] - 1]
    begin, end = window[-1]
    last = text.index(mark, begin, end) + 1
    first, stop = window[0]
    if mark == _AWARD and (award := text.rfind("级", first, stop - 1) + 1) > 0:
        first = award  # 省级金奖、优质奖: which prize is what tells them apart
    named = _NAMED.match(text, first, stop)
    first = named.end() if named and named.end() < stop else first
    joined = text.rfind("的", first, stop)
    first = joined + 1 if joined >= first else max(first, stop - _SHORT) if stop - first > _SHORT else first
    return [(first, stop), *window[1:-1], (begin, last)]


def labels(text: str, spans: Sequence[tuple[int, int]], begin: int) -> tuple[tuple[int, int], ...] | None:
    """Returns the words right before each of the figures at `spans`: 一等奖50万元、二等奖30万元.

    None when one of them has none. `begin` is where those of the first may begin.
    """
    found: list[tuple[int, int]] = []
    left = begin
    for start, end in spans:
        words = text[left:start]
        joint = _JOINT.match(words)
        label = left + (joint.end() if joint else 0)
        if start - label < 2:
            return None
        found.append((label, start))
        left = end
    return tuple(found)
