"""Lists the sentences that promise, limit or count something, and whether a fact was read from each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.facts.kinds.limit_figures import figures_in
from corpus.facts.model import Checked, Fact
from corpus.facts.quotes import Quotes
from corpus.facts.sentences import Sentence, sentences_of
from corpus.model import Document
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import quantities_in

_TABLE = PhraseTable.read("corpus", "promises.tsv")
_SUMS = frozenset({"元", "万元", "美元", "万美元", "%", "个百分点", "个基点"})


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
