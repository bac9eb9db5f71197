"""Prepares the facts of a paper for matching: what does not depend on a profile is read once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from corpus.facts.model import Fact, FactKind, Strength
from corpus.model import Document, Span
from corpus.regions.divisions import NATION_CODE
from corpus.regions.mentions import parse_region
from index.terms.tokenize import fold
from rag.matching.model import Quoted
from rag.matching.preparing.compiled import Area, CompiledFact, Part
from rag.matching.preparing.figures import Figures
from rag.matching.preparing.quoting import Quotes
from rag.matching.preparing.rivals import own_words
from rag.matching.reading.conditions import Condition, Group, parse, without_words
from rag.matching.reading.levels import level_alone, of_level
from rag.matching.reading.needs import Need
from rag.matching.reading.places import codes_in, named_codes
from rag.matching.reading.words import TABLE, words_in

_EXAMPLES = "等"
_EACH = "分别"
_SHORTEST_BENEFIT = 4  # characters of what is given: 可调剂使用
_OF = "的"
# "3月底前", "2018年1月1日后"
_BY_A_DAY = re.compile("[0-9]{1,2}[月日]底?(?:之?前|以前|之?后|以后|起)")
# Only who says that all conditions are met meets it: days are not compared.
_WITH_A_DATE = Condition((Group((Need(vague=()),)),))
_LISTED = re.compile("、|以及|或者?")
# Facts on each side of a fact that may have other steps of its list; lists of papers have some ten.
_NEAR = 30


def compiled(document: Document, quotes: Quotes, facts: Sequence[Fact]) -> tuple[CompiledFact, ...]:
    """The facts of a paper as they are judged, in the same order."""
    reader = _Reader(document, quotes)
    regions: dict[Span, list[Span]] = {}
    lists: dict[tuple[Span, tuple[Span, ...]], list[Fact]] = {}
    clauses: dict[tuple[str, FactKind, tuple[Span, ...]], list[Fact]] = {}
    for fact in facts:
        region = reader.region(fact)
        regions.setdefault(fact.quote, []).extend([region] if region is not None else [])
        lists.setdefault((fact.quote, fact.beneficiaries), []).append(fact)
        clauses.setdefault((fact.clause_id, fact.kind, fact.beneficiaries), []).append(fact)
    told_by = _told_apart(facts, quotes)
    return tuple(
        reader.fact(
            fact,
            regions[fact.quote],
            lists[fact.quote, fact.beneficiaries],
            _near(fact, clauses[fact.clause_id, fact.kind, fact.beneficiaries]),
            told_by[number],
        )
        for number, fact in enumerate(facts)
    )


def _told_apart(facts: Sequence[Fact], quotes: Quotes) -> list[tuple[frozenset[str], ...]]:
    """What `own_words` says of each fact among those of its clause and kind."""
    found: list[tuple[frozenset[str], ...]] = [()] * len(facts)
    together: dict[tuple[str, FactKind], list[int]] = {}
    for number, fact in enumerate(facts):
        together.setdefault((fact.clause_id, fact.kind), []).append(number)
    for numbers in together.values():
        for number, own in zip(numbers, own_words([facts[at] for at in numbers], quotes), strict=True):
            found[number] = own
    return found


def _near(fact: Fact, others: Sequence[Fact]) -> Sequence[Fact]:
    """The facts of the same quote, and those near it, among others in reading order."""
    at = fact.quote.start
    first = bisect_left(others, at, key=lambda one: one.quote.start)
    last = bisect_right(others, at, key=lambda one: one.quote.start)
    return others[max(0, first - _NEAR) : last + _NEAR]


class _Reader:
    """Reads the facts of one paper."""

    def __init__(self, document: Document, quotes: Quotes) -> None:
        self._words, self._quoted = quotes.words, quotes.of
        self._figures = Figures(document, quotes)
        own = parse_region(document.head.region) if document.head.region else None
        self._above = frozenset((NATION_CODE, *((own.code, *own.parents) if own is not None else ())))

    def fact(
        self,
        fact: Fact,
        regions: Sequence[Span],
        listed: Sequence[Fact],
        beside: Sequence[Fact],
        told_by: tuple[frozenset[str], ...],
    ) -> CompiledFact:
        duty, region = fact.must_act if not fact.beneficiaries else None, self.region(fact)
        return CompiledFact(
            fact,
            whole=self._quoted(fact.quote),
            classes=tuple(self._alternatives(fact, is_listed=len(listed) > 1)),
            parts=tuple(self._parts(fact, listed, beside)),
            area=self._area(region, regions) if region is not None else None,
            duty=self._part(duty, is_class=True) if duty is not None else None,
            outside=frozenset[str]().union(*map(self._outside, _whom(fact))),
            left_open=self._left_open(fact) or self._undivided(fact, listed),
            told_by=told_by,
        )

    def region(self, fact: Fact) -> Span | None:
        """The words by which the clause divides by place: a condition of places alone, or its region."""
        return next(filter(self._is_place, fact.conditions), fact.region)

    def _is_place(self, span: Span) -> bool:
        groups = self._part(span, is_class=False).condition.groups
        needs = [need for group in groups for need in group.needs]
        return bool(needs) and all(need.places and need == Need(places=need.places) for need in needs)

    def _outside(self, span: Span) -> frozenset[str]:
        """The divisions that a beneficiary is in, but those that the paper's own region is part of."""
        return codes_in(self._words(span)) - self._above

    def _part(self, span: Span, *, is_class: bool) -> Part:
        return Part(self._quoted(span), parse(fold(self._words(span)), is_class=is_class))

    def _phrases(self, span: Span) -> Iterator[Span]:
        """Each of several described nouns: 获得上市许可的创新药、获得上市注册的医疗器械."""
        words, at = self._words(span), 0
        marks = [*_LISTED.finditer(words)]
        for number, mark in enumerate(marks):
            end = marks[number + 1].start() if number + 1 < len(marks) else len(words)
            if _OF in words[at : mark.start()] and self._is_described(words[mark.end() : end]):
                yield Span(span.start + at, span.start + mark.start())
                at = mark.end()
        yield Span(span.start + at, span.end)

    def _is_described(self, words: str) -> bool:
        """Whether a noun has a description of its own: 获得上市注册的医疗器械, and not 优秀项目的企业."""
        description, of, _ = fold(words).rstrip(_OF).rpartition(_OF)
        return bool(of) and (
            TABLE.has("verb", description) or any(word.classes for word in words_in(description))
        )

    def _member(self, fact: Fact, span: Span) -> Part:
        """A condition; a level alone is that of what is listed: 国家级 of 国家级、省级绿色工厂."""
        part = self._part(span, is_class=False)
        level = level_alone(part.condition)
        if level is None:
            return part
        around = [one for one in (*fact.conditions, *fact.beneficiaries) if _is_around(one, span)]
        for one in sorted(around, key=lambda one: one.end - one.start):
            is_class = one in fact.beneficiaries
            named = of_level(self._part(one, is_class=is_class).condition, level)
            if named is not None:
                return Part(part.quote, named)
        return part

    def _alternatives(self, fact: Fact, *, is_listed: bool) -> Iterator[tuple[Part, ...]]:
        """Each beneficiary with the conditions that stand inside of it."""
        bare = self._figures.bare_in(fact)
        found = []
        for span in (one for whole in fact.beneficiaries for one in self._phrases(whole)):
            inside = [one for one in fact.conditions if one not in bare and _is_inside(one, span)]
            found.append((self._part(span, is_class=True), *(self._member(fact, one) for one in inside)))
        # Of a list, the phrase that has the fact's own member is meant.
        own = [parts for parts in found if len(parts) > 1]
        yield from own if is_listed and own else found
        if not fact.beneficiaries and fact.limit is not None and fact.limit.what is not None:
            part = self._part(fact.limit.what, is_class=True)
            if (classes_only := without_words(part.condition)).groups:
                yield (Part(part.quote, classes_only, is_procedure=True),)

    def _parts(self, fact: Fact, listed: Sequence[Fact], beside: Sequence[Fact]) -> Iterator[Part]:
        """What has to hold for every beneficiary."""
        figures = self._figures.bare_in(fact)
        for span in fact.conditions:
            if span in figures or self._is_place(span) or TABLE.has("procedure", fold(self._words(span))):
                continue
            if not any(_is_inside(span, one) for one in fact.beneficiaries):
                part = self._member(fact, span)
                if not (_is_vague(part.condition) and self._is_for_more(fact, span)):
                    yield part
        yield from self._figures.parts(fact, listed, beside)
        if (lead := self._lead(fact)) is not None:
            yield Part(self._quoted(lead), _WITH_A_DATE)
        if fact.beneficiaries and fact.limit is not None and fact.limit.what is not None:
            part = self._part(fact.limit.what, is_class=False)
            if (classes_only := without_words(part.condition)).groups:
                yield Part(part.quote, classes_only, is_procedure=True)

    def _lead(self, fact: Fact) -> Span | None:
        """A clause of the quote that limits in time who is meant, and that is no part of the fact.

        支持3月底前完成扩能改造，取得许可证的企业
        """
        first = min((span.start for span in fact.beneficiaries), default=fact.quote.start)
        at = fact.quote.start
        for clause in self._words(Span(at, max(at, first))).split("，")[:-1]:
            span = Span(at, at + len(clause))
            at = span.end + 1
            is_told = any(
                one.start < span.end and span.start < one.end for one in fact.spans() if one != fact.quote
            )
            if clause and not is_told and _BY_A_DAY.search(fold(clause)):
                return span
        return None

    def _is_for_more(self, fact: Fact, span: Span) -> bool:
        """Whether something is given before the condition, which is for a further benefit then.

        推动…的制剂在省内医疗机构调剂使用，符合条件的按规定纳入医保支付范围
        """
        ends = [
            one.end for one in fact.beneficiaries if fact.quote.start <= one.start and one.end <= span.start
        ]
        between = self._words(Span(max(ends), span.start)) if ends else ""
        benefit, comma, _ = between.lstrip("的，,、 \n").replace(",", "，").partition("，")
        return bool(comma) and len(benefit) >= _SHORTEST_BENEFIT

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

    def _undivided(self, fact: Fact, listed: Sequence[Fact]) -> Quoted | None:
        """The sentence of a fact that is one of a list, when only the others say which one they are."""
        own = set(fact.conditions)
        others = [other for other in listed if other is not fact]
        is_vaguer = any(own < set(other.conditions) for other in others)
        is_same = _EACH in self._words(fact.quote) and any(
            own == set(other.conditions)
            and fact.thresholds == other.thresholds
            and self.region(fact) == self.region(other)
            and _sums(fact) != _sums(other)
            for other in others
        )
        return self._quoted(fact.quote) if is_vaguer or is_same else None

    def _left_open(self, fact: Fact) -> Quoted | None:
        if fact.strength is Strength.AIM and fact.strength_span is not None:
            return self._quoted(fact.strength_span)
        for span in (fact.must_act, fact.strength_span):
            if span is not None and fact.beneficiaries and TABLE.has("vague", fold(self._words(span))):
                return self._quoted(span)
        return None


def _sums(fact: Fact) -> tuple[Span, ...]:
    return tuple(amount.span for amount in fact.amounts)


def _whom(fact: Fact) -> tuple[Span, ...]:
    """The words that name who or what the fact is for."""
    what = fact.limit.what if fact.limit is not None else None
    return fact.beneficiaries or ((what,) if what is not None else ())


def _is_around(outer: Span, inner: Span) -> bool:
    return outer != inner and _is_inside(inner, outer)


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _is_vague(condition: Condition) -> bool:
    """Whether the condition only says that there are conditions."""
    return all(need == Need(vague=()) for group in condition.groups for need in group.needs)
