"""Reads who gets a benefit and on what condition, from the words of the benefit itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.facts import conditions
from corpus.facts.beneficiaries import who_in
from corpus.facts.grants import givers
from corpus.facts.grants.segments import Segment, segments
from corpus.facts.model import Fact, FactKind, Threshold
from corpus.facts.sentences import Sentence
from corpus.facts.thresholds import thresholds_in
from corpus.model import Span

# A rule, a target or a time limit is not given to anybody.
_FOR_NOBODY = frozenset({FactKind.RULE, FactKind.TARGET, FactKind.TIME_LIMIT})

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
    parts = [_before_giving(one) for one in segments(text)]
    own = [one for one in parts if one.end > quote.start - before]
    named = own if who_in(own) else parts
    found = who_in(named)
    limits = [span for one in found for span in conditions.within(text, one.start, one.end)]
    limits += [span for one in found for span in conditions.of_subject(named, one.start, one.end)]
    limits += conditions.behind([one for one in own if all(who.end <= one.start for who in found)])
    spans = [Span(before + one.start, before + one.end) for one in found if one.start < one.end]
    restricting = [Span(before + start, before + end) for start, end in limits]
    whole = sentence.document.text
    thresholds = [
        one for span in [*spans, *restricting] for one in thresholds_in(whole, span.start, span.end)
    ]
    return Parties(tuple(spans), tuple(dict.fromkeys(restricting)), tuple(dict.fromkeys(thresholds)))


def with_parties(sentence: Sentence, fact: Fact) -> Fact:
    """Returns the fact with its parties, if its reader named none."""
    if fact.beneficiaries or fact.kind in _FOR_NOBODY:
        return fact
    found = read(sentence, fact.quote)
    return replace(
        fact,
        beneficiaries=found.beneficiaries,
        conditions=fact.conditions or found.conditions,
        thresholds=fact.thresholds or found.thresholds,
    )


def _before_giving(segment: Segment) -> Segment:
    end = givers.cut(segment, -1)
    if end < 2:
        return segment
    return replace(segment, end=segment.start + end, text=segment.text[:end])
