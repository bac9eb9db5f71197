"""The sums of money that a question limits provisions to: 最高200万元的支持, 100万元以上的奖励."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from corpus.notation.figures import Figure, FigureKind, figures
from corpus.notation.phrase_table import PhraseTable

_PHRASES = PhraseTable.read("rag", "tables.tsv")
_MONEY = frozenset({FigureKind.MONEY})
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
