"""Quantities with what they measure: 年销售收入6000万元, 连片种植2500亩."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from corpus.notation.figures import FigureKind, figures
from corpus.notation.numerals import decimal_of, power_of
from corpus.notation.phrase_table import PhraseTable

TABLE = PhraseTable.read("rag", "quantities.tsv")

_KINDS = (FigureKind.MONEY, FigureKind.PERCENT, FigureKind.COUNT, FigureKind.DURATION)
_UNITS = {FigureKind.MONEY: "元", FigureKind.PERCENT: "%"}
# "5000平方米", "20笔", "1.2万吨": units that are no figures elsewhere
_OTHER = re.compile(
    r"(?<![0-9.])(?P<n>[0-9]+(?:\.[0-9]+)?)(?P<scale>[万亿]?)(?P<unit>平方米|平米|平(?![台方米均])|笔|吨|台|套|辆|件|床|公里|千瓦时|千瓦|兆瓦|米|部|集|场|人次|门店|户)"
)
_SAME_UNITS = {"平米": "平方米", "平": "平方米"}
_TO = frozenset(("至", "到", "-", "~"))
# 200万元以上至300万元以下: the lower end of a range with its comparison
_FROM = re.compile(r"\A(?:\(含\)|\(含[^()]{0,8}\))?(?:及以上|以上|起)")
# "8成5", "3成", folded
_TENTHS = re.compile(
    r"(?<![0-9.])(?P<n>[1-9一二两三四五六七八九])成(?P<more>[1-9一二三四五六七八九半])?(?![立为功果本员长都绩效型交品分熟就了套批])"
)
# 亿元楼, 过亿元: one of it
_ONE = re.compile(r"(?<![0-9十百千万数几多.])(?P<unit>亿元)")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# "100至" of 100至200万元
# People are counted in several units: 120名, 6个退役军人
_PEOPLE, _EACH = "人", "个"
_PERSONS = frozenset(("名", "位"))
_PERSON = re.compile(
    r"[\u4e00-\u9fff]{0,5}?(?:人(?![事材工才])|人员|工人|员工|职工|军人|员(?!工)|学生|毕业生|残疾人|农民工)"
)
_LOW = re.compile(r"(?<![0-9.])(?P<n>[0-9]+(?:\.[0-9]+)?)(?:至|到|-|~)\Z")
# Lengths of time are compared in months.
_MONTHS = {"年": (12, "月"), "个月": (1, "月")}
_HALF_YEAR = re.compile("(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})年半|半年")
# "150个", "100-500亩", "5年"
_COUNTED = re.compile(r"(?:(?P<low>[0-9.]+)-)?(?P<high>[0-9.]+)(?P<unit>\D*)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit. `low` is the lower end of a range, else the value itself."""

    span: Span  # in the text it was read from
    value: Decimal
    unit: str  # 元, %, 亩, 月
    low: Decimal


def quantities_in(text: str) -> list[Quantity]:
    """The quantities of a folded text, in order."""
    found = [*_half_years(text), *_figures(text), *_others(text), *_tenths(text), *_ones(text)]
    found.sort(key=lambda one: (one.span.start, -one.span.end))
    kept: list[Quantity] = []
    for one in found:
        if kept and _is_range(kept[-1], one, text):
            last = kept.pop()
            kept.append(Quantity(Span(last.span.start, one.span.end), one.value, one.unit, last.low))
        elif not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return kept


def _is_range(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether two quantities are the ends of a range: 300亩至500亩."""
    between = _FROM.sub("", text[first.span.end : second.span.start].strip()).strip()
    return first.unit == second.unit and between in _TO and first.value < second.value


def measures_in(text: str) -> frozenset[str]:
    """What the text says is measured: revenue, investment, area, …"""
    return frozenset(TABLE.matches(text))


def last_measure_in(text: str) -> frozenset[str]:
    """What the text says last that is measured."""
    found = ((spans[-1].end, sense) for sense, spans in TABLE.matches(text).items())
    last = max(found, default=None)
    return frozenset((last[1],)) if last is not None else frozenset()


def without_measures(text: str) -> str:
    """The text without the words that say what is measured."""
    for sense in TABLE.senses:
        text = TABLE.without(sense, text)
    return text


def _figures(text: str) -> Iterator[Quantity]:
    for figure in figures(text, kinds=_KINDS):
        unit = _UNITS.get(figure.kind)
        if unit is not None:
            yield _with_low(Quantity(figure.span, Decimal(figure.value), unit, Decimal(figure.value)), text)
        elif match := _COUNTED.fullmatch(figure.value):
            times, unit = _MONTHS.get(match["unit"], (1, _counted(match["unit"], text[figure.span.end :])))
            high = Decimal(match["high"])
            yield Quantity(figure.span, high * times, unit, Decimal(match["low"] or high) * times)


def _counted(unit: str, after: str) -> str:
    is_people = unit in _PERSONS or (unit == _EACH and _PERSON.match(after) is not None)
    return _PEOPLE if is_people else unit


def _with_low(one: Quantity, text: str) -> Quantity:
    """The quantity with the lower end that stands before it without a unit: 100至200万元."""
    low, number = _LOW.search(text[: one.span.start]), _NUMBER.match(one.span.of(text))
    if low is None or number is None:
        return one
    scale = one.value / Decimal(number[0])
    return Quantity(Span(low.start(), one.span.end), one.value, one.unit, Decimal(low["n"]) * scale)


def _half_years(text: str) -> Iterator[Quantity]:
    for match in _HALF_YEAR.finditer(text):
        years = decimal_of(match["n"]) if match["n"] else Decimal(0)
        if years is not None:
            months = years * 12 + 6
            yield Quantity(Span(*match.span()), months, "月", months)


def _tenths(text: str) -> Iterator[Quantity]:
    for match in _TENTHS.finditer(text):
        whole, more = decimal_of(match["n"]), decimal_of(match["more"] or "0")
        half = Decimal(5) if match["more"] == "半" else more
        if whole is not None and half is not None:
            value = whole * 10 + half
            yield Quantity(Span(*match.span()), value, "%", value)


def _ones(text: str) -> Iterator[Quantity]:
    for match in _ONE.finditer(text):
        value = power_of("亿")
        yield Quantity(Span(*match.span()), Decimal(value), "元", Decimal(value))


def _others(text: str) -> Iterator[Quantity]:
    for match in _OTHER.finditer(text):
        value = decimal_of(match["n"])
        if value is not None:
            whole = value * power_of(match["scale"])
            yield Quantity(Span(*match.span()), whole, _SAME_UNITS.get(match["unit"], match["unit"]), whole)


def without_last_measure(text: str) -> str:
    """The text without what it measures at its end: 技术改造项目新设备购置额."""
    found = (spans[-1].start for spans in TABLE.matches(text).values() if spans[-1].end == len(text))
    start = min(found, default=len(text))
    return text[:start] or text
