"""Paragraphs that hold more than one label are cut, so that every label begins a line.

"第一章　总则　　第一条　为规范…" is a heading and an article; "…负责解释第二十三条本办法自…" lost a line
break on its way here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.labels import Label, Style, find_label
from corpus.lines import Line

# A label behind blanks, or one that only an article can begin with: "第二十三条本办法自…"
_INNER = re.compile(
    r"[\s\u3000]+(?=第[\s\u3000]*[一二三四五六七八九十百零〇\d]{1,6}[\s\u3000]*[编章节条][\s\u3000])"
    r"|(?<=[。；：\u4e00-\u9fff])(?=第[一二三四五六七八九十百零〇]{1,6}条[ \u3000]*本(?:办法|规定|细则|条例|意见|规范|通知|法|方案|制度))"
    r"|(?<=[。；])(?=第[一二三四五六七八九十百零〇]{1,6}条[ \u3000]+)"
)
# The first item of a list that runs on behind the colon: "…以下方面建设:一)合理布局…", "注：1、坐标…"
_FIRST_ITEM = re.compile(r"(?<=[：:])[ \t\u3000]*(?=[（(]?[一1１][）)、.．])")


def split_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """`lines`, those with several labels in several pieces."""
    whole = list(lines)
    pieces: list[Line] = []
    for at, line in enumerate(whole):
        following = find_label(whole[at + 1].text) if at + 1 < len(whole) else None
        pieces.extend(_split(line, following))
    return tuple(pieces)


def _split(line: Line, following: Label | None) -> Iterator[Line]:
    rest = line
    while (cut := _inner_cut(rest, following)) is not None:
        first, rest = rest.cut(cut)
        yield first
    yield rest


def _inner_cut(line: Line, following: Label | None) -> int | None:
    label = find_label(line.text)
    begin = label.end if label is not None else 1
    for match in _INNER.finditer(line.text, begin):
        inner = find_label(line.text[match.end() :])
        if inner is not None and _fits(label, inner):
            return match.end()
    if label is not None and "\t" in line.text:
        return _cell_cut(line.text, label)
    first = _FIRST_ITEM.search(line.text, begin)
    if first is not None and following is not None and following.number == (2,):
        inner = find_label(line.text[first.end() :])
        if inner is not None and inner.style is following.style:
            return first.end()
    return None


def _cell_cut(text: str, label: Label) -> int | None:
    """Where a cell of a table row begins a clause below the row's own: "一、质量	（一）功能	1.比例"."""
    at = text.find("\t", label.end)
    inner = find_label(text[at + 1 :]) if at >= 0 else None
    return at + 1 if inner is not None and inner.style is not label.style else None


def _fits(outer: Label | None, inner: Label) -> bool:
    """Whether `inner` goes on with the numbering of the line, and is not a mention of an article."""
    if outer is None or outer.style is not inner.style:
        return outer is None or inner.style is Style.ARTICLE or outer.style is not Style.ARTICLE
    return inner.number[0] == outer.number[0] + 1
