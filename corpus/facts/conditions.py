"""Reads what restricts a beneficiary: 新认定的, 首次获得批件的, 经审核的."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.facts.grants.segments import Segment

_LONGEST_NOUN = 24  # characters behind the last 的
_DESCRIBED = re.compile(rf"\A(.{{2,}})的[^的]{{1,{_LONGEST_NOUN}}}\Z", re.DOTALL)
_ALONE = re.compile(r"\A(.{2,})的\Z", re.DOTALL)
_AND = re.compile(r"[，,]\s*(?:并且?|且|同时)?|(?<=[^、，])(?:并且|且)")
# "新认定规模以上企业": without 的
_NEWLY = re.compile(
    r"\A(?:首[次个家]|新)(?:认定|获批|获得|引进|落户|注册|设立|评定|入选|通过|纳入|列入|上规|升规|增)"
)
_INTRODUCED = re.compile("对于?(?=..)|凡是?(?=..)")
_CONDITION = re.compile(
    r"\A(?:其中|且|并|但|若|如|凡)?(?:符合|经|通过|达到|完成|获得|属于|满足|实现|取得|在|年|首次|被|按期)"
)


def within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the offsets of the restrictions in the name of a beneficiary: those before its last 的."""
    words = text[start:end]
    found = _ALONE.match(words) or _DESCRIBED.match(words)
    if found is None:
        short = _NEWLY.match(words)
        if short:
            yield start, start + short.end()
        return
    begin = found.start(1)
    for joint in [*_AND.finditer(words, *found.span(1)), None]:
        stop = joint.start() if joint else found.end(1)
        if stop - begin > 1:
            yield start + begin, start + stop
        begin = joint.end() if joint else stop


def of_subject(parts: Sequence[Segment], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields what the beneficiary at start:end does, within its segment: 企业 | 采购服务的."""
    part = next((one for one in parts if one.start <= start and end <= one.end), None)
    stop = part.end - part.text.endswith("的") if part else end
    if stop - end > 2:
        yield end, stop


def behind(parts: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Yields the offsets of the segments that restrict: 符合条件的, 经认定後."""
    for part in parts:
        if part.text.endswith("的") and len(part.text) > 2:
            introduced = _INTRODUCED.match(part.text)
            yield part.start + (introduced.end() if introduced else 0), part.end - 1
        elif _CONDITION.match(part.text) or part.text.endswith(("後", "后")):
            yield part.start, part.end
