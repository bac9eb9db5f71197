"""Where the quotes of facts are in a paper."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from corpus.facts.model import Fact
from corpus.model import Span


class Quotes:
    """The quotes of facts; whether one touches a place is found in logarithmic time."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        quotes = sorted((fact.quote.start, fact.quote.end) for fact in facts)
        self._starts = [start for start, _ in quotes]
        # The furthest end of each quote and those before it
        self._ends = list(accumulate((end for _, end in quotes), max))

    def touch(self, span: Span) -> bool:
        """Whether a quote has a character in common with the span."""
        before = bisect_left(self._starts, span.end)
        return before > 0 and self._ends[before - 1] > span.start
