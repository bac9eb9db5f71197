"""Writes a number as Word's list numbering does: `w:numFmt` (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.notation.numerals import numeral_of

NO_NUMBER: Final = frozenset({"none", "bullet"})
_LARGEST: Final = 9999  # a paper has no larger label; numbers beyond are written in digits
_HAN: Final = "〇一二三四五六七八九"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_ORDINAL_ENDS: Final = {1: "st", 2: "nd", 3: "rd"}
_FORMAL: Final = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_FORMAL_TRADITIONAL: Final = str.maketrans("〇零一二三四五六七八九十百千", "零零壹貳參肆伍陸柒捌玖拾佰仟")
_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def formatted(number: int, style: str) -> str:
    """`number` in the style; in plain digits where the style does not have it or is unknown."""
    if not 0 <= number <= _LARGEST:
        return str(number)
    write = _WRITERS.get(style)
    return (write(number) if write is not None else "") or str(number)


def _digits(number: int) -> str:
    return "".join(_HAN[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    """一 to 九十九; then digit by digit, as the plain counting styles do."""
    return _thousand(number) if number < 100 else _digits(number)


def _thousand(number: int) -> str:
    return numeral_of(number) if number else "〇"


def _formal(signs: dict[int, int]) -> Callable[[int], str]:
    """The style of cheques, in which 十 is 壹拾."""

    def write(number: int) -> str:
        written = _thousand(number)
        return ("一" + written if written.startswith("十") else written).translate(signs)

    return write


def _japanese(number: int) -> str:
    """百 and 千 without 一, and without 零: 百一, 千二十."""
    if not number:
        return "〇"
    result = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            result += ("" if digit == 1 and unit else _HAN[digit]) + unit
    return result


def _roman(number: int) -> str:
    result = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        result += letters * count
    return result


def _letters(number: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    if not number:
        return ""
    times, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * (times + 1)


def _row(signs: str) -> Callable[[int], str]:
    """A style of single signs, of which the first is 1."""
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else ""


def _run(first: str, last: str) -> str:
    return "".join(map(chr, range(ord(first), ord(last) + 1)))


def _ordinal(number: int) -> str:
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else _ORDINAL_ENDS.get(number % 10, 'th')}"


def _cycle(number: int) -> str:
    """甲子, 乙丑, … of the cycle of sixty."""
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if 1 <= number <= 60 else ""


_CIRCLED: Final = _row(_run("①", "⑳") + _run("㉑", "㉟") + _run("㊱", "㊿"))
_WRITERS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ordinal": _ordinal,
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": _row(_run("⒈", "⒛")),
    "decimalEnclosedParen": _row(_run("⑴", "⒇")),
    "ideographEnclosedCircle": _row(_run("㊀", "㊉")),
    "chineseCounting": _counting,
    "chineseCountingThousand": _thousand,
    "chineseLegalSimplified": _formal(_FORMAL),
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _thousand,
    "taiwaneseDigital": _digits,
    "japaneseCounting": _japanese,
    "japaneseDigitalTenThousand": _digits,
    "ideographDigital": _digits,
    "ideographLegalTraditional": _formal(_FORMAL_TRADITIONAL),
    "ideographTraditional": _row(_STEMS),
    "ideographZodiac": _row(_BRANCHES),
    "ideographZodiacTraditional": _cycle,
}
