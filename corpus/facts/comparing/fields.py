"""The parts of a fact by what they state, for comparing two facts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.facts.model import Amount, Bound, Fact, Period, Rate, Role, Rule, RuleKind
from corpus.model import Span


class FactField(StrEnum):
    """What a part of a fact states."""

    BENEFICIARY = "beneficiary"
    CONDITION = "condition"
    THRESHOLD = "threshold"
    UPPER_LIMIT = "upper_limit"  # an amount of money that is not exceeded
    AMOUNT = "amount"  # any other
    AMOUNT_REFERENCE = "amount_reference"
    RATE = "rate"
    FREQUENCY = "frequency"
    TIME_LIMIT = "time_limit"
    REDUCTION = "reduction"
    TARGET = "target"
    DEADLINE = "deadline"
    VALIDITY = "validity"
    RULE = "rule"  # any other, in its own words
    STRENGTH = "strength"
    DEPARTMENT = "department"
    LEAD = "lead"
    MUST_ACT = "must_act"
    SOURCE = "source"
    REGION = "region"
    QUOTE = "quote"  # the whole of its words


Words = Callable[[Span], str]


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a fact. Two parts state the same if field and meaning are equal, however they are written.

    The meaning is the words themselves, or for figures their values.
    """

    field: FactField
    meaning: Hashable
    span: Span


def plain(words: str) -> str:
    """Words for comparison: without blanks, figures in half width."""
    return "".join(words.split()).translate(_HALF_WIDTH)


def parts_of(fact: Fact, words: Words) -> Iterator[Part]:
    """Yields what a fact states, in the order of the fields. `words` returns those at a span of its paper."""

    def worded(field: FactField, *spans: Span | None) -> Iterator[Part]:
        for span in spans:
            if span is not None:
                yield Part(field, plain(words(span)), span)

    yield from worded(FactField.BENEFICIARY, *fact.beneficiaries)
    yield from worded(FactField.CONDITION, *fact.conditions)
    for reached in fact.thresholds:
        meaning = (reached.value, reached.unit, reached.comparison, plain(words(reached.span)))
        yield Part(FactField.THRESHOLD, meaning, reached.span)
    yield from (_amount(amount, words) for amount in fact.amounts)
    yield from worded(FactField.AMOUNT_REFERENCE, fact.amount_reference)
    if fact.rate is not None:
        yield _rate(fact.rate, words)
    for often in fact.frequency:
        yield Part(FactField.FREQUENCY, (often.kind, often.count), often.span)
    yield from _times(fact, words)
    yield from _aims(fact, words)
    if fact.rule is not None:
        yield _rule(fact, fact.rule, words)
    yield from worded(FactField.STRENGTH, fact.strength_span)
    if fact.departments is not None:
        yield from worded(FactField.DEPARTMENT, *fact.departments.units)
        yield from worded(FactField.LEAD, *fact.departments.lead)
    yield from worded(FactField.MUST_ACT, fact.must_act)
    yield from worded(FactField.SOURCE, fact.source)
    yield from worded(FactField.REGION, fact.region)


def _amount(amount: Amount, words: Words) -> Part:
    limited = amount.bound is Bound.MAX or amount.role is Role.CAP
    meaning = (amount.value, amount.upper, amount.unit, amount.role, _plain_words(amount.per, words))
    return Part(FactField.UPPER_LIMIT if limited else FactField.AMOUNT, meaning, amount.span)


def _rate(rate: Rate, words: Words) -> Part:
    return Part(
        FactField.RATE, (rate.value, rate.upper, rate.bound, _plain_words(rate.base, words)), rate.span
    )


def _times(fact: Fact, words: Words) -> Iterator[Part]:
    limit, cut = fact.limit, fact.reduction
    if limit is not None and limit.period is not None:
        period: Period = limit.period
        meaning = (period.value, period.unit, limit.bound, _plain_words(limit.start, words))
        yield Part(FactField.TIME_LIMIT, meaning, period.span)
    if cut is not None:
        yield Part(FactField.REDUCTION, (cut.value, cut.unit, _plain_words(cut.relative_to, words)), cut.span)


def _aims(fact: Fact, words: Words) -> Iterator[Part]:
    target = fact.target
    if target is not None:
        yield Part(FactField.TARGET, (target.value, target.upper, target.unit, target.bound), target.span)
        if target.deadline is not None:
            meaning = target.year if target.year is not None else plain(words(target.deadline))
            yield Part(FactField.DEADLINE, meaning, target.deadline)


def _rule(fact: Fact, rule: Rule, words: Words) -> Part:
    if rule.since or rule.until:
        return Part(FactField.VALIDITY, (rule.since, rule.until), fact.quote)
    field = FactField.VALIDITY if rule.kind is RuleKind.VALIDITY else FactField.RULE
    return Part(field, plain(words(fact.quote)), fact.quote)


def _plain_words(span: Span | None, words: Words) -> str:
    return plain(words(span)) if span is not None else ""


_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}  # ！ to ～ are ! to ~
