"""The parts of a fact that an editor may choose other words for, and the fact with such words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from corpus.errors import BadCorrection
from corpus.facts.correcting.finding import cut_figure
from corpus.facts.model import Bound, Departments, Fact, Period, Rate
from corpus.model import Span
from corpus.notation.figures import HALF_WIDTH, Figure, FigureKind, figures

# Parts with any number of spans, with at most one, and those of a sum, a rate or a limit.
MANY: Final = ("beneficiaries", "conditions", "refers_to")
ONE: Final = ("form", "amount_reference", "source", "source_condition", "must_act", "region")
_AMOUNT, _RATE, _LIMIT, _UNITS, _LEAD = "amounts", "rate", "limit", "departments", "lead"
# Parts of a part: they exist only where that one does.
_WITHIN: Final[Mapping[str, tuple[str, ...]]] = {
    "rate": ("base",),
    "limit": ("what", "start"),
    "target": ("indicator", "deadline"),
}
_YUAN, _PERCENT = "元", Decimal(100)


def correctable(fact: Fact) -> tuple[str, ...]:
    """The names of the parts of this fact for which other words can be chosen."""
    inner = [
        f"{name}.{part}"
        for name, parts in _WITHIN.items()
        if getattr(fact, name) is not None
        for part in parts
    ]
    amounts = [f"{_AMOUNT}.{number}" for number in range(1, len(fact.amounts) + 1)]
    whole = [name for name in (_RATE, _LIMIT) if getattr(fact, name) is not None]
    return (*MANY, *ONE, *amounts, *whole, _UNITS, _LEAD, *inner)


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


def _valued(fact: Fact, part: str, span: Span | None, text: str) -> Fact:
    if span is None:
        return _replaced(fact, part, None)
    readers: Mapping[str, Callable[[Fact, Span, str], Fact]] = {_RATE: _with_rate, _LIMIT: _with_period}
    return readers[part](fact, span, text)


def _with_rate(fact: Fact, span: Span, text: str) -> Fact:
    value = Decimal(_figure(span, text, FigureKind.PERCENT, "rate").value) / _PERCENT
    old = fact.rate
    assert old is not None, "only a rate that exists can be corrected"
    rate: Rate = replace(old, span=span, value=value, upper=None, bound=_single(old.bound))
    return replace(fact, rate=rate)


def _with_period(fact: Fact, span: Span, text: str) -> Fact:
    value = _figure(span, text, FigureKind.DURATION, "length of time").value
    digits = value.rstrip("".join(set(value) - set("0123456789.")))
    assert fact.limit is not None, "only a limit that exists can be corrected"
    period = Period(span, Decimal(digits), value[len(digits) :])
    return replace(fact, limit=replace(fact.limit, period=period))


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
    if len(found) != 1 or any(char.isdecimal() for char in others.translate(HALF_WIDTH)):
        raise BadCorrection(f"{words!r} is not one {what}. Choose the words of one: 500万元, 20%, 3个工作日")
    return found[0]
