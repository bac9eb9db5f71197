"""Writes figures of Chinese sentences in another way, or as another figure."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from corpus.notation.numerals import decimal_of, numeral_of

_PER_CENT = "百分之"
_ONE_WAY = 0.5  # share of figures that stay as they are written
_DAYS_A_MONTH, _MONTHS_A_YEAR = 30, 12
_LARGEST_NUMERAL = 999  # larger ones are written in digits
_TEN_THOUSAND = 10_000


def figure_in_other_words(number: str, unit: str, rng: Random) -> str:
    """The same figure: 30日 as 三十日, 一个月 or 30天; often as it is written."""
    value = _value(number)
    if value is None or rng.random() < _ONE_WAY:
        return number + unit
    if number.startswith(_PER_CENT):
        return f"{value}%"
    ways = [_otherwise(number, value) + unit]
    if unit in ("日", "日内") and value % _DAYS_A_MONTH == 0:
        ways.append(f"{value // _DAYS_A_MONTH}个月" + ("内" if unit == "日内" else ""))
    if unit == "日":
        ways.append(f"{value}天")
    if unit == "个月" and value % _MONTHS_A_YEAR == 0:
        ways.append(f"{numeral_of(int(value) // _MONTHS_A_YEAR)}年")
    if unit == "元" and value % _TEN_THOUSAND == 0:
        ways.append(f"{value // _TEN_THOUSAND}万")
    if unit == "万元":
        ways.append(f"{number}万")
    return rng.choice(ways)


def other_figure(number: str, unit: str, rng: Random) -> str:
    """A plausible other figure of the same unit, in digits or numerals."""
    value = _value(number) or Decimal(3)
    others = [value * 2, value * 3, value / 2, value + 1, value - 1, value + 5, value * 10, value + 10]
    other = rng.choice([one for one in others if one > 0 and one == one.to_integral_value()] or [value + 1])
    if number.startswith(_PER_CENT):
        return f"{other.normalize():f}%{unit}" if unit not in ("%", "％") else f"{other.normalize():f}%"
    return f"{_otherwise(number, other) if rng.random() < _ONE_WAY else f'{other.normalize():f}'}{unit}"


def _otherwise(number: str, value: Decimal) -> str:
    """The value in numerals where the number is in digits, and the other way round."""
    is_whole = value == value.to_integral_value() and 0 < value <= _LARGEST_NUMERAL
    if number[0].isdecimal() and is_whole:
        return numeral_of(int(value))
    return f"{value.normalize():f}"


def _value(number: str) -> Decimal | None:
    """The value of a number, of 百分之 its hundredths; None where it is none."""
    return decimal_of(number.removeprefix(_PER_CENT))
