"""Recognises ends of sentences, and lines that begin a block and cannot continue the line above."""

from __future__ import annotations

import re

from corpus.notation.labels.reading import opens_clause
from corpus.notation.numerals import HAN_DIGITS, TO_99
from corpus.notation.phrase_table import PhraseTable

# "…提出以下意见。", "…：", "…（见附件）。”"
_END = re.compile(r"[。！？；：…!?;:][”’』」）)\]】》]*$")
# "…。（省药品监管局牵头负责）", "…参与］": a bracket after the last sentence of a paragraph
_BRACKET_END = re.compile(r"[。！？；][（(〔［\[][^。！？；\n]*[）)〕］\]]$")
_LATIN_END = re.compile(r"[A-Za-z0-9)\]%][.]['\")\]]*$")
# "2024年10月8日", "二〇〇五年六月十一日", "2022 年3月10日"
_DATE = re.compile(
    rf"(?:\d{{4}}|[{HAN_DIGITS}○]{{4}})\s*年\s*(?:\d{{1,2}}|[{TO_99}]{{1,3}})\s*月\s*"
    rf"(?:(?:\d{{1,2}}|[{TO_99}]{{1,3}})\s*日)?(?:印发|发布|通过)?"
)
_PARTS = PhraseTable.read("corpus", "paper_parts.tsv")
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
# Openings of the blocks around the body: "附件：…", "抄送：…", "（此件公开发布）", "（责任单位：…）"
_BLOCK = re.compile(
    r"附\s*[件表图则录](?:\s*\d|[：:]|$)|附[：:]|抄\s*送|抄\s*报|主题词|主送|公开方式"
    rf"|[（(]\s*{_PARTS.alternation('bracketed_note')}|[（(]\s*(?:责任|牵头|配合|参与)(?:单位|部门)|注\s*[：:]|备注[：:]"
    rf"|[（(]{_TITLES.alternation('bracketed_mark')}[）)]$|发布(?:日期|时间)[：:]|来源[：:]"
)
_OPENING, _CLOSING = "（([《〔【“「", "）)]》〕】”」"


def ends_sentence(text: str) -> bool:
    """Whether the line can be the end of a paragraph."""
    return bool(_END.search(text) or _BRACKET_END.search(text) or _LATIN_END.search(text))


def begins_block(text: str) -> bool:
    """Whether the line begins a block: a clause, a date, 附件, 抄送."""
    return opens_clause(text) or bool(_DATE.fullmatch(text) or _BLOCK.match(text))


def open_brackets(text: str) -> int:
    """Number of brackets and quotation marks open at the end of the text."""
    depth = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING and depth:
            depth -= 1
    return depth


def closes_more(text: str) -> bool:
    """Whether the text closes a bracket that it does not open."""
    depth = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
            if depth < 0:
                return True
    return False
