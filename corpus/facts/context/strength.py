"""Reads how binding a promise is."""

from __future__ import annotations

from corpus.facts.model import Strength
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "strength.tsv")
_REACH = 400  # characters of a sentence before a promise in which 力争 holds for it
_OPENING = 12  # characters in which 支持 stands at the beginning of a promise


def read(sentence: Sentence, quote: Span) -> tuple[Strength, Span | None]:
    """The strength of what `quote` promises, and the words that say so; firm where none does.

    力争 at the beginning of a sentence holds for all that it lists; 鼓励 and 支持 only for the promise
    they begin, and not where a benefit is named behind them.
    """
    text = sentence.document.text
    words = quote.of(text)
    if found := _TABLE.spans("discretionary", words):
        return Strength.DISCRETIONARY, _shifted(found[0], quote.start)
    start = min(quote.start, max(sentence.span.start, quote.start - _REACH))
    led = text[start : quote.end]
    aims = _TABLE.spans("aim", led)
    if aims:
        return Strength.AIM, _shifted(aims[-1], start)
    if found := _TABLE.spans("able", words):
        return Strength.ENCOURAGE, _shifted(found[0], quote.start)
    opening = [span for span in _TABLE.spans("encourage", words) if span.start <= _OPENING]
    if opening and not _TABLE.has("gives", words[opening[0].end :]):
        return Strength.ENCOURAGE, _shifted(opening[0], quote.start)
    return Strength.FIRM, None


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
