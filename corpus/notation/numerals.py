"""Chinese and Arabic numerals as papers write them in labels and dates."""

from __future__ import annotations

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_DIGITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def number_of(numeral: str) -> int:
    """The value of a numeral below ten thousand: 十二, 一百零三, 二〇〇五, 12, １２.

    Raises KeyError for any other character.
    """
    if numeral.isdecimal():
        return int(numeral)
    if not any(char in _POWERS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _POWERS:
            total += (digit or 1) * _POWERS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def numeral_of(number: int) -> str:
    """`number` (1 to 9999) in Chinese, as labels write it: 12 → 十二, 103 → 一百零三."""
    digits, result, pending_zero = str(number), "", False
    for place, char in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if char == "0":
            pending_zero = bool(result)
            continue
        result += "零" if pending_zero else ""
        result += "零一二三四五六七八九"[int(char)] + ("", "十", "百", "千")[place]
        pending_zero = False
    return result.removeprefix("一") if result.startswith("一十") else result
