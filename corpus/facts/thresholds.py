"""Reads the figures that a beneficiary must reach: 年销售收入过5000万元, 500亩（含500亩）以上."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from corpus.facts.grants.figures.quantities import quantities
from corpus.facts.model import Threshold
from corpus.model import Span
from corpus.notation.figures import ARABIC, HALF_WIDTH
from corpus.notation.numerals import TO_99, decimal_of

_UNITS: Final = "平方米|公里|个月|小时|[家个项户人名件台套亩年月天次吨笔种条辆座例款]"
_COUNT = re.compile(rf"(?P<n>{ARABIC}|[{TO_99}百两]{{1,4}})\s*(?P<scale>[万亿])?\s*(?P<unit>{_UNITS})")
_SCALES = {"万": 10_000, "亿": 100_000_000, None: 1}
_NEAR = 3  # characters between a comparison and its figure
_LONGEST = 4  # characters of a comparison
_BEFORE = re.compile(
    rf"(?:(?P<ge>不[少低]于|达到?|满|至少)|(?P<le>不[超多高大][过于])|(?P<gt>超过?|突破|高于|大于|多于|过)"
    rf"|(?P<lt>低于|小于|少于|不足)).{{0,{_NEAR}}}\Z"
)
_AFTER = re.compile(
    r"\s*(?:[（(]含[^）)]{0,8}[）)])?\s*(?:及|或)?(?:(?P<ge>以上)|(?P<le>以[下内]))(?:[（(]含[^）)]{0,8}[）)])?"
)
_INCLUDED = re.compile(r"\s*[（(]含[^）)]{0,8}[）)]")
_SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_LISTED = re.compile(r"\s*(?:[、/和及与或]|以及)\s*")


@dataclass(frozen=True, slots=True)
class _Compared:
    start: int
    end: int
    value: Decimal
    unit: str
    sign: str | None
    upper: Decimal | None = None


def thresholds_in(text: str, start: int, end: int, *, offset: int = 0) -> Iterator[Threshold]:
    """Yields the thresholds in text[start:end]; `offset` is the place of the text in its paper."""
    words = text[start:end]
    last: _Compared | None = None
    for one in sorted(_figures(words), key=lambda one: one.start):
        found = _compared(words, one)
        if found.sign is None and last is not None and _LISTED.fullmatch(words, last.end, one.start):
            found = _Compared(one.start, one.end, one.value, one.unit, last.sign)
        last = found
        if one.upper is not None:
            span = Span(offset + start + one.start, offset + start + one.end)
            yield Threshold(span, one.value, one.unit, ">=")
            yield Threshold(span, one.upper, one.unit, "<=")
            continue
        if found.sign is not None:
            begin = offset + start
            yield Threshold(Span(begin + found.start, begin + found.end), found.value, found.unit, found.sign)


def threshold_of(text: str, span: Span, *, comparison: str) -> Threshold | None:
    """The threshold that words state, with this comparison where they state none; None unless it is one."""
    words = span.of(text)
    found = list(_figures(words))
    if len(found) != 1 or found[0].upper is not None:
        return None
    one = _compared(words, found[0])
    return Threshold(span, one.value, one.unit, one.sign or comparison)


def _figures(words: str) -> Iterator[_Compared]:
    for one in quantities(words):
        unit = "%" if one.is_rate else one.unit
        yield _Compared(one.start, one.end, one.value, unit, None, one.upper)
    for match in _COUNT.finditer(words.translate(HALF_WIDTH)):
        value = decimal_of(match["n"])
        if value is not None:
            unit = match["unit"] if match["unit"] == "个" else match["unit"].removeprefix("个")
            yield _Compared(match.start(), match.end(), value * _SCALES[match["scale"]], unit, None)


def _compared(words: str, one: _Compared) -> _Compared:
    """Returns the figure with its comparison; a word in front decides, but 含 includes the figure."""
    before = _BEFORE.search(words[max(0, one.start - _LONGEST - _NEAR) : one.start])
    after, included = _AFTER.match(words, one.end), _INCLUDED.match(words, one.end)
    end = after.end() if after else included.end() if included else one.end
    start, sign = one.start, None
    if after:
        sign = _SIGNS[after.lastgroup or "ge"]
    if before:
        start = one.start - (len(before.string) - before.start())
        sign = _SIGNS[before.lastgroup or "ge"]
        if included or "含" in words[one.end : end]:
            sign = {">": ">=", "<": "<="}.get(sign, sign)
    return _Compared(start, end, one.value, one.unit, sign)
