"""Finds running heads, running feet and page numbers by their places: what repeats at the edge of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.formats.pages.lines import Page, PageLine
from corpus.notation.labels.reading import opens_clause

_EDGE = 0.16  # of the height of a page, in which running heads and feet are
_OUTERMOST = 3  # lines from the edge
_LONGEST = 60  # characters of a running head
_SAME_HEIGHT = 6.0  # points; places of a running head differ no more from page to page
_FEWEST = 3  # pages on which a running head is; 2 in a paper of two or three pages
_DIGITS = re.compile(r"\d+")
_TEXT = re.compile(r"[。；，、：,;:]$")  # the end of a line of the text
_BLANKS = re.compile(r"\s+")
# "— 3 —", "- 12 -", "第 3 页 共 12 页", "3 / 12", "Page 3 of 12"
_MARKED = re.compile(
    r"[—–\-－·•_~]+\s*(\d{1,4})\s*[—–\-－·•_~]+|第\s*(\d{1,4})\s*页.{0,12}|(\d{1,4})\s*[/／]\s*\d{1,4}"
    r"|Page\s*(\d{1,4})(?:\s*of\s*\d+)?",
    re.I,
)
_BARE = re.compile(r"\d{1,4}")

Where = tuple[int, int]  # index of the page, index of its line


def furniture_of(pages: Sequence[Page]) -> dict[Where, str]:
    """The kind of each line that is not a part of the paper."""
    found = {
        (index, at): line.left_out
        for index, page in enumerate(pages)
        for at, line in enumerate(page.lines)
        if isinstance(line, PageLine) and line.left_out
    }
    edges = [_at_edge(page, index, found) for index, page in enumerate(pages)]
    flat = [entry for edge in edges for entry in edge]
    found |= dict.fromkeys(_page_numbers(edges, pages), "page_number")
    found |= dict.fromkeys(_repeated(flat, pages, found), "page_header")
    return found


def _at_edge(page: Page, index: int, found: dict[Where, str]) -> list[tuple[Where, PageLine]]:
    """The outermost lines at the upper and lower edge of the page."""
    tops = sorted({round(line.box[1]) for line in page.lines if isinstance(line, PageLine)})
    outermost = {*tops[:_OUTERMOST], *tops[-_OUTERMOST:]}
    return [
        ((index, at), line)
        for at, line in enumerate(page.lines)
        if isinstance(line, PageLine)
        and (index, at) not in found
        and len(line.text) <= _LONGEST
        and round(line.box[1]) in outermost
        and _is_at_edge(line, page)
    ]


def _is_at_edge(line: PageLine, page: Page) -> bool:
    """Whether the line is at the upper or lower edge, of a page that was turned to be read too."""
    left, top, right, bottom = line.on_page
    sideways = line.shown is not None and (line.right - line.left > line.box[3] - line.box[1]) != (
        right - left > bottom - top
    )
    if sideways and not line.turn:
        _, top, _, bottom = line.box
    height = page.width if sideways and not line.turn else page.height
    return bottom <= _EDGE * height or top >= (1 - _EDGE) * height


def _page_numbers(edges: list[list[tuple[Where, PageLine]]], pages: Sequence[Page]) -> list[Where]:
    """Marked numbers, and bare ones that count up with the pages."""
    marked: list[Where] = []
    bare: dict[int, list[Where]] = defaultdict(list)  # number less page → where
    for index, edge in enumerate(edges):
        tops = [line.box[1] for line in pages[index].lines if isinstance(line, PageLine)]
        for where, line in edge:
            if _MARKED.fullmatch(line.text.strip()):
                marked.append(where)
            elif _BARE.fullmatch(line.text.strip()) and line.box[1] in (min(tops), max(tops)):
                bare[int(line.text) - pages[index].number].append(where)
    most = max(bare.values(), key=len, default=[])
    counts = len(most) * 2 > len(pages) or (len(most) >= 2 and len(most) * 3 >= len(pages))
    return marked + (most if counts else [])


def _repeated(
    entries: list[tuple[Where, PageLine]], pages: Sequence[Page], found: dict[Where, str]
) -> list[Where]:
    """Lines with the same words, but for digits, at the same height of several pages."""
    alike: dict[str, list[tuple[Where, PageLine]]] = defaultdict(list)
    for where, line in entries:
        words = _BLANKS.sub("", line.text)
        if where not in found and words and not _TEXT.search(words) and not opens_clause(line.text):
            alike[_DIGITS.sub("0", words)].append((where, line))
    fewest = 2 if len(pages) <= _FEWEST else _FEWEST
    result: list[Where] = []
    for group in alike.values():
        levels: dict[tuple[int, int], set[int]] = defaultdict(set)  # place and size → pages
        for (page, _), line in group:
            levels[_level(line)].add(page)
        for where, line in group:
            height, size = _level(line)
            near = set[int]().union(*(levels.get((height + step, size), ()) for step in (-1, 0, 1)))
            if len(near) >= fewest:
                result.append(where)
    return result


def _level(line: PageLine) -> tuple[int, int]:
    return round(line.box[1] / _SAME_HEIGHT), round(line.size)
