"""Segments of a sentence with their figures, and the kind of money they promise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from corpus.facts.grants.denials import illustrations, is_denied, is_set_aside
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.figures.quantities import Quantity, quantities
from corpus.facts.grants.figures.uses import Run, runs
from corpus.facts.grants.kinds import promised
from corpus.facts.grants.segments import Segment, segments
from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.model import FactKind

_GIFTS = frozenset({Use.GIFT, Use.LINE, Use.POOL})
_TWO = 2
_AND_MORE: Final = pattern("money_form", before=r"[^，,。]{0,12}?(?P<form>", after=r")(?:和|及|以及|与|并)")
# "可按每平方米不超过1000元的标准", before 给予补助
_BY_SCHEME: Final = re.compile(r"按.*(?:标准|比例|额度|%|％)\Z")
_SCHEME_REACH = 80  # characters at the end of a segment


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with its figures, and the kind of money it promises without one."""

    segment: Segment
    runs: tuple[Run, ...]
    promise: FactKind | None

    @property
    def gifts(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.use in _GIFTS)

    @property
    def limits(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.use is Use.LIMIT)


def parts_of(sentence: str, *, is_cut: bool = False) -> tuple[Part, ...]:
    """Returns the segments of the sentence with what their figures are for.

    Segments that deny a payment, or give an example of one, have neither figures nor promises. `is_cut`: the
    sentence begins inside a number.
    """
    found = quantities(sentence, is_cut=is_cut)
    pieces = segments(sentence)
    if GIVING.has("misuse", sentence):
        return tuple(Part(segment, (), None) for segment in pieces)
    parts = [
        Part(piece, (), None)
        if is_example or is_denied(piece.text) or is_set_aside(piece.text)
        else _part(sentence, piece, found)
        for piece, is_example in zip(pieces, illustrations(pieces), strict=True)
    ]
    parts = [one for part in parts for one in _divided(sentence, part, found)]
    for place, (part, following) in enumerate(pairwise(parts)):
        if part.runs and (following.promise or following.gifts) and ends_with_scheme(part):
            parts[place] = replace(part, runs=tuple(_given(run) for run in part.runs))
    return tuple(parts)


def _part(sentence: str, segment: Segment, found: Sequence[Quantity]) -> Part:
    return Part(segment, runs(sentence, segment, found), promised(segment.text))


def _divided(sentence: str, part: Part, found: Sequence[Quantity]) -> list[Part]:
    """Returns the parts of a segment that gives two things: 100万元的研发补助和50万元的房租补贴."""
    gifts = [run for run in part.runs if run.use is Use.GIFT and not run.is_rate]
    if len(gifts) != _TWO:
        return [part]
    segment = part.segment
    between = _AND_MORE.match(segment.text, gifts[0].end - segment.start, gifts[1].start - segment.start)
    if between is None or not GIVING.has("money_form", segment.text[gifts[1].end - segment.start :]):
        return [part]
    middle = between.end("form")
    first = replace(segment, end=segment.start + middle, text=segment.text[:middle], mark="")
    second = replace(segment, start=segment.start + between.end(), text=segment.text[between.end() :])
    return [_part(sentence, first, found), _part(sentence, second, found)]


def _given(run: Run) -> Run:
    return run if run.use is not Use.LIMIT else replace(run, use=Use.GIFT)


def ends_with_scheme(part: Part) -> bool:
    """Whether a segment says at what rate something is given that the next one names: 按50%的标准."""
    return bool(_BY_SCHEME.search(part.segment.text[-_SCHEME_REACH:]))
