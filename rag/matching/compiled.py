"""Prepares the facts of a paper for matching: what does not depend on a profile is read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.facts.model import Fact, FactKind, Strength, Threshold
from corpus.model import Document, Span
from corpus.notation.sentence_spans import sentence_at
from corpus.regions.divisions import NATION_CODE
from corpus.regions.mentions import parse_region
from index.terms.tokenize import fold
from rag.matching.model import Quoted
from rag.matching.quoting import Quotes
from rag.matching.reading.conditions import Condition, parse, threshold, without_words
from rag.matching.reading.needs import Need
from rag.matching.reading.places import codes_in, named_codes
from rag.matching.reading.words import TABLE

# They say what a paper fixes or aims at, and give nothing to an enterprise.
_NOTHING_TO_GET = frozenset((FactKind.RULE, FactKind.TARGET))
_EXAMPLES = "等"
_SHORTEST_BENEFIT = 6  # characters of what is given: 可调剂使用


@dataclass(frozen=True, slots=True)
class Part:
    """A condition and its words in the paper."""

    quote: Quoted
    condition: Condition
    is_procedure: bool = False  # what a time limit is for: whoever intends it is meant too


@dataclass(frozen=True, slots=True)
class Area:
    """Where a fact holds, when its clause divides by place."""

    quote: Quoted
    named: frozenset[str]  # divisions that are named one by one
    codes: frozenset[str]  # these and those of areas
    elsewhere: tuple[tuple[Quoted, frozenset[str]], ...]  # named for other facts of its sentence
    is_open: bool  # a list of examples, or no place that is known


@dataclass(frozen=True, slots=True)
class CompiledFact:
    """A fact as it is judged."""

    fact: Fact
    whole: Quoted
    classes: tuple[tuple[Part, ...], ...]  # alternatives; all parts of one have to hold
    parts: tuple[Part, ...]
    area: Area | None
    duty: Part | None  # the fact is for those who have this duty alone
    outside: frozenset[str]  # divisions of the beneficiaries, which may be outside of the paper's region
    left_open: Quoted | None  # words by which the paper itself leaves it open: 有条件的市, 争取


def gives_something(fact: Fact) -> bool:
    """Whether there is something to get: rules and targets give nothing."""
    return fact.kind not in _NOTHING_TO_GET


def compiled(document: Document, quotes: Quotes, facts: Sequence[Fact]) -> tuple[CompiledFact, ...]:
    """The facts of a paper as they are judged, in the same order."""
    reader = _Reader(document, quotes)
    regions: dict[Span, list[Span]] = {}
    for fact in facts:
        regions.setdefault(fact.quote, []).extend([fact.region] if fact.region is not None else [])
    return tuple(reader.fact(fact, regions[fact.quote]) for fact in facts)


class _Reader:
    """Reads the facts of one paper."""

    def __init__(self, document: Document, quotes: Quotes) -> None:
        self._document, self._words, self._quoted = document, quotes.words, quotes.of
        own = parse_region(document.head.region) if document.head.region else None
        self._above = frozenset((NATION_CODE, *((own.code, *own.parents) if own is not None else ())))

    def fact(self, fact: Fact, regions: Sequence[Span]) -> CompiledFact:
        duty = fact.must_act if not fact.beneficiaries else None
        return CompiledFact(
            fact,
            whole=self._quoted(fact.quote),
            classes=tuple(self._alternatives(fact)),
            parts=tuple(self._parts(fact)),
            area=self._area(fact.region, regions) if fact.region is not None else None,
            duty=self._part(duty, is_class=True) if duty is not None else None,
            outside=frozenset[str]().union(*(self._outside(span) for span in fact.beneficiaries)),
            left_open=self._left_open(fact),
        )

    def _outside(self, span: Span) -> frozenset[str]:
        """The divisions that a beneficiary is in, but those that the paper's own region is part of."""
        return codes_in(self._words(span)) - self._above

    def _part(self, span: Span, *, is_class: bool) -> Part:
        return Part(self._quoted(span), parse(fold(self._words(span)), is_class=is_class))

    def _alternatives(self, fact: Fact) -> Iterator[tuple[Part, ...]]:
        """Each beneficiary with the conditions that stand inside of it."""
        for span in fact.beneficiaries:
            inside = (one for one in fact.conditions if _is_inside(one, span))
            yield (
                self._part(span, is_class=True),
                *(self._part(one, is_class=False) for one in inside),
            )

    def _parts(self, fact: Fact) -> Iterator[Part]:
        """What has to hold for every beneficiary."""
        figures = [one.span for one in fact.thresholds]
        shown = [*fact.beneficiaries, *(one for one in fact.conditions if one not in figures)]
        for span in fact.conditions:
            if span in figures:
                continue
            if not any(_is_inside(span, one) for one in fact.beneficiaries):
                part = self._part(span, is_class=False)
                if not (_is_vague(part.condition) and self._is_for_more(fact, span)):
                    yield part
        for one in fact.thresholds:
            if not any(_is_inside(one.span, other) for other in shown):
                yield self._threshold(one)
        if fact.limit is not None and fact.limit.what is not None:
            part = self._part(fact.limit.what, is_class=False)
            if classes_only := without_words(part.condition).groups:
                yield Part(part.quote, Condition(classes_only), is_procedure=True)

    def _threshold(self, one: Threshold) -> Part:
        before = Span(sentence_at(self._document.text, one.span).start, one.span.start)
        condition = threshold(fold(self._words(one.span)), fold(self._words(before)), one.comparison)
        return Part(self._quoted(one.span), condition)

    def _is_for_more(self, fact: Fact, span: Span) -> bool:
        """Whether something is given before the condition, which is for a further benefit then.

        推动…的制剂在省内医疗机构调剂使用，符合条件的按规定纳入医保支付范围
        """
        ends = [
            one.end for one in fact.beneficiaries if fact.quote.start <= one.start and one.end <= span.start
        ]
        between = self._words(Span(max(ends), span.start)) if ends else ""
        return len(between.strip("的，,、 \n")) >= _SHORTEST_BENEFIT

    def _area(self, region: Span, regions: Sequence[Span]) -> Area | None:
        words = self._words(region)
        if TABLE.is_whole("here", words):
            return None
        named, codes = named_codes(words), codes_in(words)
        others = (
            (self._quoted(one), named_codes(self._words(one)) - named) for one in regions if one != region
        )
        elsewhere = tuple((quote, codes) for quote, codes in others if codes)
        return Area(self._quoted(region), named, codes, elsewhere, is_open=not codes or _EXAMPLES in words)

    def _left_open(self, fact: Fact) -> Quoted | None:
        if fact.strength is Strength.AIM and fact.strength_span is not None:
            return self._quoted(fact.strength_span)
        for span in (fact.must_act, fact.strength_span):
            if span is not None and fact.beneficiaries and TABLE.has("vague", fold(self._words(span))):
                return self._quoted(span)
        return None


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _is_vague(condition: Condition) -> bool:
    """Whether the condition only says that there are conditions."""
    return all(need == Need(vague=()) for group in condition.groups for need in group.needs)
