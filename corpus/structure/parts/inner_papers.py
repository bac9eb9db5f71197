"""Finds the papers that a notice forwards one after another: 关于印发《A的规定》和《B的规定》的通知."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from corpus.notation.labels.types import Label, Style
from corpus.structure.parts.line_kinds import LineKinds
from corpus.text.lines import Line

_NAMED: Final = re.compile(r"《([^《》]{4,80})》")
# Most lines between the title of a paper and its first label.
_LONGEST_OPENING: Final = 8


def forwarded_names(lines: Iterable[Line]) -> frozenset[str]:
    """The names in 《》 in the head and preamble of a notice, as letters only."""
    return frozenset(letters([match]) for line in lines for match in _NAMED.findall(line.words))


def next_paper(kinds: LineKinds, start: int, end: int, names: frozenset[str]) -> int:
    """Index of the line in start:end with the title of the next paper forwarded; `end` when there is none.

    The title is a line of its own that the notice names, and the numbering begins anew below it.
    """
    if len(names) < 2:
        return end
    counted: set[tuple[Style, str]] = set()
    for at in range(start, end):
        label = kinds.label(at)
        if label is not None:
            counted.add(label.numbering)
        elif kinds.is_title_line(at) and names.intersection(_titles(kinds, at, end)):
            first = _first_label(kinds, at, end)
            if first is not None and first.number[0] == 1 and first.numbering in counted:
                return at
    return end


def letters(words: Iterable[str]) -> str:
    """Letters and digits only: titles are compared without blanks, marks and line ends."""
    return "".join(re.findall(r"\w", "".join(words)))


def _titles(kinds: LineKinds, at: int, end: int) -> tuple[str, str]:
    """The letters of the title in the line, and of one that goes on in the next line."""
    first = kinds.lines[at].words
    goes_on = at + 1 < end and kinds.is_title_line(at + 1)
    return letters([first]), letters([first, kinds.lines[at + 1].words if goes_on else ""])


def _first_label(kinds: LineKinds, at: int, end: int) -> Label | None:
    last = min(end, at + _LONGEST_OPENING)
    found = kinds.first_label(at, last)
    return kinds.label(found) if found < last else None
