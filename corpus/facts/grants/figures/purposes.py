"""Says what a sum or rate is for: a gift, credit, a budget, or something else that a segment is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from corpus.facts.grants.figures.quantities import Quantity
from corpus.facts.grants.segments import HIDDEN
from corpus.facts.grants.words import GIVING, last_end, pattern


class Use(StrEnum):
    """What a figure is for."""

    GIFT = "gift"
    LINE = "line"  # credit, guarantee
    POOL = "pool"  # budget, size of a fund
    LIMIT = "limit"  # an upper limit without a word of giving beside it
    OTHER = "other"  # what the beneficiary must reach, a price, a target


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the segment of a figure says besides."""

    gives: bool
    is_basis: bool  # 在中央财政给予50%贴息的基础上


# Behind a figure, up to the word of giving: 的一次性, /亩的, 建设经费
_GIVEN = pattern("gives", "money_form", before=r"\A[^，,。]{0,14}?")
_TAIL = re.compile(
    rf"\A[{HIDDEN}]*(?:\s*[/／每][^\s，]{{1,4}})?[{HIDDEN}]*(?:及|或|含|（含）)*(?:以[上下内]|左右)?"
)
# "1亿元以上的给予200万元", "达到1亿元的奖励20万元": the first is what must be reached
_LIMITED = re.compile(
    rf"\A[{HIDDEN}]*(?P<mark>(?:[（(]不?含[^）)]{{0,10}}[）)]|[及或含])*(?:以[上下内]|左右)?(?:[（(]不?含[^）)]{{0,10}}[）)])?)的"
)
_MANNER = r"(?:一次性|分别|每[^，,。的]{1,3}|最[高多]|[再另各可按]){0,3}"
_THEN_GIVES = re.compile(rf"[，,]?{_MANNER}(?:给予|给与|予以|[^，,。的]{{0,12}}[0-9０-９][%％])")
_THEN_SUM: Final = pattern(
    "gives",
    "money_form",
    before=_MANNER,
    after=r"(?:金额|标准)?[为按]?(?:不超过|最高|每[^，,。的]{1,3})?[0-9０-９]",
)
_ENTITY: Final = pattern("entity")
_NOUN_BEHIND: Final = pattern("entity", before=r"\A(?:[^，,。]{0,10}?的)(?!标准|比例|额度|奖)[^，,。]{0,14}?")
_LINE: Final = pattern("line_after", before=r"\A(?:以上|以内|左右)?(?:[^，,。、]{0,8}?)")
_POOL: Final = pattern(
    "pool_noun", before=r"\A(?:以上|左右)?(?:的)?(?:[^，,。、]{0,20}?)", after=r"(?!补贴|补助|奖励)"
)
_SIZE = re.compile(r"(?:及|或|含|（含）)*以[上下内]")
# Behind credit, when the money is given for it: 300万元以上的贷款进行全额贴息
_HELPED = re.compile("利息|贴息|补贴|补助|奖励|费|机构|公司|企业")
_STEP = re.compile(r"每[满增新提超][^，,。]{0,12}\Z")
_RATE_OF = re.compile(r"(?:按照?|给予|予以|以|不超过|不高于|最高)[^，,。]{0,40}的?\s*\Z")
# "按…失业保险费50%的标准确定"
_BY_RATE, _SET = re.compile("按"), re.compile(r"的?(?:标准|比例)(?:确定|执行|核定|计算)")
# "由市、区财政各承担50%", "按各50%的比例分享"
_SHARED = re.compile("(?:承担|负担|分担|分享)[^，,。]{0,2}\\Z")
_SHARED_BEHIND = re.compile("的?(?:比例)?(?:承担|负担|分担|分享)")
# "享受的每年补助金额不超过": limits what is given elsewhere
_RECEIVED = re.compile(f"(?:享受|获得)[^，,。]{{0,10}}(?:额|资金|补助|奖励|补贴)[{HIDDEN}]+\\Z")
_REACHED = re.compile("(?:达到?|超过?|不低于|高于|过)\\Z")
# "对增长超过10%部分奖励50%"
_OVER = re.compile(r"(?:超过?|达到?|高于|低于|增长|[大小]于)\Z")
_LOWERED = ("下浮", "下调", "减按")
_CLOSE = 8  # characters between a rate and the word of giving behind it: 的标准给予
_SHARE = re.compile(r"(?:率|占比|比重|增[长幅速]|同比|持平|下降|提高|降低|上涨|超过总数的)[^，,。的]{0,8}\Z")
# "由原50%提高至70%": the second is what one gets
_RAISED_FROM = re.compile(r"(?:由|从)[^，,。]{0,24}\Z")
_RAISES = re.compile(r"\A的?(?:提高|上调|增加|上浮|调整|调高|降低|下调|调低|降)[至到为]")
_RAISED_TO = re.compile(r"(?:提高|上调|增加|上浮|调整|调高|降低|下调|调低|降)[至到为]\Z")
_PRICES: Final = ("guarantee_price", "loan_price", "fee_price")
# "担保费率降至1%", "租金按市场价的50%收取": what is paid for something is set
_PRICE: Final = pattern(*_PRICES, after=r"[^，,。的]{0,16}\Z")
_CHARGED: Final = pattern(
    *_PRICES, before=r"\A其?[^，,。]{0,16}?", after=r"[^，,。的]{0,2}按[^，,。]{0,12}\Z"
)
_COLLECTED = re.compile(r"\A(?:的(?:标准|比例))?(?:收取|征收|计收|计算|执行|缴纳)")
_WHOLE: Final = pattern("whole_share", before=r"\A", after=r"\Z")
_OWN_RATE = re.compile(r"(?:贴息|补[贴助]|资助|返还|奖[励补])比?率[^，,。]{0,6}\Z")  # 贴息率不超过2%
_SCHEME = re.compile(r"(?:比例|标准|额度|幅度)")


def use_of(first: Quantity, left: str, right: str, segment: Surroundings, *, rest: str, figure: str) -> Use:
    """Returns what a figure is for, by the words before it, up to the next figure, and in `rest`.

    `figure`: the words of the figure, which may give by themselves: 房租减半.
    """
    left = _without_bounds(left)
    is_raised = _RAISED_FROM.search(left) and _RAISES.match(right)
    if segment.is_basis or is_raised or _is_step(first, left, rest):
        return Use.OTHER
    if _RAISED_TO.search(left):
        return Use.GIFT if segment.gives or (first.is_rate and _is_price(left, right)) else Use.OTHER
    if _WHOLE.match(figure) and not _threshold_behind(right):
        return Use.GIFT
    if first.is_rate:
        return _use_of_rate(left, right, segment)
    if _STEP.search(left):
        return Use.OTHER
    if _is_pool(left, right):
        return Use.POOL
    if _is_line(left, rest):
        return Use.LINE
    if _RECEIVED.search(left):
        return Use.LIMIT
    gives = max(last_end("gives", left), last_end("money_form", left), _per_end(left))
    if _GIVEN.search(right) and not _threshold_behind(right):
        return Use.GIFT
    counts = _counted(left)
    if gives >= 0 and gives >= counts and not (counts >= 0 and _threshold_behind(right)):
        return Use.GIFT
    if counts >= 0 or _threshold_behind(right):
        return Use.OTHER
    return Use.LIMIT


def _is_step(first: Quantity, left: str, rest: str) -> bool:
    """Whether a figure describes those who get what is given behind it: 1亿元（含）以上的给予200万元."""
    limited = _LIMITED.match(rest)
    if limited is None or not (limited["mark"] or first.upper is not None or _counted(left) >= 0):
        return False
    gives = max(last_end("gives", left), last_end("money_form", left))
    if gives >= 0 and gives >= _counted(left):
        return False
    at_end = limited.end() == len(rest)
    return at_end or bool(_THEN_GIVES.match(rest, limited.end()) or _THEN_SUM.match(rest, limited.end()))


def _counted(left: str) -> int:
    """Where the last words end that say what a figure counts; 融资 in 融资企业 does not."""
    found = [span.end for span in GIVING.spans("measured", left) if not _ENTITY.match(left, span.end)]
    return max(found, default=-1)


def _is_price(left: str, right: str) -> bool:
    """Whether a rate is what one pays, and describes nobody: 担保费率降至1%以下."""
    tail = _TAIL.match(right)
    rest = right[tail.end() :] if tail else right
    return bool(_PRICE.search(left)) and not rest.startswith("的")


def _without_bounds(left: str) -> str:
    """The words with 不超过 and the like hidden, as 超过 alone describes somebody."""
    hidden = list(left)
    for sense in ("max_before", "min_before"):
        for span in GIVING.spans(sense, left):
            hidden[span.start : span.end] = HIDDEN * (span.end - span.start)
    return "".join(hidden)


def _threshold_behind(right: str) -> bool:
    """Whether the figure describes somebody: 5000万元以上的企业."""
    tail = _TAIL.match(right)
    rest = right[tail.end() :] if tail else right
    return bool(_NOUN_BEHIND.search(rest)) or (bool(tail and "以" in tail[0]) and rest in ("", "的"))


def _per_end(left: str) -> int:
    """Where 按每人, 每家 before a figure ends: 按每人500元标准."""
    found = re.search(r"按?每[人个家户名亩件项次月年天]\Z", left)
    return found.end() if found else -1


def _is_pool(left: str, right: str) -> bool:
    if _REACHED.search(left) and not _POOL.search(right):
        return False
    verb = last_end("pool_verb", left)
    return verb >= 0 and verb > last_end("gives", left) and bool(_POOL.search(right) or _pool_in(left))


def _pool_in(left: str) -> bool:
    return any(span.end > len(left) - 16 for span in GIVING.spans("pool_noun", left))


def _is_line(left: str, right: str) -> bool:
    if any(span.end > len(left) - 8 for span in GIVING.spans("line_before", left)):
        return last_end("gives", right) < 0 and not _SIZE.match(right) and not _threshold_behind(right)
    found = _LINE.search(right)
    return found is not None and not _HELPED.search(right, found.end())


def _use_of_rate(left: str, right: str, segment: Surroundings) -> Use:
    if left.endswith(_LOWERED) or (_BY_RATE.search(left) and _SET.match(right)):
        return Use.GIFT
    if _OWN_RATE.search(left) or (_CHARGED.search(left) and _COLLECTED.match(right)):
        return Use.GIFT
    if _is_share(left, right):
        return Use.OTHER
    gives = max(last_end("gives", left), last_end("money_form", left))
    if gives >= 0 or _GIVEN.search(right) or (_RATE_OF.search(left) and segment.gives):
        return Use.GIFT
    if right == "的":  # 裁员率不超过职工总数20%的
        return Use.OTHER
    limits = HIDDEN in left or not GIVING.has("measured", left) or _SCHEME.search(right[:_CLOSE])
    return Use.LIMIT if limits else Use.OTHER


def _is_share(left: str, right: str) -> bool:
    """Whether a rate describes somebody: 增长10%以上的企业."""
    if _OVER.search(left) or _STEP.search(left) or _SHARED.search(left) or _SHARED_BEHIND.match(right):
        return True
    if _SHARE.search(left) and not _GIVEN.search(right[:_CLOSE]):
        return True
    return _threshold_behind(right) and not _GIVEN.search(right)
