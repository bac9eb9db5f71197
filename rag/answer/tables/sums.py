"""The sums of money that a question limits provisions to: 最高200万元的支持, 100万元以上的奖励."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from corpus.notation.figures import Figure, FigureKind, figures
from corpus.notation.phrase_table import PhraseTable

_PHRASES = PhraseTable.read("rag", "tables.tsv")
_MONEY = frozenset({FigureKind.MONEY})
# "100万元到300万元之间", "10万至50万元": the first unit may be left out
_RANGE = re.compile(
    # Possessive, and not from the middle of a figure, so that a long row of digits is read once.
    r"(?<![\d.])(?P<low>\d++(?:\.\d++)?)\s*+(?P<unit>[百千]?[万亿]?)元?\s*+(?:到|至|-|—|~|～)\s*+"
    r"(?P<high>\d++(?:\.\d++)?)\s*+(?P<last>[百千]?[万亿]?)元?(?P<end>之间|以内)?"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_BESIDE = 4  # characters between a sum and the word for what is paid


@dataclass(frozen=True, slots=True)
class SumsAsked:
    """Which sums a provision may have, in yuan; one of its sums meets every part."""

    values: frozenset[Decimal] = frozenset()  # one of these; empty for any
    least: Decimal | None = None
    most: Decimal | None = None

    def __bool__(self) -> bool:
        return bool(self.values) or self.least is not None or self.most is not None

    def met_by(self, sums: Iterable[Decimal]) -> bool:
        """Whether one of the sums is asked for."""
        return any(
            (not self.values or one in self.values)
            and (self.least is None or one >= self.least)
            and (self.most is None or one <= self.most)
            for one in sums
        )


def sums_asked(words: str, paying: Sequence[Span]) -> SumsAsked:
    """Returns the sums beside one of the words `paying`; all sums without such a word.

    A sum that is not beside one is of something else: 营业收入1000万元以上的企业有哪些奖励.
    """
    if (between := _between(words, paying)) is not None:
        return between
    least, most = _PHRASES.spans("at_least", words), _PHRASES.spans("at_most", words)
    values, low, high = set[Decimal](), list[Decimal](), list[Decimal]()
    for figure in figures(words, kinds=_MONEY):
        lower, upper = _beside(figure, least), _beside(figure, most)
        whole = _joined(figure.span, [*lower, *upper])
        if paying and not any(_gap(whole, span) <= _BESIDE for span in paying):
            continue
        value = Decimal(figure.value)
        if lower:
            low.append(value)
        elif upper:
            high.append(value)
        else:
            values.add(value)
    return SumsAsked(frozenset(values), min(low, default=None), max(high, default=None))


def range_spans(words: str) -> list[Span]:
    """Returns where the question limits sums to a range."""
    return [Span(*match.span()) for match in _RANGE.finditer(words) if _ends(match) is not None]


def _between(words: str, paying: Sequence[Span]) -> SumsAsked | None:
    """Returns the range that the question limits sums to: 100万元到300万元之间的奖励."""
    found = (
        _ends(match)
        for match in _RANGE.finditer(words)
        if not paying or any(_gap(Span(*match.span()), span) <= _BESIDE for span in paying)
    )
    ends = next((one for one in found if one is not None), None)
    return SumsAsked(least=ends[0], most=ends[1]) if ends is not None else None


def _ends(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """Returns both ends in yuan; None for a range of something else, such as years."""
    last = match["last"]
    unit = match["unit"] or last
    if not last or unit not in _SCALES or last not in _SCALES:
        return None
    low, high = Decimal(match["low"]) * _SCALES[unit], Decimal(match["high"]) * _SCALES[last]
    return (low, high) if low < high else None


def sums_in(words: str) -> set[Decimal]:
    """Returns the sums of money in the words, in yuan."""
    return {Decimal(figure.value) for figure in figures(words, kinds=_MONEY)}


def _beside(figure: Figure, bounds: Iterable[Span]) -> list[Span]:
    return [span for span in bounds if _gap(figure.span, span) == 0]


def _joined(span: Span, others: Iterable[Span]) -> Span:
    spans = [span, *others]
    return Span(min(one.start for one in spans), max(one.end for one in spans))


def _gap(one: Span, other: Span) -> int:
    """Returns the number of characters between two spans; 0 where they touch or overlap."""
    return max(0, other.start - one.end, one.start - other.end)
