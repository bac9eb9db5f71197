"""Finds the figures of a sentence that are time limits, or cuts of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from corpus.notation.days.periods import length_of, length_pattern
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.shares import SHARE, share_of

_TABLE = PhraseTable.read("corpus", "time_limits.tsv")
_INSIDE = "(?:之内|以内|内)"
_CUT, _AT_MOST = _TABLE.alternation("cut"), _TABLE.alternation("at_most")
_SHORT, _WORDS = "[^，,。；]{0,6}?", "[^，,。；]{0,12}?"
# "在30个工作日内", "1个月之内"
_WITHIN = re.compile(rf"{length_pattern('time')}(?P<bound>{_INSIDE})")
# "由60个工作日压缩至40个工作日", "压缩至25周以内", "控制在法定时限内的5日以内"
_CUT_TO = re.compile(
    rf"(?:[由从]{_SHORT}{length_pattern('old')}{_WORDS})?(?:{_CUT}){_SHORT}[至到为在]{_SHORT}{length_pattern('time')}"
    rf"(?P<bound>{_INSIDE})?"
)
# "审批时限不超过5个工作日", "办理时间最长3日"
_LIMITED = re.compile(
    rf"{_TABLE.alternation('takes_time')}{_WORDS}(?P<bound>{_AT_MOST}){{1,2}}{length_pattern('time')}(?:{_INSIDE})?"
)
# "从申请到拨付不超过20个工作日": working days measure the work itself
_AT_MOST_DAYS = re.compile(rf"(?P<bound>不得?超过|最长(?:不超过)?|最多(?:不超过)?){length_pattern('time')}")
_DAYS = ("工作日", "工作天")
# "3个工作日办结", "5日完成检测"
_DONE = re.compile(
    rf"{length_pattern('time')}(?=即?可?(?:领取|取证|领证|办成|办结|办理完毕|完成|办好|办毕|[作做]出|核发|签发|予以|出证|出具|答复|反馈|审结|到账|拨付))"
)
# "平均压缩50%", "缩减50个工作日", "提速三分之一"
_CUT_BY = re.compile(
    rf"(?P<bound>(?:{_TABLE.alternation('adverb')})?(?:{_CUT}))了?(?:{_TABLE.alternation('adverb')})?(?:不低于|不少于|超过|约)?"
    rf"\s*(?:{SHARE}|{length_pattern('time')})(?!的)"
)
_FASTER = "提速"  # of nothing but time
_NOT_BEFORE = re.compile(rf"(?:{_TABLE.alternation('not_before')})[的]?\s*$")
_NOT_BEHIND = re.compile(rf"\s*(?:{_TABLE.alternation('not_behind')})")
_REACH = 60  # characters behind a limit that are searched for what is done
_LOOK_BACK = 12  # characters before it that are searched for words that make it something else
# "对…的", "凡…的企业，": a condition, whose figures limit who gets something
_CONDITION = re.compile(r"(?:对|凡|如|若|给予)[^，,]*$")
_ENDS_CONDITION = re.compile(
    r"^[^，,。；]{0,60}?的(?:[^，,。；的]{0,8}(?:企业|单位|机构|项目|平台|个人|人员|产品|主体))?(?:[，,]|$)"
)
_OPENS_DOING = re.compile(rf"[，,\s]*(?:{_TABLE.alternation('done_behind')})")
# Characters between the time and what is done
_NEAR, _NEAR_LONG = 16, 4
# "3年内注册地迁出的，": whom it happens to
_ENDS_DESCRIBED = re.compile("[^，,。；]{1,40}的(?:[，,]|$)")
_LONG = frozenset({"年", "季度"})  # rarely a limit: only with 完成 and the like


@dataclass(frozen=True, slots=True)
class Figure:
    """A limit or a cut, as offsets of the sentence."""

    start: int
    end: int
    number: Span
    value: Decimal
    unit: str
    is_cut: bool = False
    is_within: bool = False  # 在30日内完成, as opposed to 时限压缩至30日
    bound_span: Span | None = None
    before: Span | None = None
    before_value: Decimal = Decimal(0)
    unit_before: str = ""


def figures_in(text: str) -> list[Figure]:
    """Returns the figures in reading order. Takes time linear in the length of the text."""
    found: list[Figure] = []
    taken = bytearray(len(text))
    for read in _READERS:
        for figure in read(text):
            if not any(taken[figure.number.start : figure.number.end]):
                taken[figure.start : figure.end] = b"\x01" * (figure.end - figure.start)
                found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def _within(text: str) -> Iterator[Figure]:
    for match in _WITHIN.finditer(text):
        behind = text[match.end() : match.end() + _REACH]
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if _NOT_BEFORE.search(before) or _NOT_BEHIND.match(behind) or not _is_done(match, behind):
            continue
        if _is_condition(text, match.start(), match.end()) or _ENDS_DESCRIBED.match(behind):
            continue
        yield from _limit(match, is_within=True)


def _is_done(match: re.Match[str], behind: str) -> bool:
    done = _TABLE.spans("done", behind)
    if not done or _TABLE.has("prevents", behind[: done[0].end]):
        return False
    if match["time_unit"] in _LONG and _TABLE.has("pays", behind[: done[0].end]):
        return False
    begins = _OPENS_DOING.match(behind) is not None
    near = _NEAR_LONG if match["time_unit"] in _LONG else _REACH if begins else _NEAR
    return done[0].start <= near


def _is_condition(text: str, start: int, end: int) -> bool:
    """Whether the figure stands in words such as 对两年内完成…的企业."""
    opening = _CONDITION.search(text[max(0, start - _REACH) : start])
    return opening is not None and _ENDS_CONDITION.match(text[end : end + 2 * _REACH]) is not None


def _cut_to(text: str) -> Iterator[Figure]:
    for match in _CUT_TO.finditer(text):
        if _takes_time(text, match):
            yield from _limit(match)


def _limited(text: str) -> Iterator[Figure]:
    for match in _LIMITED.finditer(text):
        yield from _limit(match, start="bound")
    for match in _AT_MOST_DAYS.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if match["time_unit"].endswith(_DAYS) and not _TABLE.has("other_time", before):
            yield from _limit(match, start="bound")


def _done(text: str) -> Iterator[Figure]:
    for match in _DONE.finditer(text):
        before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
        if match["time_unit"] not in _LONG and not _NOT_BEFORE.search(before):
            yield from _limit(match, is_within=True)


def _cut_by(text: str) -> Iterator[Figure]:
    for match in _CUT_BY.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start("bound")]
        if not _TABLE.has("time_noun", re.split("[，,、]", before)[-1]) and _FASTER not in match["bound"]:
            continue
        bound = Span(*match.span("bound"))
        if match["share"]:
            value = share_of(match["share"])
            unit, number = "%", Span(*match.span("share"))
        else:
            length = length_of(match["time_number"], match["time_unit"])
            value = length.value if length else None
            unit, number = length.unit if length else "", Span(*match.span("time"))
        if value is not None:
            yield Figure(match.start(), match.end(), number, value, unit, is_cut=True, bound_span=bound)


def _takes_time(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _REACH) : match.start()]
    in_days = match["time_unit"].endswith(_DAYS)
    return in_days or _TABLE.has("time_noun", before) or _TABLE.has("procedure", before)


def _limit(match: re.Match[str], *, is_within: bool = False, start: str | None = None) -> Iterator[Figure]:
    length = length_of(match["time_number"], match["time_unit"])
    if length is None:
        return
    groups = match.groupdict()
    bound = Span(*match.span("bound")) if groups.get("bound") else None
    old = length_of(match["old_number"], match["old_unit"]) if groups.get("old") else None
    begin = match.start("time") if is_within else match.start(start) if start else match.start()
    figure = Figure(
        begin,
        match.end(),
        Span(*match.span("time")),
        length.value,
        length.unit,
        is_within=is_within,
        bound_span=bound,
    )
    if old is None:
        yield figure
    else:
        yield Figure(
            begin,
            match.end(),
            figure.number,
            length.value,
            length.unit,
            bound_span=bound,
            before=Span(*match.span("old")),
            before_value=old.value,
            unit_before=old.unit,
        )


_READERS: tuple[Callable[[str], Iterator[Figure]], ...] = (_cut_to, _limited, _within, _done, _cut_by)
