"""Splits paragraphs that contain several labels, so that every label begins a line.

"第一章　总则　　第一条　为规范…" is a heading and an article; "…负责解释第二十三条本办法自…" lost a
line break in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.notation.characters import HAN
from corpus.notation.labels.reading import find_label
from corpus.notation.labels.types import Label, Style
from corpus.notation.numerals import NUMERAL, TO_99
from corpus.notation.phrase_table import PhraseTable
from corpus.text.lines import Line

_ORDINAL = rf"第[{NUMERAL}]{{1,6}}条[ \u3000]*"
_SELF = PhraseTable.read("corpus", "paper_titles.tsv").alternation("article_opens")
# A label after blanks, one with words that only begin an article ("第二十三条本办法自…"),
# or one after a sentence
_INNER = re.compile(
    rf"[\s\u3000]+(?=第[\s\u3000]*[{NUMERAL}\d]{{1,6}}[\s\u3000]*[编章节条][\s\u3000])"
    rf"|(?<=[。；：{HAN}])(?={_ORDINAL}{_SELF})"
    rf"|(?<=[。；])(?={_ORDINAL}[ \u3000])"
)
# The next item of a list within one line: "（一）上浮60%。（二）下浮60%。"
_NEXT_ITEM = re.compile(
    rf"(?<=[。；])[ \t\u3000]*(?=[（(]?(?:[{TO_99}]{{1,3}}|\d{{1,2}})[）)、.．]|[①-⑳⑴-⒇])"
)
# The first item of a list directly after the colon: "…以下方面建设:一)合理布局…", "注：1、坐标…"
_FIRST_ITEM = re.compile(r"(?<=[：:])[ \t\u3000]*(?=[（(]?[一1１][）)、.．])")
# The first item directly after the heading above it: "一、加强服务 1.广泛推送…", "三、预约（一）选择业务…"
_RUN_IN_ITEM = re.compile(
    r"[^。；：，、？！;:,\t（(]{2,40}?"
    rf"(?:[ \t\u3000\xa0]++(?=\d{{1,3}}[.．、]|[{TO_99}]{{1,3}}、)"
    rf"|[ \t\u3000\xa0]*+(?=[（(][{TO_99}\d]{{1,3}}[）)]))"
)
# Longest label, in characters, with the marks before it and the words after it that show it is no mention.
_LONGEST_LABEL = 80


def split_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Splits the lines that contain several labels."""
    pieces: list[Line] = []
    below: Label | None = None  # label of the next line
    ahead: Label | None = None  # the next label, on whatever line
    for line in reversed(list(lines)):
        pieces.extend(reversed(list(_split(line, below, ahead))))
        below = find_label(line.text)
        ahead = below or ahead
    return tuple(reversed(pieces))


def _split(line: Line, below: Label | None, ahead: Label | None) -> Iterator[Line]:
    rest, done = line, 0
    for at in _cuts(line.text, below, ahead):
        first, rest = rest.cut(at - done)
        done = at
        yield first
    yield rest


def _cuts(text: str, below: Label | None, ahead: Label | None) -> Iterator[int]:
    """Yields the offsets at which another label begins, in order."""
    label = find_label(text)
    begin = label.end if label is not None else 1
    run_in = _run_in(text, label, ahead)
    if label is not None and run_in is not None:
        yield run_in
        label = find_label(text[run_in : run_in + _LONGEST_LABEL])
        begin = run_in + (label.end if label is not None else 0)
    tab = text.find("\t", begin) + 1 if label is not None else 0
    items = {match.end() for match in _NEXT_ITEM.finditer(text, begin)}
    for at in sorted({match.end() for match in _INNER.finditer(text, begin)} | _behind_tabs(text) | items):
        inner = find_label(text[at : at + _LONGEST_LABEL])
        if at in items and (label is None or inner is None or inner.style is not label.style):
            continue
        # Of the cells of a table row only the next one can continue below the clause of the last.
        fits = at == tab if at > 0 and text[at - 1] == "\t" else True
        if inner is not None and fits and _fits(label, inner, cell=text[at - 1] == "\t"):
            yield at
            label, begin = inner, at + inner.end
            tab = text.find("\t", begin) + 1
    first = _FIRST_ITEM.search(text, begin)
    if first is not None and below is not None and below.number == (2,):
        item = find_label(text[first.end() : first.end() + _LONGEST_LABEL])
        if item is not None and item.style is below.style:
            yield first.end()


def _run_in(text: str, label: Label | None, ahead: Label | None) -> int | None:
    """Offset of the first item after the heading in the same line, if the next label continues its list."""
    match = _RUN_IN_ITEM.match(text, label.end) if label is not None else None
    if label is None or match is None or ahead is None:
        return None
    item = find_label(text[match.end() : match.end() + _LONGEST_LABEL])
    continues = (
        item is not None
        and item.style is not label.style
        and (ahead.style, ahead.number[0]) == (item.style, item.number[0] + 1)
    )
    return match.end() if continues else None


def _behind_tabs(text: str) -> set[int]:
    """Offsets at which cells of a table row begin: "一、质量	（一）功能	1.比例"."""
    return {at + 1 for at, char in enumerate(text) if char == "\t"}


def _fits(outer: Label | None, inner: Label, *, cell: bool) -> bool:
    """Whether `inner` continues the numbering of the line and is not a mention of an article."""
    if cell:
        return outer is not None and inner.style is not outer.style
    if outer is None or outer.style is not inner.style:
        return outer is None or inner.style is Style.ARTICLE or outer.style is not Style.ARTICLE
    return inner.number[0] == outer.number[0] + 1
