"""Finds dates in papers, and computes the last day of a period of validity."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from corpus.model import Span, Stated
from corpus.notation.numerals import DIGIT, HAN_DIGITS, LIKE_DIGITS, TO_99, TO_DIGITS, number_of

_D = f"[{DIGIT}{LIKE_DIGITS}]"
# Bounded, so that the time of a search is linear in the length of the text.
_GAP = r"[ \u3000\t]{0,4}"
_YEAR = rf"(?<![{DIGIT}])({_D}(?:{_GAP}{_D}){{3}}){_GAP}年"
_MONTH = rf"({_D}(?:{_GAP}{_D})?){_GAP}月"
# "2026年2月14日", "2019年１月３日", "2022 年3月10日", "2O24年3月l5日", "2 0 2 4年3月1 5日"
_ARABIC = re.compile(rf"{_YEAR}{_GAP}{_MONTH}{_GAP}({_D}(?:{_GAP}{_D})?){_GAP}日")
# "二〇〇五年六月十一日", "二○一九年十二月三十日"; zeros come as 〇, ○, 零, Ｏ, O, 0
_HAN = re.compile(rf"([{HAN_DIGITS}○◯ＯO0]{{4}})年([{TO_99}]{{1,2}})月([{TO_99}]{{1,3}})日")
# "2024-10-09 10:00", "2021/02/09"
_PLAIN = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ZEROS = str.maketrans("○◯零ＯO0", "〇〇〇〇〇〇")
# "2025年底", "2025年末", "2025年6月底前", "2025年12月"; not the end of one: "2025年6月前", "2025年6月起"
_NO_DAY = rf"(?!{_GAP}{_D}|份?[初起])"
_END = re.compile(
    rf"{_YEAR}{_GAP}(?:{_MONTH}[底末]{_NO_DAY}|年?[底末]{_NO_DAY}|{_MONTH}{_NO_DAY}(?!份?[前底末]))"
)
# "5年", "三年", "6个月", "一年半", "半年", "180天": a length of time; groups: number, unit, half
DURATION = re.compile(rf"(\d{{1,3}}|[{TO_99}两]{{1,3}}|半)[ \u3000]{{0,4}}(周?年|个月|[日天](?!起))(半)?")

# Range of years; other four-digit numbers are not years.
_EARLIEST, _LATEST = 1900, 2999


def dates_in(text: str, *, offset: int = 0) -> list[Stated[date]]:
    """Every date in `text` that exists in the calendar; spans are shifted by `offset`."""
    return sorted(_dates(text, offset), key=lambda found: found.span.start)


def last_days_in(text: str, *, offset: int = 0) -> list[Stated[date]]:
    """Every last day of a period in `text`: a date, or the end of a year or month (2025年底, 2025年6月)."""
    days = list(_dates(text, offset))
    taken = {day.span.start for day in days}
    for match in _END.finditer(text):
        if match.start() + offset in taken:
            continue
        named = match[2] or match[3]
        year, month = _number(match[1]), _number(named) if named else 12
        last = monthrange(year, month)[1] if _EARLIEST <= year <= _LATEST and 1 <= month <= 12 else 0
        if (day := _day(year, month, last)) is not None:
            days.append(Stated(day, Span(match.start() + offset, match.end() + offset)))
    return sorted(days, key=lambda found: found.span.start)


def _dates(text: str, offset: int) -> Iterator[Stated[date]]:
    for pattern in (_ARABIC, _HAN, _PLAIN):
        for match in pattern.finditer(text):
            zeros = _ZEROS if pattern is _HAN else {}
            day = _day(*(_number(part.translate(zeros)) for part in match.groups()))
            if day is not None:
                yield Stated(day, Span(match.start() + offset, match.end() + offset))


def _number(written: str) -> int:
    return number_of(re.sub(r"[ \u3000\t]", "", written).translate(TO_DIGITS))


def _day(year: int, month: int, day: int) -> date | None:
    exists = _EARLIEST <= year <= _LATEST and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if exists else None


def last_day(since: date, duration: str) -> date | None:
    """The last day of a period of `duration` ("5年", "6个月", "一年半", "180天") that begins on `since`."""
    end = day_after(since, duration)
    return end - timedelta(days=1) if end is not None else None


def day_after(since: date, duration: str) -> date | None:
    """The day on which a `duration` that begins on `since` is over; None if it is no duration."""
    match = DURATION.match(duration)
    if match is None:
        return None
    unit = match[2]
    if unit in ("日", "天"):
        return since + timedelta(days=number_of(match[1])) if match[1] != "半" else None
    per = 1 if unit == "个月" else 12
    months = per // 2 if match[1] == "半" else number_of(match[1]) * per + (per // 2 if match[3] else 0)
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))
