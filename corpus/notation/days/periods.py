"""Lengths of time as papers write them: 30个工作日, 两周, 1个月内, 24小时."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from corpus.notation.numerals import DIGIT, HALF_WIDTH, HAN_DIGITS, decimal_of

_GAP = r"[ \u3000]{0,4}"
_NUMBER = rf"(?:[{DIGIT}]{{1,4}}(?:[.．][{DIGIT}])?|[{HAN_DIGITS}十百]{{1,5}}|半)"
_RANGE = r"(?:[-—–~～至到]{1,2}|或)"
_UNIT = (
    r"(?:个?工作[日天]|个?自然[日天]|个?小时|分钟|个?星期|个?季度|个月|周年"
    r"|周(?![期边末])|年(?![度代级])|[日天])"
)
# "2月15日" is a date, "第3个工作日" a place in a row, "1.5年" one number
_ALONE = rf"(?<![{DIGIT}.．{HAN_DIGITS}十百第])(?<!月)(?<!月 )"
_UNITS = {"天": "日", "工作天": "工作日", "自然日": "日", "自然天": "日", "周年": "年", "星期": "周"}
_FIRST_YEAR = 1900  # 2025年 is a year, not a length


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in the unit that is written: 工作日, 日, 周, 月, 年, 小时, 分钟, 季度."""

    value: Decimal
    unit: str


def length_pattern(name: str) -> str:
    """A regular expression of a length of time; its groups are {name}, {name}_number and {name}_unit.

    Of a range (3—5个工作日) the number is the upper end, within which the thing is done.
    """
    number = rf"(?:{_NUMBER}{_GAP}{_RANGE}{_GAP})?(?P<{name}_number>{_NUMBER})"
    return rf"(?P<{name}>{_ALONE}{number}{_GAP}(?P<{name}_unit>{_UNIT}))"


def length_of(number: str, unit: str) -> Length | None:
    """The length that the groups of `length_pattern` say; None where they are a year (2025年)."""
    plain = unit.removeprefix("个")
    plain = _UNITS.get(plain, plain)
    value = Decimal("0.5") if number == "半" else decimal_of(number.translate(HALF_WIDTH).replace("．", "."))
    if value is None or value == 0 or (plain == "年" and value >= _FIRST_YEAR):
        return None
    return Length(value, plain)
