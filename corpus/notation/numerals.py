"""Parses and formats Chinese and Arabic numerals of labels and amounts.

Two parsers share one grammar. `number_of` parses the numeral of a label or a date, where every run of
numerals is a number. `value_of` parses an amount, where 两三 and 二三十 are estimates, not numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

# Contents of character classes.
HAN_DIGITS = "〇零一二两三四五六七八九"
NUMERAL = HAN_DIGITS + "十百千"  # of labels and articles: 第一百零三条
TO_99 = "一二三四五六七八九十"  # of short lists: （十二）, 十二月
AMOUNT = HAN_DIGITS + "兩十百千万萬亿億"
DIGIT = "0-9０-９"

# Letters that OCR reads in place of digits; contents of a character class.
LIKE_DIGITS = "OoＯlI"
TO_DIGITS = str.maketrans("０１２３４５６７８９OoＯlI", "012345678900011")
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# Most characters of a numeral: Python refuses to convert very long strings of digits to int.
_LONGEST = 30
# 两三, 三五; 二三十, 五六百: two digits in a row beside a unit, unless the first is zero (一百零五)
_ESTIMATE = re.compile("[一二两兩三四五六七八九][〇零一二两兩三四五六七八九]")
_POINT = "点"


def number_of(numeral: str) -> int:
    """The value of the numeral of a label or date: 十二, 一百零三, 二〇〇五, 12, １２.

    Raises KeyError for any other character.
    """
    if numeral.isdecimal():
        return int(numeral)
    if not any(char in _POWERS or char in _MYRIADS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    return _sum(numeral)


def value_of(numeral: str) -> int | None:
    """The value of a whole number in an amount: 二十八, 五百万, 一亿二千万, 二〇二六, 500.

    None if it is not a number: an estimate, a unit without a digit (万), any other character, too long a run.
    """
    if not numeral or len(numeral) > _LONGEST:
        return None
    if numeral.isdecimal():
        return int(numeral)
    if numeral[0] in _MYRIADS or not all(c in _DIGITS or c in _POWERS or c in _MYRIADS for c in numeral):
        return None
    if all(char in _DIGITS for char in numeral):
        return number_of(numeral) if _is_row(numeral) else None
    return None if _ESTIMATE.search(numeral) else _sum(numeral)


def decimal_of(numeral: str) -> Decimal | None:
    """The value of an amount with decimals: 三点五, 1,000.5, 五百万; None when it is not a number."""
    if numeral[:1].isdecimal():
        plain = numeral.replace(",", "").translate(HALF_WIDTH)
        return Decimal(plain) if plain.replace(".", "", 1).isdecimal() else None
    whole, point, fraction = numeral.partition(_POINT)
    value = value_of(whole)
    if value is None or (point and not fraction) or not all(char in _DIGITS for char in fraction):
        return None
    decimals = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{decimals or 0}") if point else Decimal(value)


def digits_of(han: str) -> str:
    """Chinese digits one by one: 二〇二六 → 2026; other characters stay as they are."""
    return "".join(str(_DIGITS.get(char, char)) for char in han)


def power_of(scale: str) -> int:
    """The factor of a scale such as 百万 or 亿. Raises KeyError for any other character."""
    power = 1
    for char in scale:
        power *= _MYRIADS.get(char) or _POWERS[char]
    return power


def numeral_of(number: int) -> str:
    """`number` (1 to 9999) in Chinese, as labels write it: 12 → 十二, 103 → 一百零三."""
    if not 1 <= number <= 9999:
        raise ValueError(f"not the number of a label: {number}")
    digits, result, pending_zero = str(number), "", False
    for place, char in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if char == "0":
            pending_zero = bool(result)
            continue
        result += "零" if pending_zero else ""
        result += "零一二三四五六七八九"[int(char)] + ("", "十", "百", "千")[place]
        pending_zero = False
    return result.removeprefix("一") if result.startswith("一十") else result


def _is_row(digits: str) -> bool:
    """Whether digits without a unit are a number: one digit, the four of a year, or several with a zero."""
    return len(digits) in (1, 4) or "〇" in digits or "零" in digits


def _sum(numeral: str) -> int:
    """Adds up a numeral: 一亿二千万零三百 → 120000300. Of several digits in a row only the last counts."""
    total = section = digit = 0
    last = 0  # the previous unit: 亿 after 万 multiplies all before it (二千万亿), 万 after 亿 does not
    for char in numeral:
        if char in _POWERS:
            section += (digit or 1) * _POWERS[char]
            digit = 0
        elif char in _MYRIADS:
            unit = _MYRIADS[char]
            section += digit
            multiplies_all = last and unit >= last
            total = (total + section) * unit if multiplies_all else total + (section or 1) * unit
            section, digit, last = 0, 0, unit
        else:
            digit = _DIGITS[char]
    return total + section + digit
