"""Normalises text and splits it into terms, for matching only: what users see is always the paper's own text.

廣東 matches 广东, Ａ a, 1,000 and 一千元 1000元, 百分之二十 20%, 到 2027 年 到2027年.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.numerals import NUMERAL
from corpus.text.script import simplify
from index.terms import numerals

_DASHES = "‐‑‒–—―−─﹘﹣－"
_ALIKE = (
    dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, "“”„‟«»「」『』＂〝〞"), '"')
    | dict.fromkeys(map(ord, "‘’‚‛＇"), "'")
    | dict.fromkeys(map(ord, "〔［【﹝["), "(")
    | dict.fromkeys(map(ord, "〕］】﹞]"), ")")
    | dict.fromkeys(map(ord, "～〜∼"), "~")
    # Numerals that NFKC would replace by a look-alike.
    | {ord("○"): "〇", ord("著"): "着", ord("\u200b"): "", ord("\ufeff"): "", ord("\xad"): ""}
)
_BLANK = re.compile(r"\s+")
_LATIN = re.compile(rf"[^\W{HAN}]")  # letters and digits other than Han


def _blank(match: re.Match[str]) -> str:
    """Keeps white space, as one blank, only between two Latin words."""
    text, (start, end) = match.string, match.span()
    return " " if start and _LATIN.match(text, start - 1) and _LATIN.match(text, end) else ""


_Replacement = Callable[[re.Match[str]], str]
_NUMERALS: tuple[tuple[re.Pattern[str], _Replacement], ...] = (
    (numerals.THOUSANDS, numerals.without_separators),
    (numerals.RATE, numerals.rate),
    (numerals.COUNT, numerals.count),
    (numerals.MIXED, numerals.mixed),
    (numerals.LONG, numerals.shortened),
)


# What those match begins with one of these. Most words contain none, so that the table of synonyms, which is
# folded at the first question, takes a third of the time.
_NUMERAL = re.compile(rf"[\d{NUMERAL}]")


class _Characters(dict[int, str]):
    """A table for `str.translate`: compatibility form, lower case, simplified, one dash, one quote."""

    def __missing__(self, code: int) -> str:
        plain = _ALIKE.get(code)
        if plain is None:
            plain = simplify(unicodedata.normalize("NFKC", chr(code)).casefold())
            plain = "".join(_ALIKE.get(ord(c), c) for c in plain)
        self[code] = plain
        return plain


_CHARACTERS = _Characters()

# Han characters one by one; Latin words; numbers with their decimals and per cent sign.
_TERM = re.compile(rf"(?P<han>[{HAN}]+)|\d+(?:\.\d+)*[%‰]?|[^\W\d_{HAN}]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character `i` comes from `starts[i]:ends[i]` of the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def origin(self, start: int, end: int) -> Span:
        """The span of the original that `text[start:end]` comes from."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"not a piece of the folded text: {start}:{end}")
        return Span(self.starts[start], self.ends[end - 1])


def fold(text: str) -> str:
    """Normalises `text` to the form used for matching."""
    folded = _BLANK.sub(_blank, text.translate(_CHARACTERS))
    if _NUMERAL.search(folded) is None:
        return folded
    for pattern, replacement in _NUMERALS:
        folded = pattern.sub(replacement, folded)
    return folded


def fold_map(text: str) -> Folded:
    """`fold(text)` with a map back to the original."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text):
        for plain in _CHARACTERS[ord(character)]:
            characters.append(plain)
            starts.append(index)
            ends.append(index + 1)
    folded = Folded("".join(characters), tuple(starts), tuple(ends))
    for pattern, replacement in ((_BLANK, _blank), *_NUMERALS):
        folded = _replaced(folded, pattern, replacement)
    return folded


def _replaced(folded: Folded, pattern: re.Pattern[str], replacement: _Replacement) -> Folded:
    """Like `pattern.sub`; every inserted character maps to the whole match that it replaces."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(folded.text):
        start, end = match.span()
        put = replacement(match)
        pieces += (folded.text[done:start], put)
        starts += folded.starts[done:start] + (folded.starts[start],) * len(put)
        ends += folded.ends[done:start] + (folded.ends[end - 1],) * len(put)
        done = end
    if not pieces:
        return folded
    pieces.append(folded.text[done:])
    return Folded("".join(pieces), (*starts, *folded.starts[done:]), (*ends, *folded.ends[done:]))


def terms(text: str) -> list[str]:
    """The terms of BM25: Han characters, pairs of neighbouring ones, Latin words, numbers."""
    found: list[str] = []
    for match in _TERM.finditer(fold(text)):
        word = match[0]
        found.extend(word if match["han"] else (word,))
        if match["han"]:
            found.extend(map("".join, pairwise(word)))
    return found
