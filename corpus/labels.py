"""Labels that open a clause: 第一章, 一、, （一）, 1．, （1）, ①, 1.1 — found, read as numbers, normalised.

`opens_clause` answers for one line alone. Whether a label belongs to the paper's outline (and is
not, say, a table of contents or a number at the beginning of a cut line) is decided in
corpus.parse, which sees all lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """A way of numbering; the value shows the first label in its normal form."""

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


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the beginning of a line. Offsets count from the beginning of that line."""

    style: Style
    number: tuple[int, ...]  # (4,) for （四）; (1, 2) for 1.2; (15, 1) for 第十五条之一
    text: str  # normal form
    start: int
    end: int  # behind the label and the blanks that follow it


_HAN = "〇零一二三四五六七八九十百千两"
# Markdown marks and list dashes before a label: "- (三)强化…", " - 三、打造…", "**一、完善…", "### 三、"
_PREFIX = r"[\s\u3000\ufeff]*(?:(?:[-*+•·●■◆]|\#{1,6})[ \u3000\t]*)*(?:\*\*|__)?[ \u3000\t]*"
_GAP = r"[ \u3000\t\xa0]*"
# What follows a number that is mentioned, not given: "第三条第二款", "第五条规定", "第十二条、第十三条".
_CITED = (
    r"(?!"
    + _GAP
    + r"(?:第|规定|所规|所列|所称|中的?规|和第|及第|或第|、第|至第?|－第?|—第?|[，,；;。）)]|的规定|[一二三四五六七八九十]款))"
)

# "第一条 为了…", "第 三 章　附则", "第十五条之一 …"
_ORDINAL = re.compile(
    _PREFIX
    + rf"第{_GAP}(?P<n>[{_HAN}]+|\d{{1,3}}|[０-９]{{1,3}}){_GAP}(?P<unit>分编|编|章|节|条)"
    + rf"(?P<sub>之[{_HAN}]+)?(?:\*\*|__)?"
    + _CITED
    + rf"{_GAP}[：:]?{_GAP}"
)
# "一、加大研发创新支持力度"; not "一、二、三等奖"
_HAN_COMMA = re.compile(
    _PREFIX + rf"(?P<n>[{_HAN}]{{1,4}}){_GAP}(?P<mark>[、．.])(?![{_HAN}]+(?:[、类级等档次]|$)){_GAP}"
)
# "（一）支持…", "(二) 突破…", "㈠"; not "（一）项", "（一）至（三）项"
_HAN_PAREN = re.compile(
    _PREFIX
    + rf"[（(〔]{_GAP}(?P<n>[{_HAN}]{{1,4}}){_GAP}[）)〕](?!{_GAP}(?:[项款]|目的?规|[至、－—和及或]{_GAP}(?:第)?[（(])){_GAP}[、．.]?{_GAP}"
)
# "1．加快推进", "1. 总则", "1、范围"; not "1.5亿元", "1、2、3项"
_ARABIC = re.compile(
    _PREFIX + r"(?P<n>\d{1,3}|[０-９]{1,3})[ \u3000\t]*(?P<mark>[．.、﹒])(?![\d０-９])" + _GAP
)
# "（1）建立…", "(2) …"; not "（1）项"
_ARABIC_PAREN = re.compile(
    _PREFIX
    + rf"[（(]{_GAP}(?P<n>\d{{1,3}}|[０-９]{{1,3}}){_GAP}[）)](?!{_GAP}(?:[项款]|[至、－—和及或]{_GAP}[（(])){_GAP}[、．.]?{_GAP}"
)
# "1）建立…", "2) …"
_ARABIC_HALF_PAREN = re.compile(_PREFIX + rf"(?P<n>\d{{1,2}}|[０-９]{{1,2}}){_GAP}[）)]{_GAP}")
# "① …", "⑴ …", "㈠ …", "⒈ …"
_SYMBOL = re.compile(_PREFIX + r"(?P<n>[①-⑳㉑-㉟⑴-⒇⒈-⒛㈠-㈩])" + _GAP)
# "1.1 编制目的", "2.3.1组织机构"; not "1.5亿元", "3.2%", "2024.3.1"
_DECIMAL = re.compile(
    _PREFIX
    + r"(?P<n>\d{1,2}(?:[.．]\d{1,2}){1,4})[.．]?"
    + r"(?![\d.．%％‰]|[ \u3000]*(?:[亿万千百]|个?百分点|元|倍|米|公里|公顷|平方|立方|吨|亩|人|家|个|级|度|℃|版|GHz|[a-zA-Z]))"
    + _GAP
)
# "1 总则", "2　组织指挥体系": a short heading behind a bare number
_ARABIC_BARE = re.compile(_PREFIX + r"(?P<n>\d{1,2})[ \u3000\t]+(?=[\u4e00-\u9fff]{2,30}[ \u3000]*$)")

_UNITS = {
    "编": Style.PART,
    "分编": Style.SUBPART,
    "章": Style.CHAPTER,
    "节": Style.SECTION,
    "条": Style.ARTICLE,
}
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_DIGITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def number_of(numeral: str) -> int:
    """The value of a Chinese or Arabic numeral below ten thousand: 十二, 一百零三, 二〇, 12, １２."""
    if numeral.isdecimal():
        return int(numeral)
    if not any(char in _POWERS for char in numeral):
        return int("".join(str(_DIGITS[char]) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _POWERS:
            total += (digit or 1) * _POWERS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def numeral_of(number: int) -> str:
    """`number` (1 to 9999) in Chinese, as labels write it: 12 → 十二, 103 → 一百零三."""
    digits, result, pending_zero = str(number), "", False
    for place, char in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if char == "0":
            pending_zero = bool(result)
            continue
        result += "零" if pending_zero else ""
        result += "零一二三四五六七八九"[int(char)] + ("", "十", "百", "千")[place]
        pending_zero = False
    return result.removeprefix("一") if result.startswith("一十") else result


def find_label(line: str) -> Label | None:
    """The label at the beginning of `line`, behind list dashes and Markdown marks, if any."""
    for read in (_ordinal, _han, _han_paren, _decimal, _arabic, _arabic_paren, _half_paren, _symbol):
        label = read(line)
        if label is not None:
            return label
    return None


def find_bare_number(line: str) -> Label | None:
    """A heading behind a bare number ("1 总则"). Only papers numbered 1, 1.1, 1.1.1 use these."""
    match = _ARABIC_BARE.match(line)
    if match is None:
        return None
    number = int(match["n"])
    return Label(Style.ARABIC_BARE, (number,), str(number), match.start("n"), match.end())


def opens_clause(line: str) -> bool:
    """Whether `line` begins with a label, so that it must not be joined to the line above."""
    return find_label(line) is not None or find_bare_number(line) is not None


def _ordinal(line: str) -> Label | None:
    match = _ORDINAL.match(line)
    if match is None:
        return None
    number: tuple[int, ...] = (number_of(match["n"]),)
    sub = match["sub"] or ""
    if sub:
        number += (number_of(sub.removeprefix("之")),)
    text = f"第{_plain(match['n'])}{match['unit']}{sub}"
    return Label(_UNITS[match["unit"]], number, text, line.index("第"), match.end())


def _han(line: str) -> Label | None:
    match = _HAN_COMMA.match(line)
    if match is None:
        return None
    comma = match["mark"] == "、"
    text = match["n"] + ("、" if comma else "．")
    style = Style.HAN_COMMA if comma else Style.HAN_DOT
    return Label(style, (number_of(match["n"]),), text, match.start("n"), match.end())


def _han_paren(line: str) -> Label | None:
    match = _HAN_PAREN.match(line)
    if match is None:
        return None
    start = min(at for at in map(line.find, "（(〔") if at >= 0)
    return Label(Style.HAN_PAREN, (number_of(match["n"]),), f"（{match['n']}）", start, match.end())


def _decimal(line: str) -> Label | None:
    match = _DECIMAL.match(line)
    if match is None:
        return None
    number = tuple(int(part) for part in re.split(r"[.．]", match["n"]))
    return Label(Style.DECIMAL, number, ".".join(map(str, number)), match.start("n"), match.end())


def _arabic(line: str) -> Label | None:
    match = _ARABIC.match(line)
    if match is None:
        return None
    number = int(match["n"])
    comma = match["mark"] == "、"
    style = Style.ARABIC_COMMA if comma else Style.ARABIC_DOT
    return Label(style, (number,), f"{number}{'、' if comma else '．'}", match.start("n"), match.end())


def _arabic_paren(line: str) -> Label | None:
    match = _ARABIC_PAREN.match(line)
    if match is None:
        return None
    number = int(match["n"])
    start = min(at for at in map(line.find, "（(") if at >= 0)
    return Label(Style.ARABIC_PAREN, (number,), f"（{number}）", start, match.end())


def _half_paren(line: str) -> Label | None:
    match = _ARABIC_HALF_PAREN.match(line)
    if match is None:
        return None
    number = int(match["n"])
    return Label(Style.ARABIC_HALF_PAREN, (number,), f"{number}）", match.start("n"), match.end())


# First sign of each run of ready-made number signs, the style it stands for, its first number.
_SYMBOLS = (
    ("①", "⑳", Style.CIRCLED, 1),
    ("㉑", "㉟", Style.CIRCLED, 21),
    ("⑴", "⒇", Style.ARABIC_PAREN, 1),
    ("⒈", "⒛", Style.ARABIC_DOT, 1),
    ("㈠", "㈩", Style.HAN_PAREN, 1),
)


def _symbol(line: str) -> Label | None:
    match = _SYMBOL.match(line)
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
    return Label(style, (number,), forms[style], match.start("n"), match.end())


def _plain(numeral: str) -> str:
    """Full-width digits as plain ones; Chinese numerals as they are."""
    return str(int(numeral)) if numeral.isdecimal() else numeral
