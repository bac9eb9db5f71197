"""The figures that a fact asks for. Of a list of steps each fact has one: 达到1亿元、5亿元，分别奖励…"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from corpus.facts.model import Fact
from corpus.model import Document, Span
from corpus.notation.sentence_spans import sentence_at
from index.terms.tokenize import fold, fold_map
from rag.matching.preparing.compiled import Part
from rag.matching.preparing.quoting import Quotes
from rag.matching.reading.bounds import AT_LEAST, AT_MOST, bare_figure, bounds_in, without_comparison
from rag.matching.reading.conditions import threshold
from rag.matching.reading.quantities import quantities_in
from rag.matching.reading.words import words_in

_YUAN = "元"
# "500家以上", "200万元以上至300万元以下": a figure with nothing but its comparison
_STEP = re.compile(
    r"(?<![0-9])[0-9.,]{1,16}[^0-9]{0,8}?(?:以上|以下)(?:\s?(?:至|到|-)\s?[0-9.,]{1,16}[^0-9]{0,8})?"
)
_CLAUSE_END = re.compile("[,，;；:：的]")
_FAR = 300  # characters before a figure in which what is measured may be named
_LISTED = ("、", "和", "或", "及", "以及")


class Figures:
    """Reads the figures of the facts of one paper."""

    def __init__(self, document: Document, quotes: Quotes) -> None:
        self._document, self._quotes = document, quotes

    def bare_in(self, fact: Fact) -> list[Span]:
        """The conditions that are a figure, or a sum that is reached, and nothing else."""
        return [one for one in fact.conditions if _is_bare(self._folded(one))]

    def parts(self, fact: Fact, listed: Sequence[Fact], beside: Sequence[Fact]) -> Iterator[Part]:
        """The figures that are compared by themselves, and not as part of a longer condition.

        `listed`: the facts of the same list, which have its other steps. `beside`: those of the same clause
        for the same beneficiaries, which may have further steps: …达到2000万元的…；达到5000万元的….
        """
        bare = self.bare_in(fact)
        others = [span for one in listed for span in self.bare_in(one)]
        further = list(self._further(beside))
        comparisons = {one.span: one.comparison for one in fact.thresholds}
        shown = [*fact.beneficiaries, *(one for one in fact.conditions if one not in bare)]
        lists = [span for span in shown if len(self._values(span)) > 1]
        for span in bare:
            row = [*lists, *self._row(span, others)]
            yield self._part(span, comparisons.get(span) or self._comparison(span), row, further)
        for span, comparison in comparisons.items():
            around = [one for one in shown if _is_inside(span, one)]
            if any(_touch(span, one) for one in bare):
                continue
            if (
                not around
                or self._is_only(fact, around[0], lists)
                or (around[0] not in lists and comparison == AT_LEAST and self._next(span, further))
            ):
                yield self._part(span, comparison, lists, further)
        for span in shown:
            if span not in lists and (step := self._step_of(span, lists)) is not None:
                yield self._part(step, AT_LEAST, lists)

    def _comparison(self, span: Span) -> str:
        """How a figure is compared by its own words, or else at least."""
        bounds, _ = bounds_in(self._folded(span))
        return AT_MOST if bounds and bounds[0].low is None else AT_LEAST

    def _row(self, span: Span, others: Sequence[Span]) -> list[Span]:
        """The words of the list in which a figure stands between others: 5000万元、1亿元."""
        row = span
        near = sorted({*others, span}, key=lambda one: one.start)
        for one in near:
            if one.start >= row.end and _is_between(self._quotes.words(Span(row.end, one.start))):
                row = Span(row.start, one.end)
        for one in reversed(near):
            if one.end <= row.start and _is_between(self._quotes.words(Span(one.end, row.start))):
                row = Span(one.start, row.end)
        return [row] if row != span else []

    def _step_of(self, span: Span, lists: Sequence[Span]) -> Span | None:
        """The figure of a condition that ends with the first step of a list: 年销售额达到1亿元."""
        folded = fold_map(self._quotes.words(span))
        found = quantities_in(folded.text)
        if len(found) != 1:
            return None
        origin = folded.origin(found[0].span.start, found[0].span.end)
        step = Span(span.start + origin.start, span.start + origin.end)
        return step if any(_is_inside(step, one) for one in lists) else None

    def _is_only(self, fact: Fact, span: Span, lists: Sequence[Span]) -> bool:
        """Whether the span is a list of which the fact has one figure: the others belong to other facts."""
        return span in lists and sum(_is_inside(one.span, span) for one in fact.thresholds) == 1

    def _part(self, span: Span, comparison: str, lists: Sequence[Span], further: Sequence[Span] = ()) -> Part:
        """A figure with what is measured by it before it, and the next step of its list."""
        start = sentence_at(self._document.text, span).start
        if self._measures_nothing(span):
            start = max(self._quotes.clause_start(span), span.start - _FAR)
        steps = [value for one in lists if _is_inside(span, one) for value in self._values(one)]
        own = self._values(span)
        below = min((value for value in steps if own and value > own[0]), default=None)
        if below is None and comparison == AT_LEAST:
            below = self._next(span, further)
        before = self._folded(Span(start, span.start))
        condition = threshold(self._folded(span), before, comparison, below, self._after(span, lists))
        return Part(self._quotes.of(span), condition)

    def _after(self, span: Span, lists: Sequence[Span]) -> str:
        """What follows the row of figures in its clause: 税收楼 of 首次认定为5000万元、1亿元税收楼."""
        row = next((one for one in lists if _is_inside(span, one) and self._is_row(one)), None)
        if row is None:
            return ""
        end = sentence_at(self._document.text, span).end
        return _CLAUSE_END.split(self._folded(Span(row.end, max(row.end, end))))[0]

    def _is_row(self, span: Span) -> bool:
        """Whether the words are figures and nothing else."""
        words = self._folded(span)
        for one in reversed(quantities_in(words)):
            words = words[: one.span.start] + words[one.span.end :]
        return not words_in(words)

    def _further(self, facts: Sequence[Fact]) -> Iterator[Span]:
        """The figures that are compared without saying what is measured: 达到5000万元的."""
        for fact in facts:
            for one in fact.thresholds:
                if one.comparison == AT_LEAST and self._measures_nothing(one.span):
                    yield one.span

    def _measures_nothing(self, span: Span) -> bool:
        """Whether the sentence begins with the comparison, and leaves what is measured to those before."""
        before = Span(sentence_at(self._document.text, span).start, span.start)
        figures = quantities_in(words := self._folded(span))
        plain, _ = without_comparison(
            self._folded(before) + words[: figures[0].span.start] if figures else ""
        )
        return bool(figures) and not words_in(plain)

    def _next(self, span: Span, further: Sequence[Span]) -> Decimal | None:
        """The least of the further steps that is above the figure, in the same unit."""
        own = quantities_in(self._folded(span))
        later = [
            one for step in further if step.start > span.start for one in quantities_in(self._folded(step))
        ]
        above = (one.value for one in later if own and one.unit == own[0].unit and one.value > own[0].value)
        return min(above, default=None)

    def _values(self, span: Span) -> list[Decimal]:
        """The values of the sums in the words, in order; of other figures where there are no sums."""
        found = quantities_in(self._folded(span))
        unit = next((one.unit for one in found), "")
        return [one.value for one in found if one.unit == unit]

    def _folded(self, span: Span) -> str:
        return fold(self._quotes.words(span))


def _is_bare(text: str) -> bool:
    if bare_figure(text) is not None:
        return True
    bounds, rest = bounds_in(text)
    if len(bounds) != 1 or words_in(rest):
        return False
    one = bounds[0]
    if one.measures or one.context or one.classes or one.is_over:
        return False
    return (one.unit == _YUAN and one.high is None) or _STEP.fullmatch(text.strip()) is not None


def _is_between(words: str) -> bool:
    return words.strip() in _LISTED


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
