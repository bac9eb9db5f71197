"""Marks that an engine takes for their likes of another width or language, in lines of Chinese text.

Each character is replaced by one character, so that places in the line stay as they are.
"""

from __future__ import annotations

import re

from corpus.notation.characters import HAN, HAN_CHARACTER

_WIDE = str.maketrans("(),:;?![]<>", "（），：；？！〔〕〈〉")
_NARROW = re.compile(r"[(),:;?!\[\]<>]")
# "湘政办发[2026]15号", "〔2026]": GB/T 9704 prescribes 〔〕 for the year of a number
_YEAR = re.compile(r"[\[〔［【（(](?P<year>(?:19|20)\d\d)[\]〕］】）)](?=第?\d|$)")
# "]11号" at the beginning of a line, below "川政办〔2030"
_END_OF_YEAR = re.compile(r"^[\]］】](?=第?\d{1,5}号)")
# "HNPR一2026", "2024一2026年": the numeral one is not written between digits and Latin letters
_DASH = re.compile(r"(?<=[0-9A-Za-z])[一ー－−](?=[0-9A-Za-z])")
# "“随批随进’": a quotation ends with the mark that it begins with
_CLOSING = re.compile(r"(?<=“)(?P<quoted>[^“”‘’]*)[’'\"]")
# "预算总额.完善": a comma of which little is left
_STOP = re.compile(rf"(?<=[{HAN}])[.．](?=[{HAN}]|$)")
# What closes a bracket, and what an engine may take it for
_PAIRS = {"〔": "〕", "〈": "〉", "《": "》", "（": "）"}
_CLOSING_LIKE = {"〕": "]］】", "〉": ">＞", "》": "〉>＞", "）": ")"}
# "-1一", "一 12 -": the number of a page between two dashes
_PAGE_NUMBER = re.compile(r"[-—–－−一二ー_]{0,2}\s*\d{1,4}\s*[-—–－−一二ー_]{0,2}")


def is_page_number(text: str) -> bool:
    """Whether a line is only the number of the page."""
    return bool(_PAGE_NUMBER.fullmatch(text.strip()))


def with_chinese_marks(text: str) -> str:
    """The line with the marks that Chinese text has; of the same length."""
    if is_page_number(text):
        return re.sub(r"[-–－−一二ー_]", "—", text)
    text = _DASH.sub("—", text)
    text = with_year_brackets(text)
    if not HAN_CHARACTER.search(text):
        return text
    text = _CLOSING.sub(lambda match: f"{match['quoted']}”", text)
    text = _STOP.sub("，", text)
    text = _NARROW.sub(lambda match: _wide(text, match), text)
    return _with_pairs(text)


def with_year_brackets(text: str) -> str:
    """The line with the brackets of the year of a number, which have no narrow form."""
    text = _END_OF_YEAR.sub("〕", text)
    return _YEAR.sub(lambda match: f"〔{match['year']}〕", text)


def _with_pairs(text: str) -> str:
    """The line with brackets that close as they open: "〔2030]", "〈办法>"."""
    open_ones: list[str] = []
    shown = []
    for character in text:
        expected = open_ones[-1] if open_ones else ""
        if character in _PAIRS:
            open_ones.append(_PAIRS[character])
        elif expected and (character == expected or character in _CLOSING_LIKE[expected]):
            character = open_ones.pop()
        shown.append(character)
    return "".join(shown)


def _wide(text: str, match: re.Match[str]) -> str:
    """The wide form of a mark that touches a Chinese character or mark, or has no neighbour on one side."""
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if before.isdigit() and after.isdigit():  # "1,000", "10:30"
        return match[0]
    chinese = any(not side or _is_chinese(side) for side in (before, after))
    return match[0].translate(_WIDE) if chinese else match[0]


def _is_chinese(character: str) -> bool:
    return bool(HAN_CHARACTER.match(character)) or character in "，。、；：？！（）《》〈〉〔〕【】“”‘’…—"
