"""Days, months and years as questions name them, and the last day of each."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from corpus.notation.numerals import HALF_WIDTH, number_of

_DIGIT = "[0-9０-９]"
_YEAR = "(?:[1１][9９]|[2２][0０])" + _DIGIT * 2
_HAN_YEAR = "(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}"
_NUMBER = rf"{_DIGIT}{{1,2}}"
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "(?:" + "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS) + ")"
# One way to match each, and longer ones first, so that no part of a date is taken for the whole.
_FORMS = (
    # "2023年5月1日", "2023年5月", "2023年底", "二〇二三年"
    rf"(?:{_YEAR}|{_HAN_YEAR})年(?:{_NUMBER}月(?:{_NUMBER}[日号]|[底末])?|年?[底末]|度)?",
    # "2023-05-01", "2023/5"
    rf"{_YEAR}[-/.]{_NUMBER}(?:[-/.]{_NUMBER})?(?!{_DIGIT})",
    # "1 May 2023", "May 1, 2023", "May 2023"
    rf"(?:{_NUMBER} )?(?i:{_MONTH})(?: {_NUMBER},?)? {_YEAR}(?!{_DIGIT})",
    # "2023", which only an English phrase makes a year
    rf"{_YEAR}(?![0-9０-９年])",
)
# For use inside a grammar: it has no group of its own.
NAMED_DAY = rf"(?:(?<!{_DIGIT})(?:{'|'.join(_FORMS)}))"
_NAMED_DAY = re.compile(NAMED_DAY)
_PARTS = re.compile(rf"[0-9]+|[〇零○一二三四五六七八九]{{4}}|(?i:{_MONTH})")
_HAN_ZEROS = str.maketrans("零○", "〇〇")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day; `is_last` where a text names a month or a year, and this is its last day."""

    day: date
    is_last: bool
    first: date  # the first day of what is named


def named_day_in(text: str) -> NamedDay | None:
    """The first day, month or year that `text` names; None for none, and for one that the calendar lacks."""
    match = _NAMED_DAY.search(text)
    if match is None:
        return None
    parts = _PARTS.findall(match[0].translate(HALF_WIDTH))
    if parts[0].isascii() and len(parts[-1]) == 4 and len(parts) > 1:  # English: the year comes last
        parts = [parts[-1], *sorted(parts[:-1], key=str.isdigit)]
    year, month, day = (*map(_value, parts), 0, 0)[:3]
    if month > 12 or (month and day > monthrange(year, month)[1]):
        return None
    if day:
        return NamedDay(date(year, month, day), False, date(year, month, day))
    last = month or 12
    return NamedDay(date(year, last, monthrange(year, last)[1]), True, date(year, month or 1, 1))


def _value(part: str) -> int:
    if part[0].isascii() and part.isalpha():
        return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(part.lower()[:3]))
    return number_of(part.translate(_HAN_ZEROS))
