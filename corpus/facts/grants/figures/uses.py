"""Puts the figures of a segment in rows: 100万元、50万元和30万元 are one, used alike."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.facts.grants.figures.purposes import Surroundings, Use, use_of
from corpus.facts.grants.figures.quantities import Quantity
from corpus.facts.grants.segments import HIDDEN, Segment
from corpus.facts.grants.words import GIVING


@dataclass(frozen=True, slots=True)
class Run:
    """Figures of one kind in a row: 100万元、50万元和30万元. They are used alike."""

    quantities: tuple[Quantity, ...]
    use: Use
    is_choice: bool = False  # joined by 或: steps for the same beneficiary

    @property
    def start(self) -> int:
        return self.quantities[0].start

    @property
    def end(self) -> int:
        return self.quantities[-1].end

    @property
    def is_rate(self) -> bool:
        return self.quantities[0].is_rate


_JOINT = re.compile(
    rf"[^，,。]{{0,6}}?(?:[、/和及与]|以及|或者?)\s*[^，,。0-9]{{0,16}}{HIDDEN}*[^，,。0-9]{{0,6}}"
)
_APART = re.compile("给予|予以|奖励|补助|补贴|资助|总额|累计")
# "每平方米500元、最高1000万元": the second limits the first, and is no member of a list
_LIMITS = re.compile("最[高多低]|不[超高低][过于]")
_NEAR = 10  # characters before a figure
_OR = re.compile("或")
_REST = 40  # characters behind a figure that say what credit is for
_FAR = 8  # characters at the end of a segment
_BASIS = re.compile(r"(?:基础上?|前提下?|外)\Z")


def runs(sentence: str, segment: Segment, found: Sequence[Quantity]) -> tuple[Run, ...]:
    """Returns the figures of the segment in rows, each with what it is for. `found`: of the sentence."""
    first = bisect_left(found, segment.start, key=lambda one: one.start)
    last = bisect_left(found, segment.end, key=lambda one: one.start)
    rows = list(_rows(segment, [one for one in found[first:last] if _inside(one, segment)]))
    if not rows:
        return ()
    about = Surroundings(GIVING.has("gives", segment.text), bool(_BASIS.search(segment.text[-_FAR:])))
    done: list[Run] = []
    for number, row in enumerate(rows):
        before = rows[number - 1][-1].end if number else segment.start
        behind = rows[number + 1][0].start if number + 1 < len(rows) else segment.end
        left = segment.text[before - segment.start : row[0].start - segment.start]
        right = segment.text[row[-1].end - segment.start : behind - segment.start]
        rest = segment.text[row[-1].end - segment.start :]
        figure = sentence[row[0].start : row[0].end]
        use = use_of(row[0], left, right, about, rest=rest[:_REST], figure=figure)
        between = segment.text[row[0].end - segment.start : row[-1].start - segment.start]
        done.append(Run(tuple(row), use, bool(_OR.search(between))))
    return tuple(done)


def _inside(one: Quantity, segment: Segment) -> bool:
    if not segment.start <= one.start < one.end <= segment.end:
        return False
    return HIDDEN not in segment.text[one.start - segment.start : one.end - segment.start]


def _rows(segment: Segment, found: list[Quantity]) -> Iterator[list[Quantity]]:
    row: list[Quantity] = []
    for one in found:
        if row and (one.is_rate != row[-1].is_rate or not _are_joined(segment, row[-1], one)):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _are_joined(segment: Segment, left: Quantity, right: Quantity) -> bool:
    between = segment.text[left.end - segment.start : right.start - segment.start]
    if _APART.search(between) or not _JOINT.fullmatch(between):
        return False
    before = segment.text[max(0, left.start - segment.start - _NEAR) : left.start - segment.start]
    return not _LIMITS.search(between) or bool(_LIMITS.search(before))
