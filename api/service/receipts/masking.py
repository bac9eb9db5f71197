"""Masks personal data in questions: names with a title, telephone and identity numbers, e-mail, accounts.

A question may be read by staff who need its matter and not who asked. Masking errs on the side of too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import find_divisions
from corpus.text.script import simplify

NAME, NUMBER, EMAIL, ACCOUNT = MASKS = ("[姓名]", "[号码]", "[邮箱]", "[账号]")

_WORDS = PhraseTable.read("api", "personal.tsv")
_SURNAME, _TITLE, _BEFORE, _INTRODUCES, _SERVICE, _UNIT = (
    _WORDS.alternation(sense)
    for sense in ("surname", "title", "title_before", "introduces", "account", "unit")
)
_GIVEN, _LATIN = r"[\u4e00-\u9fff]", r"[A-Z][\w'-]*(?:\s+[A-Z][\w'-]*){0,2}"
_NAMES = (
    re.compile(rf"(?P<private>{_SURNAME}{_GIVEN}{{0,2}})(?={_TITLE})"),  # 王建国经理
    re.compile(rf"\b{_BEFORE}\.?\s+(?P<private>{_LATIN})"),  # Mr. John Smith
    re.compile(rf"{_INTRODUCES}\s*[：:是]?\s*(?P<private>{_SURNAME}{_GIVEN}{{1,2}}|{_LATIN})"),  # 我叫李明
)
# "li.ming@example.cn"; possessive, as a long word would take its square
_EMAILS = re.compile(
    r"(?<![A-Za-z0-9_.+-])(?P<private>[A-Za-z0-9_.+-]++[@＠][A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+)"
)
_ACCOUNTS = re.compile(rf"{_SERVICE}\s*[是为：:]?\s*(?P<private>[A-Za-z0-9_-]{{5,}})")  # 微信：abc_12345
# "138 0013 8000", "0731-88888888", "43010219900101123X"; in half or full width, or said as 一三八…
_DIGIT = r"[\d〇零一二三四五六七八九幺]"
_NUMBERS = re.compile(rf"(?P<private>[+＋]?{_DIGIT}(?:[ \-‐–—.·]?{_DIGIT}){{6,}}+[XxＸ]?)")
_DATES = re.compile(  # 2026-01-15, 2023—2025
    r"(?:19|20)\d{2}(?:[-–—./](?:0?[1-9]|1[0-2])(?:[-–—./](?:0?[1-9]|[12]\d|3[01]))?|[-–—~](?:19|20)\d{2})"
)
_COUNTED = re.compile(rf"\s*{_UNIT}")
_MOST_COUNTED = 10  # digits of a number that counts something; longer ones belong to people


def masked(text: str) -> str:
    """Returns the text with each name, number, e-mail address and account replaced by what it was."""
    parts, at = [], 0
    for span, mask in _without_overlaps(_found(text)):
        parts += [text[at : span.start], mask]
        at = span.end
    return "".join((*parts, text[at:]))


def without_masks(text: str) -> str:
    """Returns masked text with a blank for each mask."""
    for mask in MASKS:
        text = text.replace(mask, " ")
    return text


def _found(text: str) -> Iterator[tuple[Span, str]]:
    plain = simplify(text)
    for pattern, mask in ((_EMAILS, EMAIL), (_ACCOUNTS, ACCOUNT)):
        yield from ((Span(*match.span("private")), mask) for match in pattern.finditer(plain))
    for match in _NUMBERS.finditer(plain):
        if not _counts(match, plain):
            yield Span(*match.span("private")), NUMBER
    others = [*_WORDS.spans("no_name", plain), *(Span(m.start, m.end) for m in find_divisions(text))]
    for pattern in _NAMES:
        for match in pattern.finditer(plain):
            span = Span(*match.span("private"))
            if not any(other.start < span.end and span.start < other.end for other in others):
                yield span, NAME


def _counts(match: re.Match[str], text: str) -> bool:
    """Whether the number is a date or counts something: 1000000元."""
    words = match["private"]
    if _DATES.fullmatch(words):
        return True
    digits = sum(sign not in "+＋ -‐–—.·" for sign in words)
    return digits <= _MOST_COUNTED and _COUNTED.match(text, match.end()) is not None


def _without_overlaps(found: Iterator[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """Yields the first and longest at each place."""
    end = 0
    for span, mask in sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)):
        if span.start >= end:
            yield span, mask
            end = span.end
