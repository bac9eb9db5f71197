"""Finds dates in papers, and computes the last day of a period of validity."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from corpus.model import Span, Stated
from corpus.notation.numerals import DIGIT, HAN_DIGITS, TO_99, number_of

_D = f"[{DIGIT}]"
_GAP = r"[ \u3000\t]*"
# "2026年2月14日", "2019年１月３日", "2022 年3月10日"
_ARABIC = re.compile(rf"({_D}{{4}}){_GAP}年{_GAP}({_D}{{1,2}}){_GAP}月{_GAP}({_D}{{1,2}}){_GAP}日")
# "二〇〇五年六月十一日", "二○一九年十二月三十日"; zeros come as 〇, ○, 零, Ｏ, O
_HAN = re.compile(rf"([{HAN_DIGITS}○◯ＯO]{{4}})年([{TO_99}]{{1,2}})月([{TO_99}]{{1,3}})日")
# "2024-10-09 10:00", "2021/02/09"
_PLAIN = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ZEROS = str.maketrans("○◯零ＯO", "〇〇〇〇〇")
# "5年", "三年", "6个月", "两年": a length of time; group 1 number, group 2 unit
DURATION = re.compile(rf"(\d{{1,2}}|[{TO_99}两]{{1,3}})[ \u3000]*(年|个月)")


# Range of years; other four-digit numbers are not years.
_EARLIEST, _LATEST = 1900, 2999


def dates_in(text: str, *, offset: int = 0) -> list[Stated[date]]:
    """Every date in `text` that exists in the calendar; spans are shifted by `offset`."""
    return sorted(_dates(text, offset), key=lambda found: found.span.start)


def _dates(text: str, offset: int) -> Iterator[Stated[date]]:
    for pattern in (_ARABIC, _HAN, _PLAIN):
        for match in pattern.finditer(text):
            numbers = [number_of(part.translate(_ZEROS)) for part in match.groups()]
            day = _day(*numbers)
            if day is not None:
                yield Stated(day, Span(match.start() + offset, match.end() + offset))


def _day(year: int, month: int, day: int) -> date | None:
    exists = _EARLIEST <= year <= _LATEST and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if exists else None


def last_day(since: date, duration: str) -> date | None:
    """The last day of a period of `duration` ("5年", "6个月") that begins on `since`."""
    match = DURATION.match(duration)
    if match is None:
        return None
    months = number_of(match[1]) * (12 if match[2] == "年" else 1)
    index = since.year * 12 + since.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1])) - timedelta(days=1)
