"""Reads who gets a benefit and on what condition, from the words of the benefit itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.facts import conditions
from corpus.facts.beneficiaries import who_in
from corpus.facts.grants import givers
from corpus.facts.grants.segments import Segment, segments
from corpus.facts.model import Fact, FactKind, Threshold
from corpus.facts.sentences import Sentence
from corpus.facts.thresholds import thresholds_in
from corpus.model import Span

# A rule or a target is not given to anybody; a time limit only to those it names with 对 or 将.
_FOR_NOBODY = frozenset({FactKind.RULE, FactKind.TARGET})
_ADDRESSED = ("对", "对于", "将")

_REACH = 400  # characters of a sentence before a benefit in which its beneficiary may be named


@dataclass(frozen=True, slots=True)
class Parties:
    """Who gets something, and what restricts them."""

    beneficiaries: tuple[Span, ...]
    conditions: tuple[Span, ...]
    thresholds: tuple[Threshold, ...]


def read(sentence: Sentence, quote: Span) -> Parties:
    """Returns who gets what the quote promises; empty where the sentence does not say it up to there."""
    before = max(sentence.span.start, quote.start - _REACH)
    text = sentence.document.text[before : quote.end]
    pieces = segments(text)
    parts = [_before_giving(one) for one in pieces]
    own = [one for one in parts if one.end > quote.start - before]
    named = own if who_in(own) else parts
    found = who_in(named)
    limits = [span for one in found for span in conditions.within(text, one.start, one.end)]
    limits += [span for one in found for span in conditions.of_subject(named, one.start, one.end)]
    limits += conditions.behind([one for one in own if all(who.end <= one.start for who in found)])
    who = [(one.start, one.end) for one in found if one.start < one.end]
    served = next((at for one in pieces[-len(own) :] if (at := givers.served(one))), None)
    if served is not None and all(text[end - 1] == "的" or text[start - 1] != "对" for start, end in who):
        who = [served]
    return _parties(sentence, before, who, limits)


def _parties(
    sentence: Sentence, offset: int, who: Sequence[tuple[int, int]], limits: Sequence[tuple[int, int]]
) -> Parties:
    spans = [Span(offset + start, offset + end) for start, end in who]
    restricting = [Span(offset + start, offset + end) for start, end in limits]
    text = sentence.document.text
    thresholds = [one for span in [*spans, *restricting] for one in thresholds_in(text, span.start, span.end)]
    return Parties(tuple(spans), tuple(dict.fromkeys(restricting)), tuple(dict.fromkeys(thresholds)))


def with_parties(sentence: Sentence, fact: Fact) -> Fact:
    """Returns the fact with its parties, if its reader named none."""
    if fact.beneficiaries or fact.kind in _FOR_NOBODY:
        return fact
    found = read(sentence, fact.quote)
    if fact.kind is FactKind.TIME_LIMIT and not _is_addressed(sentence, found):
        return fact
    return replace(
        fact,
        beneficiaries=found.beneficiaries,
        conditions=fact.conditions or found.conditions,
        thresholds=fact.thresholds or found.thresholds,
    )


def _is_addressed(sentence: Sentence, found: Parties) -> bool:
    text = sentence.document.text
    return any(text.endswith(_ADDRESSED, 0, one.start) for one in found.beneficiaries)


def _before_giving(segment: Segment) -> Segment:
    end = givers.cut(segment, -1)
    if end < 2:
        return segment
    return replace(segment, end=segment.start + end, text=segment.text[:end])
