"""Finds and removes page numbers and page headers, also in the middle of a sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Furniture
from corpus.notation.labels.reading import opens_clause
from corpus.text.sentences import begins_block, ends_sentence
from corpus.text.source_text import Line

# "— 3 —", "- 12 -", "－5－", "·7·"
_DASHED = re.compile(r"[—–\-－·•_~\s]+(?P<n>\d{1,3})[—–\-－·•_~\s]+")
# "第 3 页 共 12 页", "第3页", "3/12", "Page 3 of 12"
_COUNTED = re.compile(
    r"第\s*(?P<n>\d{1,3})\s*页(?:\s*[，,/]?\s*共\s*\d{1,3}\s*页)?|(?P<m>\d{1,3})\s*/\s*\d{1,3}|Page\s*(?P<k>\d{1,3})(?:\s*of\s*\d+)?",
    re.I,
)
_BARE = re.compile(r"(?P<n>\d{1,3})")
_LONGEST_HEADER = 40
_RAREST = 4  # lines; a page has at least so many, so a header is at most every fourth line
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_TERMINAL = re.compile(r"[。；！？：，、,;:]$")


@dataclass(frozen=True, slots=True)
class Paged:
    """Lines without page numbers and headers. `pages` are (original offset, page that begins there)."""

    lines: list[Line]
    furniture: list[Furniture]
    pages: list[tuple[int, int]]


def remove_page_headers(lines: list[Line], *, pages: list[tuple[int, int]], known: bool = False) -> Paged:
    """Removes page numbers and headers; page starts come from `pages`, or else from the page numbers.

    `known`: the reader found the headers by their places, so that what repeats here is text.
    """
    begins = [line.source.place.start for line in lines]
    breaks = {bisect_left(begins, offset) for offset, _ in pages}
    numbers = _page_numbers(lines, breaks)
    breaks |= {index + 1 for index in numbers}
    headers = set[int]() if known else _headers(lines, numbers, breaks)
    furniture = []
    for index in sorted(numbers.keys() | headers):
        place = lines[index].source.place
        kind = "page_number" if index in numbers else "page_header"
        furniture.append(Furniture(kind, place.start, place.end))
    kept = [line for index, line in enumerate(lines) if index not in numbers and index not in headers]
    return Paged(kept, furniture, pages or _pages(lines, numbers))


def _page_numbers(lines: list[Line], breaks: set[int]) -> dict[int, int]:
    """Line index → printed page number."""
    found: dict[int, int] = {}
    bare: dict[int, int] = {}
    for index, line in enumerate(lines):
        text = line.text
        if line.fixed or len(text) > 24:
            continue
        match = _DASHED.fullmatch(text) or _COUNTED.fullmatch(text)
        if match is not None:
            found[index] = int(next(number for number in match.groups() if number))
        elif _BARE.fullmatch(text):
            bare[index] = int(text)
            if {index, index + 1} & breaks:
                found[index] = int(text)
    return found if found else _counting_up(bare)


def _counting_up(bare: dict[int, int]) -> dict[int, int]:
    """Returns bare numbers if they are page numbers: they count up by one, some lines apart."""
    items = list(bare.items())
    regular = all(b[1] == a[1] + 1 and b[0] - a[0] > 5 for a, b in pairwise(items))
    return bare if len(items) >= 3 and regular else {}


def _headers(lines: list[Line], numbers: dict[int, int], breaks: set[int]) -> set[int]:
    """Indexes of lines that repeat at page breaks or within sentences."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        words = _BLANKS.sub("", line.text)
        if index in numbers or line.fixed or len(words) > _LONGEST_HEADER:
            continue
        if not begins_block(line.text) and not _TERMINAL.search(line.text):
            places[_DIGITS.sub("0", words)].append(index)
    result: set[int] = set()
    for indexes in places.values():
        if len(indexes) * _RAREST > len(lines):
            continue
        beside = sum(bool({index, index + 1, index + 2} & breaks) or index in breaks for index in indexes)
        cutting = sum(_cuts_sentence(lines, index) for index in indexes)
        if (len(indexes) >= 3 and max(beside, cutting) * 2 >= len(indexes)) or (
            len(indexes) == 2 and beside + cutting >= 3
        ):
            # The first line of all, if it contains a number, is where the paper states that number.
            stated = indexes[0] == 0 and _DIGITS.search(lines[0].text)
            result.update(indexes[1:] if stated else indexes)
    return result


def _cuts_sentence(lines: list[Line], index: int) -> bool:
    """Whether the sentence above continues below the line."""
    if not 0 < index < len(lines) - 1:
        return False
    above, below = lines[index - 1].text, lines[index + 1].text
    return len(above) > 20 and not ends_sentence(above) and not opens_clause(below)


def _pages(lines: list[Line], numbers: dict[int, int]) -> list[tuple[int, int]]:
    """Page starts from printed numbers, which are below their page unless the first comes before all text."""
    if not numbers:
        return []
    first = min(numbers)
    if first == 0:
        return [(lines[index].source.place.start, number) for index, number in numbers.items()]
    below = [(lines[index].source.place.end, number + 1) for index, number in numbers.items()]
    return [(0, numbers[first]), *below]
