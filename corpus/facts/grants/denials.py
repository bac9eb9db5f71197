"""Recognises words that speak of a payment without promising it: 不再给予, 取消原…奖励, 例如."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.facts.grants.segments import Segment
from corpus.facts.grants.words import pattern

# "不得给予", "取消对企业", "停止执行原100万元奖励"
_DENIED: Final = pattern("denies")
_GAP = "[^，,。；的后後超高低少多0-9０-９]{0,4}?"
_WHAT: Final = pattern("gives", "money_form", before=f"{_GAP}(?:对|原|“|[0-9０-９]|", after=")")
# "原100万元奖励不再执行", "“…”的规定废止"
_DENIED_BEHIND: Final = pattern("denies", after=r"(?:执行|实施|发放|给予|享受|实行)?\Z")
# "不再享受原政策的企业": somebody is described
_DESCRIBES: Final = pattern("entity", before=r"的[^，,。的对]{0,14}?")
_BESIDES: Final = re.compile("除了?.{2,60}(?:之外|以外|外)\\Z")
_ILLUSTRATES: Final = pattern("illustrates", before=r"\A")


def is_denied(text: str) -> bool:
    """Whether the words of a segment deny or abolish the payment they name."""
    if _DENIED_BEHIND.search(text):
        return True
    described = max((noun.start() for noun in _DESCRIBES.finditer(text)), default=-1)
    # Behind a denial of a payment to somebody, a description belongs to what is denied.
    addressed = -1 if text.startswith("对") else text.rfind("对")
    for denied in _DENIED.finditer(text):
        what = _WHAT.match(text, denied.end())
        if what is not None and (addressed >= denied.end() or described < what.end()):
            return True
    return False


def is_set_aside(text: str) -> bool:
    """Whether a segment only names what is had besides: 除享受上级政策补助外."""
    return _BESIDES.match(text) is not None


def illustrations(segments: Sequence[Segment]) -> Iterator[bool]:
    """Yields for each segment whether it belongs to an example: 例如，甲企业投资1000万元，补助200万元.

    An example ends with its brackets, or with the sentence.
    """
    inside = bracketed = False
    for segment in segments:
        if _ILLUSTRATES.match(segment.text):
            inside, bracketed = True, segment.bracketed
        elif bracketed and not segment.bracketed:
            inside = bracketed = False
        yield inside
