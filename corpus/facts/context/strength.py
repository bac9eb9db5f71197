"""Reads how binding a promise is."""

from __future__ import annotations

import re

from corpus.facts.kinds.parts import Parts
from corpus.facts.model import Strength
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "strength.tsv")
_REACH = 400  # characters of a sentence before a promise in which 力争 holds for it
_ADVERBS = f"(?:{_TABLE.alternation('adverb')})*"
_ASKS = re.compile(rf"{_ADVERBS}(?P<word>{_TABLE.alternation('asks')})")
_ENCOURAGES = re.compile(rf"{_ADVERBS}(?P<word>{_TABLE.alternation('encourage')})")


def read(sentence: Sentence, quote: Span) -> tuple[Strength, Span | None]:
    """The strength of what `quote` promises, and the words that say so; firm where none does.

    力争 holds for all that its sentence lists; 鼓励 and 支持 for the part that they begin and those that
    continue it, 支持 only where that part gives nothing.
    """
    text = sentence.document.text
    words = quote.of(text)
    if found := _TABLE.spans("discretionary", words):
        return Strength.DISCRETIONARY, _shifted(found[0], quote.start)
    start = min(quote.start, max(sentence.span.start, quote.start - _REACH))
    if found := _TABLE.spans("aims_at_all", text[start : quote.end]):
        return Strength.AIM, _shifted(found[-1], start)
    parts = Parts.of(words)
    if parts.spans and (found := _TABLE.spans("aim", parts.spans[-1].of(words))):
        return Strength.AIM, _shifted(found[0], quote.start + parts.spans[-1].start)
    if found := _TABLE.spans("able", words):
        return Strength.ENCOURAGE, _shifted(found[0], quote.start)
    encouraging = _encouraging(parts)
    if encouraging is not None:
        return Strength.ENCOURAGE, _shifted(encouraging, quote.start)
    return Strength.FIRM, None


def _encouraging(parts: Parts) -> Span | None:
    """The verb of support that governs the last part; None where a promise stands between them."""
    for span in reversed(parts.spans):
        asks = _ASKS.match(parts.text, span.start, span.end)
        if asks is not None:
            return Span(*asks.span("word"))
        words = span.of(parts.text)
        gives = _TABLE.has("gives", words)
        supports = _ENCOURAGES.match(parts.text, span.start, span.end)
        if supports is not None and not gives:
            return Span(*supports.span("word"))
        if supports is not None or gives or _TABLE.has("renews", words):
            return None
    return None


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
