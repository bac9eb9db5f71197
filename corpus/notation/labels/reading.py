"""Finds, parses and normalises the labels that open a clause: 第一章, 一、, （一）, 1．, （1）, ①, 1.1.

`opens_clause` looks at one line alone. Whether a doubtful label is one is decided in
corpus.structure.outline.numbering, which sees the numbers before and after it; whether a label belongs to the
paper's outline (and not, say, to a table of contents) in corpus.structure.outline.tree.
"""

from __future__ import annotations

import re

from corpus.notation.labels import patterns
from corpus.notation.labels.types import Doubt, Label, Style
from corpus.notation.numerals import HALF_WIDTH, number_of, numeral_of

_UNITS = {
    "部分": Style.PART,
    "编": Style.PART,
    "編": Style.PART,
    "分编": Style.SUBPART,
    "分編": Style.SUBPART,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
    "節": Style.SECTION,
    "条": Style.ARTICLE,
    "條": Style.ARTICLE,
}
_HAN_MARKS = {"、": (Style.HAN_COMMA, "、"), "．": (Style.HAN_DOT, "．"), ".": (Style.HAN_DOT, "．")}
_ROMAN = {"I": 1, "V": 5, "X": 10}
# First and last character of each range of number symbols, its style, and the number of its first character.
_SYMBOLS = (
    ("①", "⑳", Style.CIRCLED, 1),
    ("㉑", "㉟", Style.CIRCLED, 21),
    ("⑴", "⒇", Style.ARABIC_PAREN, 1),
    ("⒈", "⒛", Style.ARABIC_DOT, 1),
    ("㈠", "㈩", Style.HAN_PAREN, 1),
)


# What scans read in place of 一 and of digits.
_DASHES = re.compile("[—－ー-]")
_BLANKS = re.compile(r"\s")
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})


def opens_clause(line: str) -> bool:
    """Whether `line` begins with a label, so that it must not be joined to the line above."""
    label = find_label(line)
    if label is not None:
        return not label.doubtful
    word = find_word_label(line)
    return find_bare_number(line) is not None or (word is not None and "：" in line[: word.end])


def find_label(line: str) -> Label | None:
    """The label at the beginning of `line`, after list dashes and Markdown marks, if any."""
    if not patterns.START.match(line):
        return None
    for read in _READERS:
        label = read(line)
        if label is not None:
            return label
    return None


def find_bare_number(line: str) -> Label | None:
    """A heading after a bare number ("1 总则"). Only papers numbered 1, 1.1, 1.1.1 use these."""
    match = patterns.BARE.match(line)
    return _plain(match, Style.ARABIC_BARE, "{}") if match is not None else None


def find_dotted(line: str) -> Label | None:
    """The label of a line that otherwise reads like a decimal: "1." of "1.30分钟最高车速…"."""
    match = patterns.DOTTED.match(line)
    return _plain(match, Style.ARABIC_DOT, "{}．", Doubt.BETWEEN) if match is not None else None


def find_word_label(line: str) -> Label | None:
    """A word with its number ("场景一：", "专栏2 "), which is a label if the paper counts such words."""
    match = patterns.WORD.match(line)
    if match is None:
        return None
    number = number_of(match["n"])
    return Label(
        Style.WORD, (number,), match["word"] + match["n"], match.end(), Doubt.CONTINUES, match["word"]
    )


def _plain(match: re.Match[str], style: Style, form: str, doubt: Doubt = Doubt.NONE) -> Label:
    number = number_of(_digits(match["n"]))
    return Label(style, (number,), form.format(number), match.end(), doubt)


def _digits(written: str) -> str:
    """Digits without blanks, with letters that a scan read in their place put right: "1 O" → 10."""
    return _BLANKS.sub("", written).translate(_LETTERS).translate(HALF_WIDTH)


def _ordinal(line: str) -> Label | None:
    match = patterns.ORDINAL.match(line)
    if match is None:
        return None
    written = _BLANKS.sub("", match["n"])
    unit, sub = match["unit"], _BLANKS.sub("", match["sub"] or "")
    if written[0].isdecimal() or written[0] in "lI":
        first, dash, second = _DASHES.sub("-", _digits(written)).partition("-")
        number, shown = (int(first), *((int(second),) if dash else ())), first + dash + second
    else:
        shown = _DASHES.sub("一", written)
        number = (number_of(shown),)
    number += (number_of(sub.removeprefix("之")),) if sub else ()
    doubt = Doubt.CONTINUES if match["comma"] is not None else Doubt.NONE
    return Label(_UNITS[unit], number, f"第{shown}{unit}{sub}", match.end(), doubt)


def _han_comma(line: str) -> Label | None:
    match = patterns.HAN_COMMA.match(line)
    if match is None:
        return None
    style, mark = _HAN_MARKS[match["mark"]]
    written = _BLANKS.sub("", match["n"])
    doubt = Doubt.CONTINUES if match["numeral"] is not None else Doubt.NONE
    return Label(style, (number_of(written),), written + mark, match.end(), doubt)


def _han_paren(line: str) -> Label | None:
    match, doubt = patterns.HAN_PAREN.match(line), Doubt.NONE
    if match is None:
        match, doubt = patterns.MISREAD_PAREN.match(line), Doubt.CONTINUES
    if match is None:
        return None
    written = _DASHES.sub("一", _BLANKS.sub("", match["n"]))
    return Label(Style.HAN_PAREN, (number_of(written),), f"（{written}）", match.end(), doubt)


def _decimal(line: str) -> Label | None:
    match = patterns.DECIMAL.match(line)
    if match is None:
        return None
    number = tuple(int(part) for part in re.split(r"[.．]", match["n"]))
    return Label(Style.DECIMAL, number, ".".join(map(str, number)), match.end())


def _arabic(line: str) -> Label | None:
    match = patterns.ARABIC.match(line)
    if match is None:
        return None
    if match["comma"] is None:
        return _plain(match, Style.ARABIC_DOT, "{}．")
    doubt = Doubt.BETWEEN if match["listed"] is not None else Doubt.NONE
    return _plain(match, Style.ARABIC_COMMA, "{}、", doubt)


def _arabic_paren(line: str) -> Label | None:
    match = patterns.ARABIC_PAREN.match(line)
    if match is not None:
        return _plain(match, Style.ARABIC_PAREN, "（{}）")
    match = patterns.HALF_PAREN.match(line)
    return _plain(match, Style.ARABIC_HALF_PAREN, "{}）") if match is not None else None


def _symbol(line: str) -> Label | None:
    match = patterns.SYMBOL.match(line)
    if match is None:
        return None
    sign = match["n"]
    first, _, style, base = next(run for run in _SYMBOLS if run[0] <= sign <= run[1])
    number = ord(sign) - ord(first) + base
    forms = {
        Style.CIRCLED: sign,
        Style.ARABIC_PAREN: f"（{number}）",
        Style.ARABIC_DOT: f"{number}．",
        Style.HAN_PAREN: f"（{numeral_of(number)}）",
    }
    return Label(style, (number,), forms[style], match.end())


def _english(line: str) -> Label | None:
    match = patterns.ENGLISH.match(line)
    if match is None:
        return None
    number = int(match["n"]) if match["n"].isdecimal() else _roman(match["n"])
    word = match["word"].capitalize()
    style = Style.ENGLISH_ARTICLE if word == "Article" else Style.ENGLISH_CHAPTER
    return Label(style, (number,), f"{word} {number}", match.end())


def _roman(written: str) -> int:
    values = [_ROMAN[char] for char in written]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


_READERS = (
    _ordinal,
    _han_comma,
    _han_paren,
    _decimal,
    _arabic,
    find_dotted,
    _arabic_paren,
    _symbol,
    _english,
)
