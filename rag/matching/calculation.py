"""Works out a sum from the words of a fact and the figures of a profile: 20% × 6000万元, at most 1500万元."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from corpus.facts.model import Amount, Bound, Fact, Recurrence, Role
from corpus.model import Span
from index.terms.tokenize import fold
from rag.matching.model import Calculation, Source, Term
from rag.matching.reading.enterprise import Enterprise
from rag.matching.reading.quantities import measures_in, without_last_measure
from rag.matching.reading.stated_figures import Said
from rag.matching.reading.words import words_in

Words = Callable[[Span], str]  # the words of a span of the paper

_YUAN = "元"
# "每人", "每名毕业生", "/亩", "每个平台": the unit that a sum is for
_PER = re.compile(r"(?:每一?|/)\s*(?P<unit>平方米|[人名亩个家项件台套辆笔吨张床位户])")
_SAME_UNITS = {"名": "人", "位": "人", "户": "家"}


def calculation(words: Words, fact: Fact, enterprise: Enterprise) -> Calculation | None:
    """The sum of a fact for an enterprise, or None where the paper or the profile lacks a number for it."""
    return _of_rate(words, fact, enterprise) or _by_unit(words, fact, enterprise) or _of_years(words, fact)


def _of_rate(words: Words, fact: Fact, enterprise: Enterprise) -> Calculation | None:
    rate = fact.rate
    if rate is None or rate.value is None:
        return None
    named = words(rate.base) if rate.base is not None else ""
    found = (_base(fold(one), enterprise.figures) for one in (named, _measured(words, fact)) if one)
    base = next((one for one in found if one is not None), None)
    if base is None:
        return None
    cap = _limit(words, fact.amounts)
    return _capped(
        (_term(words, rate.span, rate.value), _stated(base)), cap, is_limit=rate.bound is Bound.MAX
    )


def _measured(words: Words, fact: Fact) -> str:
    """What the words for the beneficiary measure at their end: 技术改造项目新设备购置额."""
    for span in fact.beneficiaries:
        whole = fold(words(span))
        if measure := whole.removeprefix(without_last_measure(whole)):
            return measure
    return ""


def _base(base: str, figures: Iterable[Said]) -> Said | None:
    """The one sum of the profile that measures what the rate is of."""
    sums = [one for one in figures if one.unit == _YUAN]
    measures = measures_in(base)
    fitting = [one for one in sums if not measures.isdisjoint(one.measures)] if measures else []
    named = [word.text for word in words_in(base)]
    fitting = fitting or [one for one in sums if named and any(word in one.context for word in named)]
    return fitting[0] if len(fitting) == 1 else None


def _by_unit(words: Words, fact: Fact, enterprise: Enterprise) -> Calculation | None:
    amount = _only_sum(fact)
    if amount is None or amount.per is None:
        return None
    match = _PER.search(fold(words(amount.per)))
    if match is None:
        return None
    unit = _unit(match["unit"])
    counted = [one for one in enterprise.figures if _unit(one.unit) == unit and one.value > 1]
    if len(counted) != 1:
        return None
    factors = (_term(words, amount.span, amount.value), _stated(counted[0]))
    return _capped(factors, _limit(words, fact.amounts), is_limit=amount.bound is Bound.MAX)


def _unit(written: str) -> str:
    return _SAME_UNITS.get(written, written)


def _of_years(words: Words, fact: Fact) -> Calculation | None:
    amount = _only_sum(fact)
    years = [one for one in fact.frequency if one.kind is Recurrence.YEARS and one.count]
    is_yearly = any(one.kind is Recurrence.YEARLY for one in fact.frequency)
    if amount is None or len(years) != 1 or not is_yearly:
        return None
    count = Decimal(years[0].count or 0)
    factors = (_term(words, amount.span, amount.value), _term(words, years[0].span, count))
    return _capped(factors, _limit(words, fact.amounts), is_limit=amount.bound is Bound.MAX)


def _only_sum(fact: Fact) -> Amount | None:
    sums = [one for one in fact.amounts if one.role is Role.PAY and one.unit == _YUAN and one.upper is None]
    return sums[0] if len(sums) == 1 else None


def _limit(words: Words, amounts: Iterable[Amount]) -> Term | None:
    caps = [one for one in amounts if one.role is Role.CAP and one.unit == _YUAN]
    return _term(words, caps[0].span, caps[0].value) if len(caps) == 1 else None


def _capped(factors: tuple[Term, ...], cap: Term | None, *, is_limit: bool) -> Calculation:
    product = Decimal(1)
    for factor in factors:
        product *= factor.value
    return Calculation(factors, product if cap is None else min(product, cap.value), cap, is_limit)


def _term(words: Words, span: Span, value: Decimal) -> Term:
    return Term(words(span), value, Source.PAPER, span)


def _stated(said: Said) -> Term:
    return Term(said.words, said.value, Source.REQUEST, said.span)
