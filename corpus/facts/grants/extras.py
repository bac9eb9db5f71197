"""Reads what stands beside a sum: for each what it is paid, how often, and where it is written instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.facts.grants.words import GIVING
from corpus.facts.model import Frequency, Recurrence
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.numerals import decimal_of

_UNIT = "[个家户人名项笔件台年月天日亩次种款场辆条例张套篇门]"
# "每个平台每年", "单个支持项目", "每人每天", "同一企业", "单一金融机构": up to words of giving, or the end
_PER = re.compile(
    rf"(?:(?:每(?![新增满超提])|单一|单(?!位)|同一|各)(?:一?{_UNIT})?[^\s，,。每]{{0,12}}?"
    r"(?=每|最[高多低]|分别|统筹|安排|担保(?=金额|余额|额度|贷款)|年(?:度|贴|补|累|奖)|不[超低高]|给予|予以|奖励|奖补|补助|补贴|资助|贴息|[当累]|一次|总|年度|按|可|支持(?![项企])|享受|在保|额"
    r"|的|上限|限额|合计|再|[0-9]|\Z))+"
)
# "/亩", "/人·月" behind a figure
_BEHIND = re.compile(
    r"\s*([/／](?:[^\\W\\d_的标给补奖]{1,3})(?:[/／·•][^\\W\\d_的标给补奖])?)(?=[的标给予补奖，,、。]|\Z|[^一-龥])"
)
_YEARS = re.compile(
    r"(?:连续|最[长多]|为期|期限?(?:最长)?(?:不超过|为)?|分|共|不超过)[^，,。0-9一二三四五六七八九十两]{0,12}"
    r"([0-9]{1,3}|[一二三四五六七八九十两]{1,3})\s*(年|个月)"
)
# "前三年", "三年内", "四年有效周期内"
_WITHIN = re.compile(
    r"(?:前([0-9]{1,2}|[一二三四五六七八九十两]{1,3})(年|个月)|([0-9]{1,2}|[一二三四五六七八九十两]{1,3})(年|个月)[^，,。]{0,5}内)"
)


_FIGURE = re.compile("[0-9０-９][^号]{0,8}[元％%:：]")  # 按每人1000元标准: the sum itself


def per_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Returns the offsets of 每个项目 and the like, the last in text[start:end]."""
    last = None
    for match in _PER.finditer(text, start, end):
        if len(match[0]) > 1:
            last = match.span()
    return last


def per_behind(text: str, end: int) -> tuple[int, int] | None:
    """Returns the offsets of /亩 right behind a figure."""
    found = _BEHIND.match(text, end)
    return found.span(1) if found else None


def frequencies(sentence: Sentence, start: int, end: int) -> tuple[Frequency, ...]:
    """Returns how often the benefit in these offsets of the sentence is given, in order."""
    text = sentence.text[start:end]
    found = [
        Frequency(sentence.place(start + span.start, start + span.end), Recurrence.YEARLY)
        for span in GIVING.spans("yearly", text)
    ]
    found += _periods(sentence, start, text)
    if not found:
        for span in GIVING.spans("once", text)[:1]:
            found.append(Frequency(sentence.place(start + span.start, start + span.end), Recurrence.ONCE))
    return tuple(sorted(found, key=lambda one: one.span.start))


def _periods(sentence: Sentence, start: int, text: str) -> Iterator[Frequency]:
    found = [*_YEARS.finditer(text)] or [*_WITHIN.finditer(text)]
    for match in found:
        number, unit = (group for group in match.groups() if group)
        count = decimal_of(number)
        kind = Recurrence.YEARS if unit == "年" else Recurrence.MONTHS
        if count is not None:
            yield Frequency(sentence.place(start + match.start(), start + match.end()), kind, int(count))


def reference(sentence: Sentence, start: int, end: int) -> Span | None:
    """Returns 按规定, 参照该标准 and the like: where the sum is written instead."""
    text = sentence.text[start:end]
    for span in GIVING.spans("reference", text):
        if not _FIGURE.search(span.of(text)):
            return sentence.place(start + span.start, start + span.end)
    return None
