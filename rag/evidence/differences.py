"""Compares the figures that a question names with those of a sentence, as numbers and not as words.

Durations are compared in days whatever their unit, and parts of ten (三成) as percentages. A figure of the
asker's own (我们一年卖8000万) is not told from one that is asserted of the paper; what decides knows how
likely the question asserts something at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from corpus.notation.figures import Figure, FigureKind, figures

# Days of a unit. Working days count as days: an assertion in the other unit is a matter of wording.
_DAYS: Final = {
    "小时": Decimal(1) / 24,
    "日": Decimal(1),
    "工作日": Decimal(1),
    "周": Decimal(7),
    "月": Decimal(30),
    "年": Decimal(365),
}
_COMPARED: Final = frozenset(
    {FigureKind.MONEY, FigureKind.PERCENT, FigureKind.COUNT, FigureKind.DURATION, FigureKind.DATE}
)
_VALUE = re.compile(r"(?P<number>[0-9.]+(?:-[0-9.]+)?)(?P<unit>[^0-9.\-]*)")
# "三成": thirty per cent; not 一成立
_TENTHS = re.compile(r"(?P<tenths>[一二两三四五六七八九])成(?![立员为果本效分交品])")
# "几百万", "多少家": asks
_OPEN = re.compile(r"[几数]\s*$|多少\s*$")
_REMEMBERED: Final = 64  # pairs of a question and its best sentence, which are compared after each one read


@dataclass(frozen=True, slots=True)
class Differences:
    """Figures of a question, counted by what a sentence has."""

    same: int  # the figure
    other: int  # another figure of its kind


@lru_cache(maxsize=_REMEMBERED)
def differences(question: str, sentence: str) -> Differences:
    """Compares the figures of a question, without regions and names of papers, with those of a sentence."""
    question = _TENTHS.sub(lambda match: f"百分之{match['tenths'].replace('两', '二')}十", question)
    stated = compared_figures(sentence)
    same = other = 0
    for claim in compared_figures(question):
        comparable = [figure for figure in stated if comparable_figures(figure, claim)]
        if any(equal_figures(figure, claim) for figure in comparable):
            same += 1
        elif comparable:
            other += 1
    return Differences(same=same, other=other)


def compared_figures(text: str) -> list[Figure]:
    """Returns the figures of `text` that are compared, in order; not 几百万, which asks."""
    return [
        figure
        for figure in figures(text)
        if figure.kind in _COMPARED and not _OPEN.search(text[: figure.span.start])
    ]


def comparable_figures(stated: Figure, claim: Figure) -> bool:
    """Whether two figures measure the same kind of thing."""
    if stated.kind is not claim.kind:
        return False
    return claim.kind is not FigureKind.COUNT or _parts(stated)[1] == _parts(claim)[1]


def equal_figures(stated: Figure, claim: Figure) -> bool:
    """Whether two comparable figures are the same."""
    if claim.kind is FigureKind.DATE:  # 2017年 agrees with 2017年12月10日
        return stated.value.startswith(claim.value) or claim.value.startswith(stated.value)
    if claim.kind is FigureKind.DURATION:
        return _days(stated) == _days(claim)
    return stated.value == claim.value


def _days(figure: Figure) -> Decimal | str:
    number, unit = _parts(figure)
    return Decimal(number) * _DAYS[unit] if unit in _DAYS and "-" not in number else figure.value


def _parts(figure: Figure) -> tuple[str, str]:
    match = _VALUE.fullmatch(figure.value)
    return (match["number"], match["unit"]) if match else (figure.value, "")
