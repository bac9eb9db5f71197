"""Recognises figures that are only the end of a longer number or estimate: 00万元 of l00万元."""

from __future__ import annotations

import re

from corpus.notation.numerals import LIKE_DIGITS

_REACH = 12  # characters before a figure
_ZEROS = re.compile("0[0-9]")  # no number begins so
# "1e3", "1O0", "l00"; a letter of a word, CDMO50万元, is none
_LETTERS = re.compile(rf"(?:[0-9][A-Za-zＯ]+|(?<![A-Za-z])[{LIKE_DIGITS}]+)\Z")
# "2，000", "2 000"
_GROUP, _GROUPED = re.compile("[0-9]{3}(?![0-9])"), re.compile(r"(?<![0-9])[0-9]{1,3}[，\s]\Z")
# "-20万元"; a dash behind a figure or its unit makes a range
_NEGATIVE = re.compile(r"(?<![0-9元万亿%％‰）)])(?<![0-9元万亿%％‰）)]\s)[-−]\s?\Z")
# "数百万元", "上千万元"
_ESTIMATED, _POWERS = "数几上成好余多", "十百千万亿"


def is_remainder(text: str, start: int) -> bool:
    """Whether the figure that begins here is not the whole of what is written: 数百万元, 1e3万元."""
    before = text[max(0, start - _REACH) : start]
    if text[start] in _POWERS and before.endswith(tuple(_ESTIMATED)):
        return True
    if _ZEROS.match(text, start) or _LETTERS.search(before) or _NEGATIVE.search(before):
        return True
    return bool(_GROUP.match(text, start) and _GROUPED.search(before))
