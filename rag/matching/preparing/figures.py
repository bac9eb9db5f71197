"""The figures that a fact asks for. Of a list of steps each fact has one: 达到1亿元、5亿元，分别奖励…"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from corpus.facts.model import Fact
from corpus.model import Document, Span
from corpus.notation.sentence_spans import sentence_at
from index.terms.tokenize import fold, fold_map
from rag.matching.preparing.compiled import Part
from rag.matching.preparing.quoting import Quotes
from rag.matching.reading.bounds import AT_LEAST, bare_figure
from rag.matching.reading.conditions import threshold
from rag.matching.reading.quantities import quantities_in


class Figures:
    """Reads the figures of the facts of one paper."""

    def __init__(self, document: Document, quotes: Quotes) -> None:
        self._document, self._quotes = document, quotes

    def bare_in(self, fact: Fact) -> list[Span]:
        """The conditions that are a figure and nothing else."""
        return [one for one in fact.conditions if bare_figure(self._folded(one)) is not None]

    def parts(self, fact: Fact) -> Iterator[Part]:
        """The figures that are compared by themselves, and not as part of a longer condition."""
        bare = self.bare_in(fact)
        comparisons = {one.span: one.comparison for one in fact.thresholds}
        shown = [*fact.beneficiaries, *(one for one in fact.conditions if one not in bare)]
        lists = [span for span in shown if len(self._values(span)) > 1]
        for span in bare:
            yield self._part(span, comparisons.get(span, AT_LEAST), lists)
        for span, comparison in comparisons.items():
            around = [one for one in shown if _is_inside(span, one)]
            if span not in bare and (not around or self._is_only(fact, around[0], lists)):
                yield self._part(span, comparison, lists)
        for span in shown:
            if span not in lists and (step := self._step_of(span, lists)) is not None:
                yield self._part(step, AT_LEAST, lists)

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

    def _part(self, span: Span, comparison: str, lists: Sequence[Span]) -> Part:
        """A figure with what is measured by it before it, and the next step of its list."""
        before = Span(sentence_at(self._document.text, span).start, span.start)
        steps = [value for one in lists if _is_inside(span, one) for value in self._values(one)]
        own = self._values(span)
        below = min((value for value in steps if own and value > own[0]), default=None)
        condition = threshold(self._folded(span), self._folded(before), comparison, below)
        return Part(self._quotes.of(span), condition)

    def _values(self, span: Span) -> list[Decimal]:
        """The values of the sums in the words, in order; of other figures where there are no sums."""
        found = quantities_in(self._folded(span))
        unit = next((one.unit for one in found), "")
        return [one.value for one in found if one.unit == unit]

    def _folded(self, span: Span) -> str:
        return fold(self._quotes.words(span))


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
