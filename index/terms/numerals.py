"""Converts Chinese numerals in amounts, counts, dates and percentages to Arabic: 五百万元 → 500万元."""

from __future__ import annotations

import re

from corpus.notation.numerals import HAN_DIGITS, NUMERAL, digits_of, power_of, value_of

_MYRIADS = {"万": 10_000, "亿": 100_000_000}  # the units in which papers write amounts
_MOST_DIGITS = 30  # of an amount; Python refuses to convert strings of thousands of digits to int

_N = NUMERAL + "万亿"
# Measure words. Not 步, 致, 医, 方, 体, 流: 进一步, 一致性, 三医联动, 第三方 and 一体化 are words.
_UNIT = (
    r"(?:元|年|个|月|日|天|周|季度|小时|分钟|号|名|人|家|项|次(?!性)|倍|届|级|类|期|批|条(?!龙)|款|章|节|编|种|岁|"
    r"平方米|吨|公里|件|份|所|座|套|%|‰|成|轮|户|张|亩|千瓦|档|星|维度|位|篇|例)"
)
_FIRST = HAN_DIGITS.replace("零", "") + "十"
_NUMBER = rf"(?:[{_FIRST}][{_N}]*|零(?=点))(?:点[{HAN_DIGITS}]+[万亿]?)?"
# 三至五年, 第二、三类
_AHEAD = rf"(?=[多余几]?{_UNIT}|[至到~、和或及-]{_NUMBER}{_UNIT})"

# 百分之二十, 千分之0.5
RATE = re.compile(rf"([百千])分之(?:({_NUMBER}|[百零](?:点[{_N}]+)?)|(\d+(?:\.\d+)?))")
# 五百万元, 三年, 第二十八条; 一 after a character that forms a word with it is kept (统一项目)
COUNT = re.compile(
    rf"(?<![{_N}几数点])(?:(?<![统唯专单同逐划归])一{_AHEAD}|(?!一(?![{_N}点])){_NUMBER}{_AHEAD})"
)
# 3千万元, 5百万: a digit before 百 or 千
MIXED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)([百千])(?=[万亿元多余]|[家个人名项])")
# 1,000 and 12,345,678
THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")


# 5000000元, 12000万元
LONG = re.compile(r"(?<![\d.])(\d{3,}00)([万亿]?)(?=元)")


def rate(match: re.Match[str]) -> str:
    """百分之二十 → 20%"""
    sign = "%" if match[1] == "百" else "‰"
    return (match[3] or arabic(match[2])) + sign


def count(match: re.Match[str]) -> str:
    """五百万 → 500万"""
    return arabic(match[0])


def mixed(match: re.Match[str]) -> str:
    """3千 → 3000"""
    return f"{float(match[1]) * power_of(match[2]):.10g}"


def without_separators(match: re.Match[str]) -> str:
    """1,000 → 1000"""
    return match[0].replace(",", "")


def shortened(match: re.Match[str]) -> str:
    """5000000 → 500万, 12000万 → 1.2亿; other amounts unchanged."""
    if len(match[1]) > _MOST_DIGITS:
        return match[0]
    value = int(match[1]) * _MYRIADS.get(match[2], 1)
    return match[0] if value < 10_000 or match[2] == "亿" else _written(value)


def arabic(numeral: str) -> str:
    """Converts a numeral to digits, from 万 on with the unit that papers write: 五百万 → 500万.

    Keeps an estimate such as 两三 or 二三十.
    """
    whole, _, fraction = numeral.partition("点")
    value = value_of(whole)
    if value is None:
        return numeral
    decimals = f".{digits_of(fraction)}" if fraction else ""
    is_year = len(whole) > 1 and not whole.strip(HAN_DIGITS)
    return (digits_of(whole) if is_year else _written(value)) + decimals


def _written(value: int) -> str:
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if value >= size and value % (size // 100) == 0:
            return f"{value / size:.10g}{unit}"
    return str(value)
