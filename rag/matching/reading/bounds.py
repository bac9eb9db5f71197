"""Reads the quantities that a condition compares something with: 年销售收入过5000万元, 500亩以上."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.model import Span
from rag.matching.reading.quantities import (
    Quantity,
    last_measure_in,
    measures_in,
    quantities_in,
    without_measures,
)
from rag.matching.reading.words import TABLE, Word, words_in

_NEWNESS = frozenset(("first", "new"))
_CLAUSE_MARKS = ",;:"
AT_LEAST, OVER, AT_MOST, LESS = ">=", ">", "<=", "<"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A quantity that is asked for."""

    low: Decimal | None
    high: Decimal | None
    is_over: bool  # the lower end itself is not enough
    below: Decimal | None  # the next step of a list, from which on another benefit is given
    unit: str
    measures: frozenset[str]
    context: tuple[str, ...]  # words around it, which tell figures apart where no table says what is measured
    classes: frozenset[str]  # that these words name


def bounds_in(text: str) -> tuple[tuple[Bounds, ...], str]:
    """The quantities that are compared with something, and the text without them."""
    named = [Span(word.start, word.start + len(word.text)) for word in words_in(text) if word.classes]
    found, rest, at = [], [], 0
    for quantity in quantities_in(text):
        before, after = text[at : quantity.span.start], text[quantity.span.end : quantity.span.end + 4]
        how, before, used = _comparison(before, after)
        is_range = quantity.low != quantity.value
        if _touches(quantity.span, named) or (how is None and not is_range):
            continue
        rest.append(before)
        at = quantity.span.end + used
        found.append(_bounds(quantity, how, before=before, after=text[at:]))
    rest.append(text[at:])
    # 年销售额达到: what it is compared with stands elsewhere.
    plain, how = without_comparison(" ".join(rest))
    return tuple(found), without_measures(plain) if found or how is not None else plain


def _bounds(
    quantity: Quantity, how: str | None, *, before: str, after: str, below: Decimal | None = None
) -> Bounds:
    low: Decimal | None = None if how in (AT_MOST, LESS) else quantity.value
    high: Decimal | None = quantity.value if how in (AT_MOST, LESS) else None
    if quantity.low != quantity.value:
        low, high = quantity.low, quantity.value
    # 1年以上劳动合同: what is counted may follow.
    around = _telling(without_measures(before)) or _telling(after)[:1]
    return Bounds(
        low,
        high,
        how == OVER,
        below,
        quantity.unit,
        measures_in(before) or measures_in(after),
        context=tuple(word.text for word in around if not word.classes),
        classes=frozenset(name for word in around for name in word.classes),
    )


def _telling(text: str) -> list[Word]:
    """The words that may say what is measured: not that it is for the first time."""
    return [word for word in words_in(text) if not word.classes or not word.classes <= _NEWNESS]


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def without_comparison(text: str) -> tuple[str, str | None]:
    """The text without a comparison at its end (年销售额达到), and which one it is."""
    found = (
        (spans[-1].start, how)
        for sense, how in (("most", AT_MOST), ("over", OVER), ("least", AT_LEAST))
        if (spans := TABLE.spans(sense, text)) and spans[-1].end == len(text)
    )
    # 不低于 contains 低于: the one that begins first is meant.
    start, kind = min(found, default=(len(text), None))
    return text[:start], kind


def _comparison(before: str, after: str) -> tuple[str | None, str, int]:
    """How the quantity is compared, the text before without the word that says so, and its length after."""
    before, how = without_comparison(before)
    if how is not None:
        return how, before, 0
    for sense, how in (("least_after", AT_LEAST), ("most_after", AT_MOST)):
        spans = TABLE.spans(sense, after)
        if spans and spans[0].start <= 1:
            return how, before, spans[0].end
    return None, before, 0


def listed_bounds(
    words: str, sentence: str, comparison: str, *, below: Decimal | None = None, after: str = ""
) -> Bounds | None:
    """The bounds of a figure in a list or after its measure: 年销售额达到1亿元、5亿元、10亿元.

    `sentence` is the folded text of the same sentence up to the figure, `after` what follows the list. None
    where `words` hold no figure.
    """
    figures = quantities_in(words)
    if not figures:
        return None
    clause = _without_quantities(last_clause(sentence))
    one = _bounds(figures[0], comparison, before=clause, after=after, below=below)
    is_told = one.measures or _telling(without_comparison(clause)[0])
    return one if is_told else replace(one, measures=last_measure_in(sentence))


def _without_quantities(text: str) -> str:
    for one in reversed(quantities_in(text)):
        text = text[: one.span.start] + " " + text[one.span.end :]
    return text


def last_clause(sentence: str) -> str:
    """What stands after the last mark of a text."""
    return sentence[max(sentence.rfind(mark) for mark in _CLAUSE_MARKS) + 1 :]


def bare_figure(text: str) -> Quantity | None:
    """The quantity that a text consists of, if it is nothing else."""
    found = quantities_in(text)
    return found[0] if len(found) == 1 and found[0].span.of(text) == text.strip() else None


def like(bounds: Bounds, figure: Quantity) -> Bounds:
    """The same comparison with another figure."""
    low = figure.low if bounds.low is not None else None
    return replace(bounds, low=low, high=figure.value if bounds.high is not None else None, unit=figure.unit)


def measuring(bounds: Bounds, other: Bounds) -> Bounds:
    """The bounds of what others measure, where they say themselves nothing of it."""
    if bounds.unit != other.unit or bounds.measures or bounds.context or bounds.classes:
        return bounds
    return replace(bounds, measures=other.measures, context=other.context, classes=other.classes)
