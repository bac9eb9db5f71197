"""The parts of a fact that an editor may choose other words for, and the fact with such words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from corpus.errors import BadCorrection
from corpus.facts.correcting.finding import cut_figure
from corpus.facts.model import Bound, Departments, Fact, Period, Rate
from corpus.facts.thresholds import threshold_of
from corpus.model import Span
from corpus.notation.figures import HALF_WIDTH, Figure, FigureKind, figures
from corpus.notation.shares import SHARE, share_of

# Parts with any number of spans, with at most one, and those with a figure.
MANY: Final = ("beneficiaries", "conditions", "refers_to")
ONE: Final = ("form", "amount_reference", "source", "source_condition", "must_act", "region")
_AMOUNT, _THRESHOLD, _UNITS, _LEAD = "amounts", "thresholds", "departments", "lead"
_VALUED = ("rate", "limit", "reduction")
# Parts of a part: they exist only where that one does.
_WITHIN: Final[Mapping[str, tuple[str, ...]]] = {
    "rate": ("base",),
    "limit": ("what", "start"),
    "reduction": ("relative_to",),
    "target": ("indicator", "deadline"),
}
_YUAN, _PERCENT = "元", Decimal(100)
_SHARE = re.compile(SHARE)  # "50%", "三分之一"


def correctable(fact: Fact) -> tuple[str, ...]:
    """The names of the parts of this fact for which other words can be chosen."""
    inner = [
        f"{name}.{part}"
        for name, parts in _WITHIN.items()
        if getattr(fact, name) is not None
        for part in parts
    ]
    numbered = [
        f"{name}.{number}"
        for name in (_AMOUNT, _THRESHOLD)
        for number in range(1, len(getattr(fact, name)) + 1)
    ]
    whole = [name for name in _VALUED if getattr(fact, name) is not None]
    return (*MANY, *ONE, *numbered, *whole, _UNITS, _LEAD, *inner)


def with_words(fact: Fact, part: str, spans: Sequence[Span], text: str) -> Fact:
    """The fact with other words in a part; without any, the fact does not have the part.

    What the words say (yuan, days) is read from them. Raises BadCorrection.
    """
    name, _, inner = part.partition(".")
    if part not in correctable(fact):
        raise BadCorrection(f"{part!r} cannot be corrected. Choose one of {', '.join(correctable(fact))}")
    for one in spans:
        _check_whole(one, text)
    if part in MANY:
        return _replaced(fact, part, tuple(spans))
    if part in (_UNITS, _LEAD):
        return _with_units(fact, part, tuple(spans))
    if len(spans) > 1:
        raise BadCorrection(f"{part!r} has one place in the paper, and {len(spans)} are given. Choose one")
    span = spans[0] if spans else None
    if part in ONE:
        return _replaced(fact, part, span)
    if name == _AMOUNT:
        return _with_amount(fact, int(inner) - 1, span, text)
    if name == _THRESHOLD:
        return _with_threshold(fact, int(inner) - 1, span, text)
    if inner:
        return _within(fact, name, inner, span)
    return _valued(fact, part, span, text)


def _check_whole(span: Span, text: str) -> None:
    whole = cut_figure(span, text)
    if whole is not None:
        raise BadCorrection(
            f"{span.of(text)!r} has only a part of {whole.of(text)!r}. Choose the whole, or words beside it"
        )


def _replaced(fact: Fact, name: str, value: object) -> Fact:
    changes: Mapping[str, object] = {name: value}
    return replace(fact, **changes)  # type: ignore[arg-type]


def _within(fact: Fact, name: str, inner: str, span: Span | None) -> Fact:
    if span is None and inner == "indicator":
        raise BadCorrection("a target always has an indicator. Choose its words, or call the fact wrong")
    changes: Mapping[str, object] = {inner: span}
    return _replaced(fact, name, replace(getattr(fact, name), **changes))


def _with_units(fact: Fact, part: str, spans: tuple[Span, ...]) -> Fact:
    old = fact.departments
    if part == _UNITS:
        units, lead = spans, tuple(one for one in old.lead if one in spans) if old else ()
    else:
        units, lead = (old.units if old else ()), spans
        units += tuple(one for one in lead if one not in units)
    if not units:
        return replace(fact, departments=None)
    whole = Span(min(one.start for one in units), max(one.end for one in units))
    return replace(fact, departments=Departments(whole, units, lead))


def _with_amount(fact: Fact, place: int, span: Span | None, text: str) -> Fact:
    if span is None:
        raise BadCorrection("a sum cannot be left out. Choose the words of another, or call the fact wrong")
    old = fact.amounts[place]
    value = Decimal(_figure(span, text, FigureKind.MONEY, "sum of money").value)
    amount = replace(old, span=span, value=value, unit=_YUAN, upper=None, bound=_single(old.bound))
    return replace(fact, amounts=(*fact.amounts[:place], amount, *fact.amounts[place + 1 :]))


def _with_threshold(fact: Fact, place: int, span: Span | None, text: str) -> Fact:
    """The comparison stays where the words state none."""
    before, behind = fact.thresholds[:place], fact.thresholds[place + 1 :]
    if span is None:
        return replace(fact, thresholds=(*before, *behind))
    found = threshold_of(text, span, comparison=fact.thresholds[place].comparison)
    if found is None:
        raise BadCorrection(f"{span.of(text)!r} is not one threshold. Choose the words of one: 不低于500亩")
    return replace(fact, thresholds=(*before, found, *behind))


def _valued(fact: Fact, part: str, span: Span | None, text: str) -> Fact:
    if span is None:
        return _replaced(fact, part, None)
    readers: Mapping[str, Callable[[Fact, Span, str], Fact]] = {
        "rate": _with_rate,
        "limit": _with_period,
        "reduction": _with_reduction,
    }
    return readers[part](fact, span, text)


def _with_rate(fact: Fact, span: Span, text: str) -> Fact:
    value = Decimal(_figure(span, text, FigureKind.PERCENT, "rate").value) / _PERCENT
    old = fact.rate
    assert old is not None, "only a rate that exists can be corrected"
    rate: Rate = replace(old, span=span, value=value, upper=None, bound=_single(old.bound))
    return replace(fact, rate=rate)


def _with_period(fact: Fact, span: Span, text: str) -> Fact:
    assert fact.limit is not None, "only a limit that exists can be corrected"
    value, unit = _length(span, text, "length of time")
    return replace(fact, limit=replace(fact.limit, period=Period(span, value, unit)))


def _with_reduction(fact: Fact, span: Span, text: str) -> Fact:
    assert fact.reduction is not None, "only a reduction that exists can be corrected"
    share = _SHARE.search(span.of(text))
    if share is None:
        value, unit = _length(span, text, "share or length of time")
    else:
        read, unit = share_of(share["share"]), "%"
        if read is None or _has_digits(span.of(text).replace(share[0], "", 1)):
            raise BadCorrection(f"{span.of(text)!r} is not one share. Choose the words of one: 50%, 三分之一")
        value = read
    return replace(fact, reduction=replace(fact.reduction, span=span, value=value, unit=unit))


def _length(span: Span, text: str, what: str) -> tuple[Decimal, str]:
    value = _figure(span, text, FigureKind.DURATION, what).value
    digits = value.rstrip("".join(set(value) - set("0123456789.")))
    return Decimal(digits), value[len(digits) :]


def _single(bound: Bound) -> Bound:
    """The bound of one figure in the place of a range."""
    return Bound.EXACT if bound in (Bound.RANGE, Bound.UNSTATED) else bound


def _figure(span: Span, text: str, kind: FigureKind, what: str) -> Figure:
    """The one figure that words consist of, but for words around it. Raises BadCorrection."""
    words = span.of(text)
    found = figures(words, kinds=(kind,))
    others = "".join(words)
    for one in found:
        others = others.replace(one.span.of(words), "", 1)
    if len(found) != 1 or _has_digits(others):
        raise BadCorrection(f"{words!r} is not one {what}. Choose the words of one: 500万元, 20%, 3个工作日")
    return found[0]


def _has_digits(words: str) -> bool:
    return any(char.isdecimal() for char in words.translate(HALF_WIDTH))
