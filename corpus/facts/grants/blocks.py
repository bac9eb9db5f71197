"""Groups the segments of a sentence by what is given: who and on what condition, what, and what limits it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.facts.grants.caps import is_cap, is_entry, restates
from corpus.facts.grants.parts import Part, ends_with_scheme
from corpus.facts.grants.words import GIVING
from corpus.facts.model import FactKind

_COLONS = ("：", ":")
_MONEYED = frozenset({FactKind.MONEY, FactKind.INTEREST})
# Words that state the sum of what was promised just before
_AT_ONCE = re.compile("(?:可?按|每|给予|一次性|具体|标准|补[助贴]|奖励|[前第][一二三四五两0-9]{1,2}年)")
_AT_MOST: Final = re.compile(r"(?:且|但)?(?:最[高多]不?超?过?|不超过)")
_LIST = 2  # fewest members
_LIMIT: Final = re.compile(r"(?:不超过|最高|最多|不高于)\Z")
_PAID: Final = re.compile(r"[^，,。]{0,8}(?:资金|经费)由")
_SCHEME: Final = re.compile(r"(?:标准|比例|额度|金额)(?:为|按|是|上限)")
_THAT_IS: Final = re.compile("即|具体[为是]|其中|具体标准[为是]?|具体如下")
_HEAD = re.compile(r"\A(?:对|凡|其中|同时|另|鼓励|支持|引导|推动|若|如)|的\Z")
_TRAILING = re.compile(
    r"\A(?:(?:所需|奖补|补助|补贴|奖励|上述|以上)?(?:资金|经费|费用)|由|从|连续|期限|贴息|补[贴助]期限?|奖励期限?|最[长多]|自|用于"
    r"|专项用于|分[期年批两三]|每年|逐年|并?在.{0,8}(?:分期)?兑现|补[贴助]标准|奖励标准)"
)


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


def explained(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without a promise whose sums stand behind 即：, and its words before those of the sums.

    给予企业5年奖励，即：前2年奖励80%，后3年奖励50%，每年不超过100万元: the limit holds for both.
    """
    found = list(blocks)
    for place in range(len(found) - 1, 0, -1):
        promise, first = found[place - 1], found[place]
        if promise.has_figure or not first.head or not _THAT_IS.fullmatch(first.head[0].segment.text):
            continue
        first.head = [*promise.head, *first.head[1:]]
        first.inherits = promise.inherits
        rest = found[place + 1 :]
        limits = [part for part in (rest[-1].tail if rest else []) if is_cap(part)]
        for one in [first, *rest[:-1]]:
            one.tail += limits
        del found[place - 1]
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks of a sentence, and the segments behind the last that begin something else."""

    blocks: tuple[Block, ...]
    rest: tuple[Part, ...]


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
    return Reading(tuple(explained(blocks)), tuple(waiting))


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
    return given_above or (current is not None and is_entry(part) and not is_cap(part))


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
    if (part.promise or part.gifts) and ends_with_scheme(current.main[-1]):
        return True
    if not (part.gifts or part.limits):
        return False
    if restates(part) or is_cap(part) or _limits_each(part, current):
        return True
    if current.has_figure:
        return False
    text = part.segment.text
    if current.main[0].promise in _MONEYED and _AT_ONCE.match(text):
        return True
    return part.segment.bracketed or bool(_SCHEME.search(text) or _AT_MOST.match(text))


def _limits_each(part: Part, current: Block) -> bool:
    """Whether a segment limits a rate for each of a list: 赴省外、境外参展每个展位不超过8000元、15000元."""
    given = [run for one in [*current.main, *current.tail] for run in (*one.gifts, *one.limits)]
    figures = [*part.gifts, *part.limits]
    if len(figures) != 1 or len(figures[0].quantities) < _LIST or figures[0].is_rate:
        return False
    start = figures[0].start - part.segment.start
    return (
        bool(given) and all(run.is_rate for run in given) and bool(_LIMIT.search(part.segment.text[:start]))
    )


def _trails(part: Part) -> bool:
    """Whether a segment behind a gift belongs to it: 连续支持3年, 由财政列支."""
    text = part.segment.text
    return part.segment.bracketed or (not _HEAD.search(text) and bool(_TRAILING.match(text)))
