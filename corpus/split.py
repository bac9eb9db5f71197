"""Paragraphs that hold more than one label are cut, so that every label begins a line.

"第一章　总则　　第一条　为规范…" is a heading and an article; "…负责解释第二十三条本办法自…" lost a line
break on its way here; a whole paper on one line has blanks where its lines ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.labels import Label, Style, find_label
from corpus.lines import Line

_ORDINAL = r"第[一二三四五六七八九十百零〇]{1,6}条[ \u3000]*"
_SELF = r"本(?:办法|规定|细则|条例|意见|规范|通知|法|方案|制度)"
# A label behind blanks, one that only an article can begin with ("第二十三条本办法自…"),
# or one behind a sentence
_INNER = re.compile(
    r"[\s\u3000]+(?=第[\s\u3000]*[一二三四五六七八九十百零〇\d]{1,6}[\s\u3000]*[编章节条][\s\u3000])"
    rf"|(?<=[。；：\u4e00-\u9fff])(?={_ORDINAL}{_SELF})"
    rf"|(?<=[。；])(?={_ORDINAL}[ \u3000])"
)
# The first item of a list that runs on behind the colon: "…以下方面建设:一)合理布局…", "注：1、坐标…"
_FIRST_ITEM = re.compile(r"(?<=[：:])[ \t\u3000]*(?=[（(]?[一1１][）)、.．])")
# Where a flattened paper had a line end: a blank between Chinese characters or marks, or before a number
_FLATTENED = re.compile(
    r"(?<=[\u4e00-\u9fff，。；：！？）》”、\d])[ \t\u3000\xa0]+"
    r"(?=[\u4e00-\u9fff（《“【]|\d{1,2}[.．、]|\d{4}年)"
)
# A paper of at most this many lines, one of which is at least that long, has lost its line ends.
_FEW_LINES, _LONG_LINE = 3, 300


def split_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """`lines`, those with several labels in several pieces."""
    whole = list(_unflattened(list(lines)))
    pieces: list[Line] = []
    for at, line in enumerate(whole):
        following = find_label(whole[at + 1].text) if at + 1 < len(whole) else None
        pieces.extend(_split(line, following))
    return tuple(pieces)


def _unflattened(lines: Sequence[Line]) -> Iterator[Line]:
    if len(lines) > _FEW_LINES:
        yield from lines
        return
    for line in lines:
        rest = line
        while len(line.text) >= _LONG_LINE and (cut := _line_end(rest.text)) is not None:
            first, rest = rest.cut(cut)
            yield first
        yield rest


def _line_end(text: str) -> int | None:
    """Where the first line of a flattened text ends; a blank behind a label ends no line."""
    label = find_label(text)
    match = _FLATTENED.search(text, label.end if label is not None else 0)
    return match.end() if match is not None else None


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
        item = find_label(line.text[first.end() :])
        if item is not None and item.style is following.style:
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
