"""Decides whether two texts count as the same, and whether an answer contains a fact."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from corpus.notation.doc_numbers import CLOSING, OPENING

_WHITE = re.compile(r"\s+")  # 到 2030 年
_DASH = re.compile("[\u2010-\u2015\u2212\u2043\ufe58\ufe63]")  # 3—5个
_QUOTATION_MARK = re.compile("[\u2018-\u201f\u300c-\u300f\u301d-\u301f\ufe41-\ufe44«»‹›'\"]")  # “一事一议”
_YEAR_IN_BRACKETS = re.compile(rf"[{OPENING}](\d{{4}})[{CLOSING}]")  # 湘政办发〔2026〕15号
# After normalisation: "1,500" continues "500", and "2.5" continues "5"; "1,5" does not.
_NUMBER_BEFORE = re.compile(r"\d$|\d\.$")  # 2025|年5月
_THOUSANDS_BEFORE = re.compile(r"\d,$")  # 1,|500万元
_NUMBER_AFTER = re.compile(r"\d|\.\d|,\d{3}(?!\d)")  # 1|,500万元


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Normalises `text` for comparison: NFKC, no white space, case folded, one dash, one quotation mark.

    Brackets of any kind around a year become ( and ).
    """
    folded = _WHITE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    folded = _QUOTATION_MARK.sub('"', _DASH.sub("-", folded))
    return _YEAR_IN_BRACKETS.sub(r"(\1)", folded)


def contains(text: str, words: str) -> bool:
    """Whether `text` contains all of `words`; False for empty words."""
    sought = normal(words)
    return bool(sought) and sought in normal(text)


def contains_fact(texts: Iterable[str], fact: str) -> bool:
    """Whether one of `texts` contains `fact` as a separate fact.

    A fact that begins or ends with a digit must not continue a longer number: 5年 is not in
    2025年, nor 500万元 in 1500万元 or 1,500万元.
    """
    sought = normal(fact)
    return bool(sought) and any(_stands_alone(normal(text), sought) for text in texts)


def contains_facts(texts: Sequence[str], groups: Iterable[Sequence[str]]) -> bool:
    """Whether one alternative of every group occurs in one of `texts`."""
    return all(any(contains_fact(texts, fact) for fact in group) for group in groups)


def _stands_alone(text: str, sought: str) -> bool:
    start = text.find(sought)
    while start >= 0:
        if not _continues_number(text, start, start + len(sought)):
            return True
        start = text.find(sought, start + 1)
    return False


def _continues_number(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 5]
    if text[end - 1].isdecimal() and _NUMBER_AFTER.match(after):
        return True
    if not text[start].isdecimal():
        return False
    if _THOUSANDS_BEFORE.search(before):
        return _length_of_digits(text, start) == 3
    return bool(_NUMBER_BEFORE.search(before))


def _length_of_digits(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isdecimal():
        end += 1
    return end - start
