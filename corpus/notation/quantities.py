"""Quantities with a unit, alone or as a range: 3—5家, 7%, 2500亿元, 1500个, 万亿元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from corpus.notation.numerals import DIGIT, HALF_WIDTH, HAN_DIGITS, decimal_of, power_of

_GAP = r"[ \u3000]{0,4}"
_ARABIC = rf"[{DIGIT}](?:[,，]?[{DIGIT}]){{0,12}}(?:[.．][{DIGIT}]{{1,4}})?"
_HAN = rf"[{HAN_DIGITS}十百千万亿]{{1,12}}"
_SCALE = "百万|千万|万亿|百亿|千亿|[百千万亿]"
# Measure words that stand before or behind what they count; longer ones first.
_MEASURES = (
    "个百分点|个基点|平方公里|平方米|万美元|美元|人次|公顷|公里|千瓦时|千瓦|兆瓦|吨|架次|家次|元|[%％‰]|件次|次"
    "|[个家项名人种条张批所座亩款例件场台套户处支只辆艘门栋期届部对间宗笔倍]"
)
_UNIT = rf"(?P<unit>{_MEASURES})"
_BEHIND = "(?!性|[大类]型|[体月位别]|工作日|小时|星期)"
_ALONE = rf"(?<![{DIGIT}.．{HAN_DIGITS}十百千万亿第〔])(?<![{DIGIT}][,，])"
_QUANTITY = re.compile(
    rf"{_ALONE}(?:(?P<low>{_ARABIC}|{_HAN}){_GAP}(?P<low_unit>{_SCALE}|[%％个家项元])?{_GAP}[-—–－~～至到]{{1,2}}{_GAP})?"
    rf"(?P<number>{_ARABIC}|{_HAN}){_GAP}(?P<scale>{_SCALE})?(?P<about>[余多])?{_GAP}{_UNIT}{_BEHIND}"
    rf"|百分之(?P<percent>{_HAN})|(?P<alone>[百千万][亿])(?P<level>[级元])"
)
_ORDINAL = "二"  # 二次开发, 二期: counted is with 两
_PER_CENT = "%％"
_LEVEL = "级"
_POWERS = re.compile("[百千万]亿")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. A share is a fraction with the unit "%": 7% is 0.07."""

    span: Span
    value: Decimal
    unit: str
    upper: Decimal | None = None  # of a range
    is_vague: bool = False  # 100余家, 千亿级
    is_article: bool = False  # 一个, 一家: no count


def quantities_in(text: str) -> Iterator[Quantity]:
    """Yields the quantities of a text in reading order. Takes time linear in its length."""
    for match in _QUANTITY.finditer(text):
        found = _special(match) or _ordinary(match)
        if found is not None:
            yield found


def _special(match: re.Match[str]) -> Quantity | None:
    span = Span(*match.span())
    if match["percent"]:
        value = decimal_of(match["percent"])
        return None if value is None else Quantity(span, value / 100, "%")
    if match["alone"]:
        return Quantity(span, Decimal(power_of(match["alone"])), "元", is_vague=match["level"] == _LEVEL)
    return None


def _ordinary(match: re.Match[str]) -> Quantity | None:
    if match["number"] is None:
        return None
    unit = match["unit"]
    if match["number"] == _ORDINAL:
        return None
    value, low = _number(match["number"]), _number(match["low"]) if match["low"] else None
    if value is None:
        return None
    factor = Decimal(power_of(match["scale"] or ""))
    low_factor = Decimal(power_of(_scale(match["low_unit"]))) if _scale(match["low_unit"]) else factor
    if unit in _PER_CENT:
        factor, low_factor, unit = factor / 100, low_factor / 100, "%"
    span = Span(*match.span())
    vague, article = bool(match["about"]), match["number"] == "一" and low is None
    if low is None:
        return Quantity(span, value * factor, unit, None, vague, article)
    return Quantity(span, low * low_factor, unit, value * factor, vague)


def _number(written: str) -> Decimal | None:
    if _POWERS.fullmatch(written):  # 超万亿元
        return Decimal(power_of(written))
    return decimal_of(written.translate(HALF_WIDTH).replace("，", ",").replace("．", "."))


def _scale(written: str | None) -> str:
    return written if written and written not in "%％个家项元" else ""
