"""Decides which figures of a sentence are targets or duties."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.facts.kinds.parts import Parts
from corpus.facts.model import Bound, TargetKind
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import Quantity, quantities_in

_TABLE = PhraseTable.read("corpus", "targets.tsv")
MONEY = frozenset({"元", "美元", "万元", "万美元"})
SHARES = frozenset({"%", "个百分点", "个基点", "倍", "‰"})
_BEFORE = tuple(
    (bound, re.compile(rf"(?P<bound>{_TABLE.alternation(sense)})\s*$"))
    for sense, bound in (
        ("at_least", Bound.MIN),
        ("at_most", Bound.MAX),
        ("over", Bound.OVER),
        ("about", Bound.APPROX),
    )
)
_BEHIND = tuple(
    (bound, re.compile(rf"\s*(?P<bound>{_TABLE.alternation(sense)})"))
    for sense, bound in (
        ("at_least_behind", Bound.MIN),
        ("at_most_behind", Bound.MAX),
        ("about_behind", Bound.APPROX),
    )
)
_GROWS = re.compile(rf"{_TABLE.alternation('grows')}\s*$")
_REACHES = re.compile(_TABLE.alternation("reach"))
_EACH = re.compile(rf"{_TABLE.alternation('each')}[^，,]{{0,2}}$")
_WHOLE = re.compile(rf"\s*{_TABLE.alternation('whole')}")
_CONDITION = re.compile(rf"^{_TABLE.alternation('condition')}")
_DUTY_SHARE = re.compile(rf"^[^，,]{{0,8}}?{_TABLE.alternation('duty')}")
_OFTEN = re.compile(rf"{_TABLE.alternation('often')}[^，,]{{0,10}}$")
_OF_A_BASE = re.compile(r"[按照]")
_TIMES = frozenset({"次", "场", "期", "届"})
# "增长10%以上的企业", "超过20笔（含）的机构": what the figure belongs to must have it
_QUALIFIES = re.compile(r"[^，,的]{0,2}(?:以上|以下|左右)?(?:（含[^）]{0,8}）|\(含[^)]{0,8}\))?的")
_NO_COUNT = re.compile(rf"(?:[^，,]{{0,4}}?){_TABLE.alternation('no_count')}")
_QUOTED = re.compile(r"“[^”\n]{0,60}”|《[^》\n]{0,80}》")
_REACH = 100  # characters around a figure, in its part of the sentence, that decide what it is
_SHORT_PART = 30  # characters of an item of a list without a verb of its own
_NEAR = 8  # characters before a figure in which its bound and verb stand


@dataclass(frozen=True, slots=True)
class Aimed:
    """A figure that is a target or a duty, as offsets of the sentence."""

    quantity: Quantity
    kind: TargetKind
    bound: Bound
    bound_span: Span | None
    part: int  # number of the part it stands in
    start: int  # where the words before it begin: the last figure, or the beginning of the part
    end: int  # where the words behind it end: the next figure, or the end of the part


@dataclass(frozen=True, slots=True)
class _Around:
    """The words around a figure, within its part of the sentence."""

    before: str
    behind: str
    aims: bool  # a deadline or 力争 stands before it
    is_listed: bool  # continues the list of the part before
    is_alone: bool  # no other figure in the part


def aimed_in(parts: Parts, *, deadline: int | None) -> Iterator[Aimed]:
    """Yields the targets and duties of a sentence. `deadline`: the offset from which 到2027年 holds.

    Takes time linear in the length of the sentence.
    """
    text = parts.text
    known = [(one, parts.index(one.span.start)) for one in _counting(text)]
    in_part = Counter(number for _, number in known)
    promises = {number: not _gives(parts.spans[number].of(text)) for number in in_part}
    starts = [span.start for span in _TABLE.spans("aims", text)[:1]] + (
        [] if deadline is None else [deadline]
    )
    first_aim = min(starts, default=len(text))
    last_part = -2  # of the target before, whose verb holds for a list: 培育…1家，…3家
    for at, (quantity, number) in enumerate(known):
        part = parts.spans[number]
        end = known[at + 1][0].span.start if at + 1 < len(known) else len(text)
        around = _Around(
            before=text[max(part.start, quantity.span.start - _REACH) : quantity.span.start],
            behind=text[quantity.span.end : min(part.end, quantity.span.end + _REACH)],
            aims=first_aim <= quantity.span.start,
            is_listed=last_part == number - 1 and part.end - part.start <= _SHORT_PART,
            is_alone=in_part[number] == 1,
        )
        kind = _kind(around, quantity) if promises[number] else None
        if kind is not None:
            bound, span = _bound(text, quantity)
            start = max(part.start, known[at - 1][0].span.end if at else 0)
            yield Aimed(quantity, kind, bound, span, number, start, min(end, part.end))
            last_part = number


def _gives(part: str) -> bool:
    """Whether the figures of a part are money, or a condition of it."""
    return part.endswith("的") or _CONDITION.match(part) is not None or _TABLE.has("gives", part)


def _counting(text: str) -> Iterator[Quantity]:
    """The quantities without those in names (“三个一批”) and those that count nothing (一个, 4个方面)."""
    quoted = [Span(*match.span()) for match in _QUOTED.finditer(text)]
    starts = [span.start for span in quoted]
    for quantity in quantities_in(text):
        at = bisect_right(starts, quantity.span.start) - 1
        if at >= 0 and quantity.span.start < quoted[at].end:
            continue
        if quantity.is_article and _bound_before(text, quantity.span)[1] is None:
            continue
        if _NO_COUNT.match(text, quantity.span.end) is None:
            yield quantity


def _kind(around: _Around, quantity: Quantity) -> TargetKind | None:
    before, behind, aims = around.before, around.behind, around.aims
    if _TABLE.has("limit", before) or _EACH.search(before) or (not aims and _QUALIFIES.match(behind)):
        return None
    if _is_duty(before, behind, quantity):
        return TargetKind.DUTY
    grows = _GROWS.search(before[-_NEAR:]) is not None or any(
        pattern.search(before) for _, pattern in _BEFORE
    )
    if quantity.unit in SHARES:
        measured = _TABLE.has("share", before)
        return TargetKind.TARGET if (aims and (grows or measured)) or (measured and grows) else None
    reached = _REACHES.search(before) is not None or around.is_listed
    if quantity.unit not in MONEY:
        return TargetKind.TARGET if reached or (aims and grows) else None
    if quantity.is_vague:
        return TargetKind.TARGET if reached and around.is_alone else None
    return TargetKind.TARGET if aims and grows and not _WHOLE.match(behind) else None


def _is_duty(before: str, behind: str, quantity: Quantity) -> bool:
    """召开至少1次 in each quarter, 10% of the beds set aside."""
    if quantity.unit in SHARES:
        return _OF_A_BASE.search(before) is not None and _DUTY_SHARE.match(behind) is not None
    if quantity.unit in _TIMES:
        return _OFTEN.search(before) is not None and _TABLE.has("must", before)
    return False


def _bound(text: str, quantity: Quantity) -> tuple[Bound, Span | None]:
    if quantity.upper is not None:
        return Bound.RANGE, None
    for bound, pattern in _BEHIND:
        if match := pattern.match(text, quantity.span.end):
            return bound, Span(*match.span("bound"))
    bound, span = _bound_before(text, quantity.span)
    if span is not None:
        return bound, span
    return (Bound.APPROX if quantity.is_vague else Bound.EXACT), None


def _bound_before(text: str, figure: Span) -> tuple[Bound, Span | None]:
    start = max(0, figure.start - _NEAR)
    for bound, pattern in _BEFORE:
        if match := pattern.search(text, start, figure.start):
            return bound, Span(*match.span("bound"))
    return Bound.EXACT, None
