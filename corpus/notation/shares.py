"""Shares as papers write them: 50%, 百分之二十, 三分之一, 一半."""

from __future__ import annotations

from decimal import Decimal

from corpus.notation.numerals import DIGIT, HALF_WIDTH, decimal_of

# An expression with the group `share`
SHARE = (
    rf"(?P<share>(?<![{DIGIT}.])[{DIGIT}]{{1,3}}(?:[.．][{DIGIT}]{{1,2}})?\s{{0,2}}[%％]"
    r"|百分之[一二三四五六七八九十]{1,3}|一半|[三二四五]分之[一二三四])"
)
_HALF = "一半"
_PER_CENT, _PARTS = "百分之", "分之"


def share_of(written: str) -> Decimal | None:
    """The value of a share that SHARE matches, between 0 and 1; None where it is no number."""
    if written == _HALF:
        return Decimal("0.5")
    if written.startswith(_PER_CENT):
        value = decimal_of(written.removeprefix(_PER_CENT))
        return None if value is None else value / 100
    whole, divided, part = written.partition(_PARTS)
    if divided:
        below, above = decimal_of(whole), decimal_of(part)
        return None if not below or above is None else (above / below).quantize(Decimal("0.0001"))
    value = decimal_of(written.rstrip("%％ ").translate(HALF_WIDTH).replace("．", "."))
    return None if value is None else value / 100
