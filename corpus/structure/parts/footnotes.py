"""Finds footnotes at the end of a paper: "①博士指取得博士学位的人员。", for the ① in a clause above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.text.lines import Line

# "①博士指…", "[1]指…", "注1：…", "注②…"
_NOTE: Final = re.compile(
    r"(?:注[ \u3000]*)?(?P<mark>[①-⑳]|[\[［〔]\d{1,2}[\]］〕])|注[ \u3000]*(?P<number>\d{1,2})[：:.．、 ]"
)
# "注释", "注：" above the notes
_TITLE: Final = re.compile(r"注[ \u3000]*释?[：:]?|脚注[：:]?|备注[：:]?")
_LABEL: Final = "注"


def footnotes_start(lines: Sequence[Line]) -> int:
    """Index of the first line of the footnotes at the end; len(lines) when there are none.

    Every note has a mark that occurs within a line further up; a list of items has none.
    """
    start = len(lines)
    while start > 0 and _NOTE.match(lines[start - 1].words):
        start -= 1
    if start in (0, len(lines)) or not _are_referred_to(lines[:start], lines[start:]):
        return len(lines)
    return start - 1 if start > 1 and _TITLE.fullmatch(lines[start - 1].words) else start


def note_label(line: Line) -> str:
    """The label of a footnote (注①); empty for the words above the notes."""
    match = _NOTE.match(line.words)
    return _LABEL + (match["mark"] or match["number"]).strip("[]［］〔〕") if match is not None else ""


def _are_referred_to(above: Sequence[Line], notes: Sequence[Line]) -> bool:
    marks = {_mark(line) for line in notes}
    return all(any(mark in line.text[1:] for line in above) for mark in marks)


def _mark(line: Line) -> str:
    match = _NOTE.match(line.words)
    if match is None:
        raise ValueError(f"not a footnote: {line.words[:40]!r}")
    return match["mark"] or _LABEL + match["number"]
