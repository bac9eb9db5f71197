"""Groups the segments of a sentence by what is given: who and on what condition, what, and what limits it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from corpus.facts.grants.bounds import bound_of
from corpus.facts.grants.extras import per_before
from corpus.facts.grants.givers import recipient
from corpus.facts.grants.kinds import promised
from corpus.facts.grants.quantities import Quantity, quantities
from corpus.facts.grants.segments import Segment, segments
from corpus.facts.grants.uses import Run, Use, runs
from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.model import Bound, FactKind

_GIFTS = frozenset({Use.GIFT, Use.LINE, Use.POOL})
# What may stand before an upper limit besides words of giving: 每家企业补助总额最高不超过
_FILLER: Final = re.compile(
    r"[的且并但可为在对按年总额度金累计合同当及原则上其中标准单次所该每超过不资金比例补实际]|同一|一次性|年度|当年|实际|期限"
)
_WORDS: Final = pattern("gives", "money_form", "max_before", "interest_form")
_LONGEST_LABEL = 24  # characters of a class before its sum
_ENTRY_END = re.compile(r"(?:[/／]\S{1,4}|的?(?:奖励|补助|补贴|资助))?\Z")
_TWO = 2
_COLONS = ("：", ":")
_MONEYED = frozenset({FactKind.MONEY, FactKind.INTEREST})
# Words that state the sum of what was promised just before
_AT_ONCE = re.compile("(?:可?按|每|给予|一次性|具体|标准|补[助贴]|奖励)")
_AND_MORE: Final = pattern("money_form", before=r"[^，,。]{0,12}?(?P<form>", after=r")(?:和|及|以及|与|并)")
_MOST_LEFT = 3  # characters of an upper limit that none of these explains
# "可按每平方米不超过1000元的标准", before 给予补助
_BY_SCHEME: Final = re.compile(r"按.*(?:标准|比例|额度|%|％)\Z")
_AT_MOST: Final = re.compile(r"(?:且|但)?(?:最[高多]不?超?过?|不超过)")
_PAID: Final = re.compile(r"[^，,。]{0,8}(?:资金|经费)由")
_SCHEME: Final = re.compile(r"(?:标准|比例|额度|金额)(?:为|按|是|上限)")


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with its figures, and the kind of money it promises without one."""

    segment: Segment
    runs: tuple[Run, ...]
    promise: FactKind | None

    @property
    def gifts(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.use in _GIFTS)

    @property
    def limits(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.use is Use.LIMIT)


@dataclass(slots=True)
class Block:
    """What one giving consists of. `head` stands before it, `tail` behind."""

    head: list[Part]
    main: list[Part]
    tail: list[Part] = field(default_factory=list)
    inherits: bool = False  # its head is that of the block before

    @property
    def parts(self) -> list[Part]:
        return [*self.head, *self.main, *self.tail]

    @property
    def has_figure(self) -> bool:
        return any(part.gifts or part.limits for part in [*self.main, *self.tail])


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks of a sentence, and the segments behind the last that begin something else."""

    blocks: tuple[Block, ...]
    rest: tuple[Part, ...]


def parts_of(sentence: str) -> tuple[Part, ...]:
    """Returns the segments of the sentence with what their figures are for."""
    found = quantities(sentence)
    if GIVING.has("misuse", sentence):
        return tuple(Part(segment, (), None) for segment in segments(sentence))
    parts = [_part(sentence, segment, found) for segment in segments(sentence)]
    parts = [one for part in parts for one in _divided(sentence, part, found)]
    for place, (part, following) in enumerate(pairwise(parts)):
        if part.runs and (following.promise or following.gifts) and _BY_SCHEME.search(part.segment.text):
            parts[place] = replace(part, runs=tuple(_given(run) for run in part.runs))
    return tuple(parts)


def _part(sentence: str, segment: Segment, found: Sequence[Quantity]) -> Part:
    return Part(segment, runs(sentence, segment, found), promised(segment.text))


def _divided(sentence: str, part: Part, found: Sequence[Quantity]) -> list[Part]:
    """Returns the parts of a segment that gives two things: 100万元的研发补助和50万元的房租补贴."""
    gifts = [run for run in part.runs if run.use is Use.GIFT and not run.is_rate]
    if len(gifts) != _TWO:
        return [part]
    segment = part.segment
    between = _AND_MORE.match(segment.text, gifts[0].end - segment.start, gifts[1].start - segment.start)
    if between is None or not GIVING.has("money_form", segment.text[gifts[1].end - segment.start :]):
        return [part]
    middle = between.end("form")
    first = replace(segment, end=segment.start + middle, text=segment.text[:middle], mark="")
    second = replace(segment, start=segment.start + between.end(), text=segment.text[between.end() :])
    return [_part(sentence, first, found), _part(sentence, second, found)]


def _given(run: Run) -> Run:
    return run if run.use is not Use.LIMIT else replace(run, use=Use.GIFT)


def blocks_of(parts: Sequence[Part], *, given_above: bool) -> Reading:
    """Groups the segments. `given_above`: words of giving stand in a lead-in, so a bare sum is a gift."""
    blocks: list[Block] = []
    waiting: list[Part] = []
    for part in parts:
        current = blocks[-1] if blocks else None
        given_above = given_above or _announces(part)
        if current is not None and not waiting and _remarks(part):
            current.tail.append(part)
        elif current is not None and not waiting and _continues(part, current):
            (current.tail if current.has_figure or is_cap(part) else current.main).append(part)
        elif part.gifts or part.promise or _is_listed(part, current, given_above=given_above):
            if current is not None and _only_founds(current):
                waiting = [*blocks.pop().parts, *waiting]
            blocks.append(Block(waiting, [part], inherits=current is not None and not waiting))
            waiting = []
        elif current is not None and _belongs(part, waiting, current):
            current.tail += [*waiting, part]
            waiting = []
        else:
            waiting.append(part)
    return Reading(tuple(blocks), tuple(waiting))


def _remarks(part: Part) -> bool:
    """Whether a segment in brackets speaks of a share for others: 补助8000元（无公害农产品减半）."""
    return part.segment.bracketed and bool(part.gifts) and all(run.is_rate for run in part.gifts)


def _announces(part: Part) -> bool:
    """Whether a segment announces sums: 补助标准：国家级1000万元."""
    segment = part.segment
    return segment.mark in _COLONS and not part.gifts and GIVING.has("money_form", segment.text)


def _is_listed(part: Part, current: Block | None, *, given_above: bool) -> bool:
    if not part.limits:
        return False
    return given_above or (current is not None and _is_entry(part) and not is_cap(part))


def _only_founds(block: Block) -> bool:
    """Whether a block says only that a fund is set up, out of which something is given next."""
    return block.main[0].promise is FactKind.FUND and not block.has_figure


def _belongs(part: Part, waiting: Sequence[Part], current: Block) -> bool:
    """Whether a segment without a gift completes the block before it, with those that wait."""
    if not waiting:
        return _trails(part) or (bool(part.limits) and is_cap(part))
    if part.limits and is_cap(part):
        return True
    return bool(_PAID.match(part.segment.text)) and not any(
        one.segment.text.startswith("对") for one in waiting
    )


def _continues(part: Part, current: Block) -> bool:
    """Whether the segment limits the gift before it, or states the sum of it."""
    if (part.promise or part.gifts) and _BY_SCHEME.search(current.main[-1].segment.text):
        return True
    if not (part.gifts or part.limits):
        return False
    if _restates(part):
        return True
    if is_cap(part):
        return True
    if current.has_figure:
        return False
    text = part.segment.text
    if current.main[0].promise in _MONEYED and _AT_ONCE.match(text):
        return True
    return part.segment.bracketed or bool(_SCHEME.search(text) or _AT_MOST.match(text))


def _restates(part: Part) -> bool:
    """Whether a segment is a period and a sum, and nothing else: 每年4000元."""
    first = min(run.start for run in (*part.gifts, *part.limits)) - part.segment.start
    last = max(run.end for run in (*part.gifts, *part.limits)) - part.segment.start
    per = per_before(part.segment.text, 0, first)
    return (
        per == (0, first)
        and last == len(part.segment.text)
        and part.segment.text.startswith(("每年", "每月"))
    )


def _is_entry(part: Part) -> bool:
    """Whether a segment is one class and its sum: 联合收割机1000元/年."""
    run = part.limits[0]
    if run.is_rate or GIVING.has("measured", part.segment.text) or "计" in part.segment.text:
        return False
    behind = part.segment.text[run.end - part.segment.start :]
    before = run.start - part.segment.start
    return len(part.limits) == 1 and 1 < before <= _LONGEST_LABEL and bool(_ENTRY_END.match(behind))


def is_cap(part: Part) -> bool:
    """Whether a segment is nothing but an upper limit: 单个企业最高不超过100万元."""
    figures = [*part.gifts, *part.limits]
    if not figures or any(run.use in (Use.LINE, Use.POOL) for run in figures):
        return False
    text, first = part.segment.text, min(run.start for run in figures) - part.segment.start
    last = max(run.end for run in figures) - part.segment.start
    if recipient(part.segment) is not None:
        return False
    if bound_of(text, first, last).bound is not Bound.MAX:
        return False
    return len(_unexplained(text, first)) <= _MOST_LEFT


def _unexplained(text: str, stop: int) -> str:
    per = per_before(text, 0, stop)
    left = text[: per[0]] + text[per[1] : stop] if per else text[:stop]
    return _FILLER.sub("", _WORDS.sub("", left))


_HEAD = re.compile(r"\A(?:对|凡|其中|同时|另|鼓励|支持|引导|推动|若|如)|的\Z")
_TRAILING = re.compile(
    r"\A(?:(?:所需|奖补|补助|补贴|奖励|上述|以上)?(?:资金|经费|费用)|由|从|连续|期限|贴息|补[贴助]期限?|奖励期限?|最[长多]|自|用于"
    r"|专项用于|分[期年批两三]|每年|逐年|并?在.{0,8}(?:分期)?兑现|补[贴助]标准|奖励标准)"
)


def _trails(part: Part) -> bool:
    """Whether a segment behind a gift belongs to it: 连续支持3年, 由财政列支."""
    text = part.segment.text
    return part.segment.bracketed or (not _HEAD.search(text) and bool(_TRAILING.match(text)))
