"""Lists the sentences that promise, limit or count something, and whether a fact was read from each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from corpus.facts.kinds.limit_figures import figures_in
from corpus.facts.model import Checked, Fact
from corpus.facts.sentences import Sentence, sentences_of
from corpus.model import Document, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import quantities_in

_TABLE = PhraseTable.read("corpus", "promises.tsv")
_SUMS = frozenset({"元", "万元", "美元", "万美元", "%", "个百分点", "个基点"})


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


def checked_sentences(document: Document, facts: Sequence[Fact]) -> tuple[Checked, ...]:
    """The sentences with a sum, a rate, a time limit or a word of giving, in reading order.

    Takes time linear in the length of the text, and n log n in the number of facts.
    """
    return tuple(_checked((one for one in sentences_of(document) if _counts(one)), facts))


def _checked(sentences: Iterable[Sentence], facts: Sequence[Fact]) -> Iterator[Checked]:
    quotes = Quotes(facts)
    for sentence in sentences:
        yield Checked(sentence.clause.id, sentence.span, quotes.touch(sentence.span))


def _counts(sentence: Sentence) -> bool:
    text = sentence.text
    return (
        any(quantity.unit in _SUMS for quantity in quantities_in(text))
        or bool(figures_in(text))
        or _TABLE.has("giving", text)
        or _TABLE.has("limiting", text)
    )
