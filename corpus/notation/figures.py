"""Figures in a text: amounts, percentages, counts, durations, dates, frequencies, document numbers.

Used to read support facts, to find what a question asks for, to verify that an answer states no uncited
figure, and to detect a figure in the question that the paper contradicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial

from corpus.model import Span
from corpus.notation.doc_numbers import coded_numbers
from corpus.notation.numerals import AMOUNT, decimal_of, power_of


class FigureKind(StrEnum):
    """What a figure measures."""

    MONEY = "money"  # value in yuan
    PERCENT = "percent"
    COUNT = "count"  # value with its measure word: "150个"
    DURATION = "duration"  # "5年", "3工作日"
    DATE = "date"  # "2026-02-14", "2026-02", "2026"
    FREQUENCY = "frequency"  # "季", "月", "年", "周"
    DOC_NUMBER = "doc_number"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its place in the text. Equal `kind` and `value` mean the same figure."""

    kind: FigureKind
    value: str
    span: Span

    @property
    def key(self) -> tuple[FigureKind, str]:
        return self.kind, self.value


# One way to match each digit, and only from the first of a run: anything else takes quadratic or exponential
# time on a long one.
ARABIC = r"(?<![0-9])(?<![0-9],)[0-9](?:,?[0-9])*(?:[.][0-9]+)?"
HAN = rf"(?<![{AMOUNT}])[{AMOUNT}]+"
_NUMBER = rf"(?P<n>{ARABIC}|{HAN})"
SCALE = r"(?P<scale>百万|千万|万亿|萬億|百萬|千萬|[千万萬亿億])?"

# "2026年2月14日", "2027年", "2024-10-09"
_DATE = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})\s*(?:年\s*(?:(?P<m>[0-9]{1,2})\s*月(?:\s*(?P<d>[0-9]{1,2})\s*[日号])?)?"
    r"|[-/.](?P<m2>[0-9]{1,2})[-/.](?P<d2>[0-9]{1,2}))"
)
# "百分之二十", "20%", "7％", "一半"
_PERCENT = re.compile(rf"(?P<half>一半|半数)|百分之\s*{_NUMBER}|(?P<n2>{ARABIC})\s*(?:%|percent|per cent)")
# "500万元", "五百万", "1亿元", "3000万元", "超万亿元"
_MONEY = re.compile(
    rf"{_NUMBER}\s*{SCALE}\s*(?P<yuan>元|块钱|块|圆)|{_NUMBER.replace('<n>', '<m>')}\s*"
    r"(?P<scale2>百万|千万|万亿|百萬|千萬|[万萬亿億])(?![家个项亩名])"
    r"|(?<=[超过過达達近破])(?P<scale3>[百千万萬][亿億])(?=元)"
)
_BARE_SCALE = re.compile("[百千万萬][亿億]")  # 超万亿元: one of them
# "3个工作日", "5年", "25周", "两个月"
_DURATION = re.compile(rf"{_NUMBER}\s*个?\s*(?P<unit>工作[日天]|小时|[年月周天日])(?![〕号度岁])")
MEASURES = "个家项名人种类条次张批所座亩款例级"
# "150个", "15家", "1次", "3—5家"; not 一次性
_COUNT = re.compile(
    rf"(?:(?P<low>{ARABIC}|{HAN})\s*[-—–~～至到]\s*)?{_NUMBER}\s*(?P<unit>[{MEASURES}])(?!性)"
)
# "每季度", "每月", "按季度", "一年只用开一次"
_FREQUENCY = re.compile(
    r"(?:每一?个?|按|一个?(?=[季月年周天星][^，。；,;]{0,8}次))(?P<unit>季度?|月|年|周|天|日|星期)"
)
# "020-83135078", "12345"
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[-－—]\d{7,8}|1[3-9]\d{9})(?!\d)")

# One character for one, so that spans are valid in the text as given.
HALF_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_PERIODS = {"季度": "季", "星期": "周", "天": "日", "工作天": "工作日"}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _doc_numbers(text: str) -> Iterator[Figure]:
    for number in coded_numbers(text):
        year, serial = number.year_and_serial
        yield Figure(FigureKind.DOC_NUMBER, f"({year}){serial}", number.span)


def _dates(text: str) -> Iterator[Figure]:
    for match in _DATE.finditer(text):
        parts = [match["y"], match["m"] or match["m2"], match["d"] or match["d2"]]
        value = "-".join(part.zfill(2) for part in parts if part)
        yield Figure(FigureKind.DATE, value, Span(*match.span()))


def _percents(text: str) -> Iterator[Figure]:
    for match in _PERCENT.finditer(text):
        value = Decimal(50) if match["half"] else decimal_of(match["n"] or match["n2"])
        if value is not None:
            yield Figure(FigureKind.PERCENT, _plain(value), Span(*match.span()))


def _amounts(text: str) -> Iterator[Figure]:
    for match in _MONEY.finditer(text):
        number = match["n"] or match["m"]
        value = Decimal(power_of(number)) if _BARE_SCALE.fullmatch(number) else decimal_of(number)
        if value is not None:
            amount = value * power_of(match["scale"] or match["scale2"] or "")
            yield Figure(FigureKind.MONEY, _plain(amount), Span(*match.span()))


def _measured(text: str, pattern: re.Pattern[str], kind: FigureKind) -> Iterator[Figure]:
    for match in pattern.finditer(text):
        value = decimal_of(match["n"])
        if value is not None:
            low = decimal_of(match.groupdict().get("low") or "")
            number = _plain(value) if low is None else f"{_plain(low)}-{_plain(value)}"
            yield Figure(kind, number + _PERIODS.get(match["unit"], match["unit"]), Span(*match.span()))


def _frequencies(text: str) -> Iterator[Figure]:
    for match in _FREQUENCY.finditer(text):
        unit = match["unit"]
        yield Figure(FigureKind.FREQUENCY, _PERIODS.get(unit, unit), Span(*match.span()))


def _phones(text: str) -> Iterator[Figure]:
    for match in _PHONE.finditer(text):
        yield Figure(FigureKind.PHONE, match[0], Span(*match.span()))


# Of two overlapping readings the one that comes first here is meant.
_READERS: tuple[tuple[FigureKind, Callable[[str], Iterator[Figure]]], ...] = (
    (FigureKind.DOC_NUMBER, _doc_numbers),
    (FigureKind.DATE, _dates),
    (FigureKind.PHONE, _phones),
    (FigureKind.PERCENT, _percents),
    (FigureKind.MONEY, _amounts),
    (FigureKind.FREQUENCY, _frequencies),
    (FigureKind.DURATION, partial(_measured, pattern=_DURATION, kind=FigureKind.DURATION)),
    (FigureKind.COUNT, partial(_measured, pattern=_COUNT, kind=FigureKind.COUNT)),
)


def figures(text: str, *, kinds: Collection[FigureKind] = tuple(FigureKind)) -> list[Figure]:
    """Returns the figures of these kinds in reading order; of two overlapping readings the more specific one.

    >>> [f.value for f in figures("每个平台每年奖补五百万元，连续支持3年")]
    ['年', '5000000', '3年']
    """
    text = text.translate(HALF_WIDTH)
    found: list[Figure] = []
    taken: list[tuple[int, int]] = []  # in order, without overlaps
    last = max((place for place, (kind, _) in enumerate(_READERS) if kind in kinds), default=-1)
    for kind, read in _READERS[: last + 1]:
        for figure in read(text):
            place = bisect_left(taken, (figure.span.start, 0))
            behind = taken[place][0] if place < len(taken) else len(text)
            if figure.span.end <= behind and (place == 0 or taken[place - 1][1] <= figure.span.start):
                taken.insert(place, (figure.span.start, figure.span.end))
                if kind in kinds:
                    found.append(figure)
    return sorted(found, key=lambda figure: figure.span.start)
