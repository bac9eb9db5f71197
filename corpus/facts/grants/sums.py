"""Turns the figures of a block into the sums and rates of its facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus.facts.grants.blocks import Block
from corpus.facts.grants.extras import per_before, per_behind
from corpus.facts.grants.figures.bounds import BoundRead, bound_of
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.figures.quantities import Quantity
from corpus.facts.grants.figures.uses import Run
from corpus.facts.grants.parts import Part
from corpus.facts.model import Amount, Bound, Rate, Role
from corpus.facts.sentences import Sentence
from corpus.model import Span

_ROLES = {Use.LINE: Role.LINE, Use.POOL: Role.POOL}
# "按(照)(不超过)实际投资额的", "给予实际采购费用", "补贴标准为减免租金的"
_BASE = re.compile(
    r"(?:按照?|按其|给予|予以|标准[为是]?|返还其?|补贴|奖励|补助|对|参照|以|可享受|享受)(?P<base>[^，,。；按]{2,40}?)(?:的)?\Z"
)
_NO_BASE = re.compile(
    r"(?:标准[为是]?|不[超高低少][过于]|最[高低多]|一次性|分别|每[年人家个户]|企业|给予|予以|奖励|补助|各|再|其|的)+"
)
_SHORTEST_BASE = 2
_NO_BASIS = re.compile("提高|比例|承担|给予")
_PER_FAR, _BASE_FAR = 40, 60  # characters before a figure
_SOME_SHARE = re.compile(r"一定比例|适当比例")


@dataclass(frozen=True, slots=True)
class Sums:
    """What the facts of a block say of money; one of `rates` and `amounts` may be a list over classes."""

    rates: tuple[Rate, ...]
    amounts: tuple[Amount, ...]
    caps: tuple[tuple[Amount, ...], ...]  # each one sum, or one for each class
    figures: Run | None  # the list that classes belong to, else the first figure
    part: Part | None  # in which it stands


def sums_of(sentence: Sentence, block: Block) -> Sums:
    """Reads the figures of the block: gifts from its main segments, upper limits from all."""
    rates: tuple[Rate, ...] = ()
    amounts: tuple[Amount, ...] = ()
    caps: list[tuple[Amount, ...]] = []
    longest: tuple[Run, Part] | None = None
    for part in [*block.main, *block.tail]:
        for run in part.runs:
            if run.use is Use.OTHER or (part.segment.bracketed and run.is_rate and amounts):
                continue
            if longest is None or len(run.quantities) > len(longest[0].quantities):
                longest = (run, part)
            if run.is_rate:
                rates = rates or _rates(sentence, part, run)
            elif not amounts and not rates:
                amounts = _amounts(sentence, part, run, _ROLES.get(run.use, Role.PAY))
            else:
                caps.append(_more(sentence, part, run, is_sure=part in block.tail or bool(rates)))
    if not rates and (share := _unstated(sentence, block)):
        rates = (share,)
        caps, amounts = [tuple(_as_cap(one) for one in amounts)] * bool(amounts) + caps, ()
    return Sums(rates, amounts, tuple(caps), *(longest or (None, None)))


def _more(sentence: Sentence, part: Part, run: Run, *, is_sure: bool) -> tuple[Amount, ...]:
    """Returns further sums: limits, unless they stand beside the first one without a word of limiting."""
    found = _amounts(sentence, part, run, Role.CAP)
    if is_sure or run.use is Use.LIMIT or all(one.bound is Bound.MAX for one in found):
        return found
    return tuple(replace(one, role=Role.PAY) for one in found)


def _as_cap(amount: Amount) -> Amount:
    return replace(amount, role=Role.CAP)


def _amounts(sentence: Sentence, part: Part, run: Run, role: Role) -> tuple[Amount, ...]:
    found = []
    for one, bound, since in _bounded(part, run):
        found.append(
            Amount(
                span=sentence.place(one.start, one.end),
                value=one.value,
                unit=one.unit,
                bound=_bound(one, bound),
                role=role,
                upper=one.upper,
                bound_span=_place(sentence, part, (bound.start, bound.end)) if bound.end else None,
                per=_per(sentence, part, one, since, run),
            )
        )
    return tuple(found)


def _rates(sentence: Sentence, part: Part, run: Run) -> tuple[Rate, ...]:
    base = _base(sentence, part, run.start)
    return tuple(
        Rate(
            span=sentence.place(one.start, one.end),
            value=one.value,
            bound=_bound(one, bound),
            upper=one.upper,
            bound_span=_place(sentence, part, (bound.start, bound.end)) if bound.end else None,
            base=base,
        )
        for one, bound, _ in _bounded(part, run)
    )


def _bounded(part: Part, run: Run) -> list[tuple[Quantity, BoundRead, int]]:
    """Returns each figure with its bound; that of the first holds for those behind it without one."""
    text, begin = part.segment.text, part.segment.start
    since = max((other.end - begin for other in part.runs if other.end <= run.start), default=0)
    found: list[tuple[Quantity, BoundRead, int]] = []
    for one in run.quantities:
        bound = bound_of(text, one.start - begin, one.end - begin, since=since)
        if found and bound.bound is Bound.EXACT and found[0][1].start < found[0][0].start - begin:
            bound = found[0][1]
        found.append((one, bound, since))
        since = one.end - begin
    return found


def _bound(one: Quantity, read: BoundRead) -> Bound:
    return Bound.RANGE if one.upper is not None else read.bound


def _place(sentence: Sentence, part: Part, span: tuple[int, int]) -> Span:
    return sentence.place(part.segment.start + span[0], part.segment.start + span[1])


def _per(sentence: Sentence, part: Part, one: Quantity, since: int, run: Run) -> Span | None:
    text, begin = part.segment.text, part.segment.start
    behind = per_behind(text, one.end - begin)
    if behind:
        return _place(sentence, part, behind)
    figure = one.start - begin
    start = since if one is run.quantities[0] else max(0, figure - _PER_FAR)
    before = per_before(text, max(start, figure - _PER_FAR), figure)
    return _place(sentence, part, before) if before else None


def _base(sentence: Sentence, part: Part, figure: int) -> Span | None:
    text, begin = part.segment.text, part.segment.start
    before = max(0, figure - begin - _BASE_FAR)
    found = _BASE.search(text[before : figure - begin])
    if found is None:
        return None
    start, end = before + found.start("base"), before + found.end("base")
    while (skip := _NO_BASE.match(text, start, end)) and skip.end() > start:
        start = skip.end()
    tail = re.search(r"(?:的|不超过|不高于|最高|给予|予以)+\Z", text[start:end])
    end = start + tail.start() if tail else end
    if end - start < _SHORTEST_BASE or _NO_BASIS.search(text, start, end):
        return None
    return _place(sentence, part, (start, end))


def _unstated(sentence: Sentence, block: Block) -> Rate | None:
    for part in block.main:
        found = _SOME_SHARE.search(part.segment.text)
        if found:
            base = _base(sentence, part, part.segment.start + found.start())
            return Rate(_place(sentence, part, found.span()), None, Bound.UNSTATED, base=base)
    return None
