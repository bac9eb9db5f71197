"""Finds and normalises names of papers in running text: 湘政办发〔2026〕15号, 《民法典》, 依照药品管理法."""

from __future__ import annotations

import re

from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import DocNumber, coded_numbers
from corpus.notation.phrase_table import PhraseTable

# "《民法典》"
TITLE = re.compile(r"《(?P<title>[^《》]{2,80})》")
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_HAN_BEFORE = re.compile(rf"[{HAN}]+\Z")
_LONGEST_BARE = 16  # characters of a name without 《》; longer names are always written with them
_UNTITLED = "无标题文件"
_FIRST_WORDS = 20  # characters that stand for a missing title
_NOT_TEXT = re.compile(r"[\W_]+")
_CODE = 3  # last characters of the issuer's code by which numbers are looked up: 政办发 of 湘政办发


def name_of_untitled(words: str) -> str:
    """The name of a paper that states no title, made of its first words."""
    return f"{_UNTITLED}（{words[:_FIRST_WORDS]}…）"


def is_untitled(title: str) -> bool:
    """Whether a title is what `name_of_untitled` made."""
    return title.startswith(_UNTITLED + "（")


def in_title_marks(title: str) -> str:
    """《title》, with 〈〉 for marks of a title inside it; as it is for a paper that states no title."""
    if is_untitled(title):
        return title
    return "《" + title.replace("《", "〈").replace("》", "〉") + "》"


def key_of(text: str) -> str:
    """The key by which names are compared: without case, white space and punctuation."""
    return _NOT_TEXT.sub("", text).casefold()


def number_keys(number: DocNumber) -> tuple[str, ...]:
    """The values of `number_key` that the papers meant by a number in a question can have.

    Papers of other issuers have them too; `means` compares the whole numbers.
    """
    return tuple(dict.fromkeys(_number_key(number.code[-n:], number) for n in range(1, _CODE + 1)))


def number_key(number: str) -> str:
    """The key of a paper's own number; empty if the number has no year in brackets."""
    found = next(coded_numbers(number), None)
    return _number_key(found.code[-_CODE:], found) if found is not None else ""


def means(asked: DocNumber, own: str) -> bool:
    """Whether a number in a question means the paper with the number `own`.

    The codes may differ in words before the one (请问湘政办发〔2023〕1号) or in a region that the other
    leaves out (政办发〔2023〕1号), but 湘政办发〔2023〕1号 is not 粤政办发〔2023〕1号.
    """
    found = next(coded_numbers(own), None)
    if found is None or found.year_and_serial != asked.year_and_serial:
        return False
    return _is_one_code(asked.code, found.code)


def cited_number_key(number: DocNumber) -> str:
    """An ending of the keys that `names_in` returns for a number; `cites` compares the whole keys."""
    return key_of(number.code[-_CODE:]) + _cited_serial(number)


def cites(name: str, number: DocNumber) -> bool:
    """Whether a key that `names_in` returned is that of the number."""
    serial = _cited_serial(number)
    return name.endswith(serial) and _is_one_code(key_of(number.code), name.removesuffix(serial))


def _is_one_code(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _cited_serial(number: DocNumber) -> str:
    year, serial = number.year_and_serial
    return key_of(f"{year}{serial}号")


def _number_key(code: str, number: DocNumber) -> str:
    year, serial = number.year_and_serial
    return f"{code}{year}-{serial}"


def names_in(text: str) -> set[str]:
    """The keys of all names of papers in `text`: numbers, titles in 《》, and possible titles without 《》.

    Look names up by their ending: the key 依照药品管理法 names 药品管理法.
    """
    names = {key_of(number.code) + _cited_serial(number) for number in coded_numbers(text)}
    names |= {key_of(match["title"]) for match in TITLE.finditer(text)}
    # 依照药品管理法的规定: a possible name without 《》 ends at 药品管理法
    for ending in _TITLES.spans("bare_name", text):
        run = _HAN_BEFORE.search(text[max(0, ending.end - _LONGEST_BARE) : ending.end])
        names |= {run[0]} if run else set()
    return names - {""}
