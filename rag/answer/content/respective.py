"""Pairs what 分别 enumerates: 对甲、乙和丙，分别给予500万元、100万元、50万元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.model import Span
from index.terms.tokenize import terms

_RESPECTIVELY = "分别"
_PART = re.compile(r"[，,。；;：:（）()“”\n]")
_AND = re.compile(r"、|以及|[和及与]")
_CLEAR = 2  # terms that the question has of the item alone
_EDGE = 2  # characters that tell the first item from words before all, the last one from words behind all


def meant_of(sentence: str, places: Sequence[Span], *, question: str) -> int | None:
    """Returns which of the enumerated `places` the question is about; None where the sentence does not tell.

    The items are in the nearest part before 分别 that enumerates as many. One is meant when the question has
    words that it alone contains, and none of another. Of the first item the end must be named, of the last
    the beginning: in 对新建的省级、国家级平台 the words 新建 and 平台 belong to both.
    """
    if len(places) < 2 or not all(_AND.fullmatch(sentence[a.end : b.start]) for a, b in pairwise(places)):
        return None
    at = sentence.rfind(_RESPECTIVELY, 0, places[0].start)
    parts = (_AND.split(part) for part in reversed(_PART.split(sentence[: max(at, 0)])))
    items = next((found for found in parts if len(found) == len(places)), None)
    if items is None:
        return None
    words = [set(terms(item)) for item in items]
    asked = set(terms(question))
    alone = [asked & own.difference(*words[:i], *words[i + 1 :]) for i, own in enumerate(words)]
    named = [i for i, found in enumerate(alone) if found]
    if len(named) != 1 or len(alone[named[0]]) < _CLEAR:
        return None
    edges = {0: items[0][-_EDGE:], len(items) - 1: items[-1][:_EDGE]}
    return named[0] if edges.get(named[0], "") in question else None
