"""Tells which of the places that a question names it is about: 湖南, not 广州, in 从广州搬到湖南."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.mentions import Mention
from rag.question.parts import asking_spans

_PHRASES = PhraseTable.read("rag", "scope.tsv")
_BEFORE, _BEHIND = 12, 12  # characters around a place that tell whether somebody only comes from there
_JOINED = re.compile(r"^\s*(?:[、和与及跟同或/]|还是|以及|vs\.?|and|or)\s*$", re.IGNORECASE)


def _around(mention: Mention, others: Sequence[Mention]) -> list[Mention]:
    """Returns the last of `others` before the mention and the first after it; `others` are in text order."""
    at = bisect_left(others, mention.start, key=lambda other: other.start)
    return [*others[max(0, at - 1) : at], *others[at : at + 1]]


def _between(text: str, one: Mention, other: Mention) -> str:
    return text[min(one.end, other.end) : max(one.start, other.start)]


def side_by_side(text: str, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether only a conjunction separates the mention from one of `others`."""
    return any(_JOINED.match(_between(text, mention, other)) for other in _around(mention, others))


def subjects(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Returns the mentions that limit the question.

    A region that contains another named one (湖南省 with 益阳) is dropped, unless they are in one list, are
    compared, or are each asked about.
    """
    inside: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for parent in mention.division.parents:
            inside[parent].append(mention)
    if not inside:
        return list(mentions)
    compared, groups = _PHRASES.has("compared", text), _groups(text, mentions)
    listed: dict[str, set[int]] = {
        code: {groups[m.start][0] for m in inner} for code, inner in inside.items()
    }
    asked: dict[str, set[int]] = {code: {groups[m.start][1] for m in inner} for code, inner in inside.items()}

    def stays(mention: Mention) -> bool:
        code = mention.division.code
        if code not in inside:
            return True
        if any(not _between(text, mention, inner).strip() for inner in _around(mention, inside[code])):
            return False  # 湖南省益阳市
        in_list, in_part = groups[mention.start]
        return compared or in_list in listed[code] or asked[code] != {in_part}

    return [mention for mention in mentions if stays(mention)]


def _groups(text: str, mentions: Sequence[Mention]) -> dict[int, tuple[int, int]]:
    """Returns the list and the part of the question that each mention is in, as numbers, by its start.

    湖南、浙江和益阳 are one list.
    """
    asking = asking_spans(text)
    groups: dict[int, tuple[int, int]] = {}
    last: Mention | None = None
    number = 0
    for mention in mentions:
        if last is not None and not _JOINED.match(_between(text, last, mention)):
            number += 1
        groups[mention.start] = (number, part_of(mention, asking))
        last = mention
    return groups


def part_of(mention: Mention, asking: Sequence[Span]) -> int:
    """Returns which of the parts the mention begins in; what stands between two belongs to the first."""
    return bisect_right(asking, mention.start, key=lambda span: span.start)


def only_based(text: str, mention: Mention) -> bool:
    """Whether a place is only where somebody is, or comes from on the way to another: 从广州搬到."""
    before = text[max(0, mention.start - _BEFORE) : mention.start].rstrip()
    behind = text[mention.end : mention.end + _BEHIND]
    if _PHRASES.has("based", before):
        return True
    return _PHRASES.has("origin", before) and _PHRASES.has("moved", behind)
