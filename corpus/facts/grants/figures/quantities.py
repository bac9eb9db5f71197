"""Reads sums of money and rates of a sentence, with ranges and lists that share a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.facts.grants.figures.remainders import is_remainder
from corpus.notation.figures import ARABIC, HALF_WIDTH, Figure, FigureKind, figures
from corpus.notation.numerals import decimal_of, number_of, power_of

_DASH = r"\s*(?:[-—–~～－至到]|——)\s*"
_BETWEEN = re.compile(rf"\s*(?:[（(]不?含[）)])?{_DASH}")  # （含）至
# "50—" before "200万元", "5-" before "10%"
_LOW = re.compile(rf"({ARABIC}){_DASH}\Z")
# "500、300、" before "100万元": the figures share the unit of the last
_LISTED = re.compile(r"(?:[0-9][0-9.]{0,9}\s*[、/]\s*){1,12}\Z")
_NUMBER = re.compile(r"[0-9][0-9.]*")
_SCALE = re.compile(r"[0-9]\s*([百千万亿萬億]+)\s*元?")
_LOOK_BACK = 80  # characters before a figure in which a list or a range may begin
# "1:1配套", "1:0.5"; "5‰"; "减半", "减半征收"
_SMALL = "一二三四五六七八九"
_RATIO = re.compile(r"(?<![0-9])1\s*[:：∶比]\s*([0-9](?:\.[0-9]{1,2})?)(?![0-9])")
_MILLE = re.compile(rf"({ARABIC})\s*‰")
_HALVED = re.compile("减半")
_FULL = re.compile(
    "全额(?=补[助贴]|贴息|奖[励补]|资助|返还|补偿|给予|承担|、[第后])|全部(?=补[助贴]|奖[励补]|返还|承担)"
)
_FRACTION = re.compile(f"([{_SMALL}])分之([{_SMALL}])")
_SCALES, _COUNTED = "百千万亿萬億", tuple("人户辆件台套吨次字张平亩册只头株羽家个项名公立级")
_CURRENCY = re.compile(r"\s*(美元|欧元|港元|日元|英镑)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A sum or a rate. `start` and `end` are offsets in the sentence."""

    start: int
    end: int
    value: Decimal  # yuan, or a share of one: 20% is 0.2
    is_rate: bool
    upper: Decimal | None = None
    unit: str = "元"


def quantities(sentence: str, *, is_cut: bool = False) -> tuple[Quantity, ...]:
    """Returns the sums and rates of a sentence in order: 50—200万元 is one, 500、300万元 are two.

    The end of a longer number is none: 00万元 of l00万元, 百万元 of 数百万元. `is_cut`: the sentence begins
    inside a number.
    """
    plain = sentence.translate(HALF_WIDTH)
    read = [one for one in figures(plain, kinds=_KINDS) if one.span.start or not is_cut]
    found = [
        _plain(one, plain) for one in read if not (_counts(one, plain) or is_remainder(plain, one.span.start))
    ]
    found += list(_other_rates(plain))
    found.sort(key=lambda one: one.start)
    return tuple(_joined(list(_completed(found, plain)), plain))


_KINDS = (FigureKind.MONEY, FigureKind.PERCENT)


def _counts(figure: Figure, text: str) -> bool:
    """Whether 12万 counts something other than money: 12万人."""
    return text[figure.span.end - 1] in _SCALES and text[figure.span.end : figure.span.end + 1] in _COUNTED


def _plain(figure: Figure, text: str) -> Quantity:
    value, span = Decimal(figure.value), figure.span
    if figure.kind is FigureKind.PERCENT:
        return Quantity(span.start, span.end, value / 100, is_rate=True)
    currency = _CURRENCY.match(text, span.end)
    if currency:
        return Quantity(span.start, currency.end(), value, is_rate=False, unit=currency[1])
    return Quantity(span.start, span.end, value, is_rate=False)


def _other_rates(text: str) -> Iterator[Quantity]:
    for match in _MILLE.finditer(text):
        value = decimal_of(match[1])
        if value is not None:
            yield Quantity(*match.span(), value / 1000, is_rate=True)
    for match in _RATIO.finditer(text):
        yield Quantity(*match.span(), Decimal(match[1]), is_rate=True)
    for match in _FRACTION.finditer(text):
        yield Quantity(*match.span(), Decimal(number_of(match[2])) / number_of(match[1]), is_rate=True)
    for match in _FULL.finditer(text):
        yield Quantity(*match.span(), Decimal(1), is_rate=True)
    for match in _HALVED.finditer(text):
        yield Quantity(*match.span(), Decimal("0.5"), is_rate=True)


def _completed(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Yields the quantities with the lower ends and the list members that have no unit of their own."""
    taken = 0
    for one in found:
        if one.start < taken:
            continue
        begin = max(taken, one.start - _LOOK_BACK)
        scale = _scale(one, text)
        low = _LOW.search(text, begin, one.start)
        if low and (value := decimal_of(low[1])) is not None:
            one = Quantity(low.start(), one.end, value * scale, one.is_rate, one.value, one.unit)
        else:
            yield from _shared(text, begin, one, scale)
        yield one
        taken = one.end


def _shared(text: str, begin: int, last: Quantity, scale: Decimal) -> Iterator[Quantity]:
    listed = _LISTED.search(text, begin, last.start)
    for match in _NUMBER.finditer(text, listed.start(), last.start) if listed else ():
        value = decimal_of(match[0])
        if value is not None:
            yield Quantity(*match.span(), value * scale, last.is_rate, unit=last.unit)


def _scale(one: Quantity, text: str) -> Decimal:
    if one.is_rate:
        return Decimal("0.01")
    scale = _SCALE.search(text, one.start, one.end)
    return Decimal(power_of(scale[1].replace("萬", "万").replace("億", "亿")) if scale else 1)


def _joined(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Yields the quantities, two with a dash between them as one range: 10万元—100万元."""
    waiting: Quantity | None = None
    for one in found:
        if waiting is not None and _is_range(waiting, one, text):
            yield Quantity(waiting.start, one.end, waiting.value, one.is_rate, one.value, one.unit)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = one
    if waiting is not None:
        yield waiting


def _is_range(low: Quantity, high: Quantity, text: str) -> bool:
    return (
        low.upper is None
        and high.upper is None
        and low.is_rate == high.is_rate
        and _BETWEEN.fullmatch(text, low.end, high.start) is not None
    )
