"""Finds, parses and normalises the labels that open a clause: 第一章, 一、, （一）, 1．, （1）, ①, 1.1.

`opens_clause` looks at one line alone. Whether a label belongs to the paper's outline (and not, say,
to a table of contents, or is a number at the beginning of a cut line) is decided in
corpus.structure.tree, which sees all lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.notation.characters import HAN
from corpus.notation.numerals import NUMERAL, TO_99, number_of, numeral_of


class Style(StrEnum):
    """A numbering style; the value is its first label in normal form."""

    PART = "第一编"
    SUBPART = "第一分编"
    CHAPTER = "第一章"
    SECTION = "第一节"
    ARTICLE = "第一条"
    HAN_COMMA = "一、"
    HAN_PAREN = "（一）"
    HAN_DOT = "一．"
    ARABIC_DOT = "1．"
    ARABIC_COMMA = "1、"
    ARABIC_PAREN = "（1）"
    ARABIC_HALF_PAREN = "1）"
    CIRCLED = "①"
    DECIMAL = "1.1"
    ARABIC_BARE = "1"
    ENGLISH_CHAPTER = "Chapter 1"
    ENGLISH_ARTICLE = "Article 1"


# Styles with a fixed rank, highest first; all others nest in the order in which they open.
ORDINALS: tuple[Style, ...] = (
    Style.PART,
    Style.SUBPART,
    Style.ENGLISH_CHAPTER,
    Style.CHAPTER,
    Style.SECTION,
    Style.ARTICLE,
    Style.ENGLISH_ARTICLE,
)
ARTICLES: tuple[Style, ...] = (Style.ARTICLE, Style.ENGLISH_ARTICLE)


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the beginning of a line. Offsets count from the beginning of that line."""

    style: Style
    number: tuple[int, ...]  # (4,) for （四）; (1, 2) for 1.2; (15, 1) for 第十五条之一
    text: str  # normal form
    end: int  # offset after the label and the blanks that follow it
    doubtful: bool = False  # may be a mention: "第十七条，培训机构不得…"


_HAN = NUMERAL
_ARABIC_DIGITS = r"(?:\d{1,3}|[０-９]{1,3})"
# Markdown marks and list dashes before a label: "- (三)强化…", " - 三、打造…", "**一、完善…", "### 三、"
_PREFIX = r"[\s\u3000\ufeff]*(?:(?:[-*+•·●■◆]|\#{1,6})[ \u3000\t]*)*(?:\*\*|__)?[ \u3000\t]*"
_GAP = r"[ \u3000\t\xa0]*"
# What follows a number that is a mention, not a label: "第三条第二款", "第五条规定", "第十二条、第十三条"
_MENTION = (
    rf"(?!{_GAP}(?:第|规定|所规|所列|所称|中的?规|[和及或、至－—]第?[{_HAN}\d第]|[；;。）)]|的规定"
    rf"|[{TO_99}]款))"
)
# "第一条 为了…", "第 三 章　附则", "第十五条之一 …", "第二十-条" with a misread 一
_ORDINAL = re.compile(
    rf"{_PREFIX}第{_GAP}(?P<n>[{_HAN}][{_HAN}\-－]{{0,8}}|{_ARABIC_DIGITS}){_GAP}(?P<unit>部分|分编|编|章|节|条)"
    rf"(?P<sub>之[{_HAN}]{{1,4}})?(?:\*\*|__)?{_MENTION}{_GAP}(?P<comma>[，,])?[：:]?{_GAP}"
)
# "一、加大研发创新支持力度", "一．总则"; not "一、二、三等奖"
_HAN_COMMA = re.compile(
    rf"{_PREFIX}(?P<n>[{_HAN}]{{1,4}}){_GAP}(?P<mark>[、．.])(?![{_HAN}]+(?:[、类级等档次]|$)){_GAP}"
)
# Behind a number in brackets that is mentioned: "（一）项", "（一）至（三）项"
_LISTED = rf"(?!{_GAP}(?:[项款]|[、至－—和及或]{_GAP}第?[（(])){_GAP}[、．.]?{_GAP}"
# "（一）支持…", "(二) 突破…", "一)加强…" with the first bracket lost
_HAN_PAREN = re.compile(rf"{_PREFIX}[（(〔]?{_GAP}(?P<n>[{_HAN}]{{1,4}}){_GAP}[）)〕]{_LISTED}")
# "（1）建立…", "(2) …"
_ARABIC_PAREN = re.compile(rf"{_PREFIX}[（(]{_GAP}(?P<n>{_ARABIC_DIGITS}){_GAP}[）)]{_LISTED}")
# "1）建立…", "2) …"
_HALF_PAREN = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}}|[０-９]{{1,2}}){_GAP}[）)]{_GAP}")
# "1．加快推进", "1. 总则", "2、22:00至次日…"; not "1.5亿元", "1、2、3项"
_ARABIC = re.compile(
    rf"{_PREFIX}(?P<n>{_ARABIC_DIGITS})[ \u3000\t]*"
    rf"(?:(?P<mark>[．.﹒])(?![\d０-９])|(?P<comma>、)(?![\d０-９]+(?:[、，和及或至～~—－-]|[号项款条类级档等])|[\d０-９]+$)){_GAP}"
)
# "1.30分钟最高车速不低于…": read as 1. only where a decimal does not fit the outline
_DOTTED = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}})[.．](?=\d+[{HAN}])")
# "1.1 编制目的", "2.3.1组织机构"; not "1.5亿元", "3.2%", "2024.3.1"
_DECIMAL = re.compile(
    rf"{_PREFIX}(?P<n>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,4}})[.．]?"
    r"(?![\d.．%％‰]|[ \u3000]*(?:[亿万千百]|个?百分点|元|倍|米|公里|公顷|平方|立方|吨|亩|人|家|个|级|度|℃|版"
    rf"|[a-zA-Z])){_GAP}"
)
# "① …", "⑴ …", "㈠ …", "⒈ …"
_SYMBOL = re.compile(rf"{_PREFIX}(?P<n>[①-⑳㉑-㉟⑴-⒇⒈-⒛㈠-㈩]){_GAP}")
# "Article 12: Women shall…", "Chapter I General Provisions"; not "Article 12 of this Law"
_ENGLISH = re.compile(
    rf"{_PREFIX}(?P<word>Article|Chapter|ARTICLE|CHAPTER)\s+(?P<n>\d{{1,3}}|[IVX]{{1,6}})\b"
    r"(?!,|\s+(?:of|and|or|to|shall)\b)[.:：]?\s*"
)
# "1 总则", "2　组织指挥体系": a short heading after a bare number
_BARE = re.compile(rf"{_PREFIX}(?P<n>\d{{1,2}})[ \u3000\t]+(?=[{HAN}]{{2,30}}[ \u3000]*$)")

_UNITS = {
    "部分": Style.PART,
    "编": Style.PART,
    "分编": Style.SUBPART,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
    "条": Style.ARTICLE,
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


def opens_clause(line: str) -> bool:
    """Whether `line` begins with a label, so that it must not be joined to the line above."""
    label = find_label(line)
    return (label is not None and not label.doubtful) or find_bare_number(line) is not None


def find_label(line: str) -> Label | None:
    """The label at the beginning of `line`, after list dashes and Markdown marks, if any."""
    for read in (_ordinal, _han_comma, _han_paren, _decimal, _arabic, _arabic_paren, _other):
        label = read(line)
        if label is not None:
            return label
    return None


def find_bare_number(line: str) -> Label | None:
    """A heading after a bare number ("1 总则"). Only papers numbered 1, 1.1, 1.1.1 use these."""
    match = _BARE.match(line)
    return _plain(match, Style.ARABIC_BARE, "{}") if match is not None else None


def find_dotted(line: str) -> Label | None:
    """The label of a line that otherwise reads like a decimal: "1." of "1.30分钟最高车速…"."""
    match = _DOTTED.match(line)
    return _plain(match, Style.ARABIC_DOT, "{}．") if match is not None else None


def _plain(match: re.Match[str], style: Style, form: str) -> Label:
    number = number_of(match["n"])
    return Label(style, (number,), form.format(number), match.end())


def _ordinal(line: str) -> Label | None:
    match = _ORDINAL.match(line)
    if match is None:
        return None
    written = re.sub(r"[-－]", "一", match["n"])
    sub = match["sub"] or ""
    number = (number_of(written), *((number_of(sub.removeprefix("之")),) if sub else ()))
    shown = str(number[0]) if written.isdecimal() else written
    text = f"第{shown}{match['unit']}{sub}"
    return Label(_UNITS[match["unit"]], number, text, match.end(), match["comma"] is not None)


def _han_comma(line: str) -> Label | None:
    match = _HAN_COMMA.match(line)
    if match is None:
        return None
    style, mark = _HAN_MARKS[match["mark"]]
    return Label(style, (number_of(match["n"]),), match["n"] + mark, match.end())


def _han_paren(line: str) -> Label | None:
    match = _HAN_PAREN.match(line)
    if match is None:
        return None
    return Label(Style.HAN_PAREN, (number_of(match["n"]),), f"（{match['n']}）", match.end())


def _decimal(line: str) -> Label | None:
    match = _DECIMAL.match(line)
    if match is None:
        return None
    number = tuple(int(part) for part in re.split(r"[.．]", match["n"]))
    return Label(Style.DECIMAL, number, ".".join(map(str, number)), match.end())


def _arabic(line: str) -> Label | None:
    match = _ARABIC.match(line)
    if match is None:
        return None
    comma = match["comma"] is not None
    return _plain(match, Style.ARABIC_COMMA if comma else Style.ARABIC_DOT, "{}、" if comma else "{}．")


def _arabic_paren(line: str) -> Label | None:
    match = _ARABIC_PAREN.match(line)
    if match is not None:
        return _plain(match, Style.ARABIC_PAREN, "（{}）")
    match = _HALF_PAREN.match(line)
    return _plain(match, Style.ARABIC_HALF_PAREN, "{}）") if match is not None else None


def _other(line: str) -> Label | None:
    match = _SYMBOL.match(line)
    if match is not None:
        return _of_symbol(match)
    match = _ENGLISH.match(line)
    if match is None:
        return None
    number = int(match["n"]) if match["n"].isdecimal() else _roman(match["n"])
    word = match["word"].capitalize()
    style = Style.ENGLISH_ARTICLE if word == "Article" else Style.ENGLISH_CHAPTER
    return Label(style, (number,), f"{word} {number}", match.end())


def _of_symbol(match: re.Match[str]) -> Label:
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


def _roman(written: str) -> int:
    values = [_ROMAN[char] for char in written]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))
