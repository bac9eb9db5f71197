"""Recognises segments that are nothing but a sum: an upper limit, a period's sum, a class with its sum."""

from __future__ import annotations

import re
from typing import Final

from corpus.facts.grants.extras import per_before
from corpus.facts.grants.figures.bounds import bound_of
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.givers import recipient
from corpus.facts.grants.parts import Part
from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.model import Bound

# What may stand before an upper limit besides words of giving: 每家企业补助总额最高不超过
_FILLER: Final = re.compile(
    r"[的且并但可为在对按年总额度金累计合同当及原则上其中标准单次所该每超过不资金比例补实际]|同一|一次性|年度|当年|实际|期限"
)
_WORDS: Final = pattern("gives", "money_form", "max_before", "min_before", "interest_form")
_LONGEST_LABEL = 24  # characters of a class before its sum
_ENTRY_END = re.compile(r"(?:[/／]\S{1,4}|的?(?:奖励|补助|补贴|资助))?\Z")
_MOST_LEFT = 3  # characters of an upper limit that none of these explains


def restates(part: Part) -> bool:
    """Whether a segment is a period and a sum, and nothing else: 每年4000元."""
    first = min(run.start for run in (*part.gifts, *part.limits)) - part.segment.start
    last = max(run.end for run in (*part.gifts, *part.limits)) - part.segment.start
    per = per_before(part.segment.text, 0, first)
    return (
        per == (0, first)
        and last == len(part.segment.text)
        and part.segment.text.startswith(("每年", "每月"))
    )


def is_entry(part: Part) -> bool:
    """Whether a segment is one class and its sum: 联合收割机1000元/年."""
    run = part.limits[0]
    if run.is_rate or GIVING.has("measured", part.segment.text) or "计" in part.segment.text:
        return False
    behind = part.segment.text[run.end - part.segment.start :]
    before = run.start - part.segment.start
    return len(part.limits) == 1 and 1 < before <= _LONGEST_LABEL and bool(_ENTRY_END.match(behind))


def is_cap(part: Part) -> bool:
    """Whether a segment is nothing but a limit: 单个企业最高不超过100万元, 最低10万元."""
    figures = [*part.gifts, *part.limits]
    if not figures or any(run.use in (Use.LINE, Use.POOL) for run in figures):
        return False
    text, first = part.segment.text, min(run.start for run in figures) - part.segment.start
    last = max(run.end for run in figures) - part.segment.start
    if recipient(part.segment) is not None:
        return False
    bound = bound_of(text, first, last)
    if bound.bound is Bound.MIN and bound.start < first:  # 最低10万元, 不低于10万元
        return not _unexplained(text, first)
    return bound.bound is Bound.MAX and len(_unexplained(text, first)) <= _MOST_LEFT


def _unexplained(text: str, stop: int) -> str:
    per = per_before(text, 0, stop)
    left = text[: per[0]] + text[per[1] : stop] if per else text[:stop]
    return _FILLER.sub("", _WORDS.sub("", left))
