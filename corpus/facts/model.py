"""Model of a support fact: one thing that one class of beneficiary can get, one time limit, target or rule.

Every part of a fact that a reader sees is a span of the paper's text. Values beside a span (yuan, days)
are what the span says, for comparing and computing; they are never shown in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from corpus.model import Span

# Raised whenever the same text may give other facts than before, so that stored ones are made again.
EXTRACTOR = 2


class FactKind(StrEnum):
    """What a beneficiary gets, or what the paper fixes."""

    MONEY = "money"  # 奖励、补助、资助
    INTEREST = "interest"  # 贴息
    LOAN = "loan"
    GUARANTEE = "guarantee"
    EQUITY = "equity"
    FUND = "fund"
    TAX = "tax"
    FEE = "fee"  # 减免费用
    LAND = "land"
    HOUSING = "housing"
    TALENT = "talent"
    TIME_LIMIT = "time_limit"
    FAST_TRACK = "fast_track"
    PERMISSION = "permission"
    PROCUREMENT = "procurement"  # 首购、采购目录
    MARKET_ACCESS = "market_access"  # 入院、医保、挂网
    PRICE = "price"
    INSURANCE = "insurance"
    SERVICE = "service"
    PROJECT = "project"  # 立项、列入计划
    QUALIFICATION = "qualification"
    RECOGNITION = "recognition"
    SUPPORT = "support"  # 支持, without saying what with; 一事一议
    RULE = "rule"
    TARGET = "target"


class Strength(StrEnum):
    """How binding the promise is."""

    FIRM = "firm"
    DISCRETIONARY = "discretionary"  # 择优, 视情况
    ENCOURAGE = "encourage"  # 鼓励, 支持, 有条件的市
    AIM = "aim"  # 力争, 争取, 试点, 研究设立


class Bound(StrEnum):
    """How a figure limits a quantity."""

    EXACT = "exact"
    MAX = "max"  # 不超过, 最高, 以内
    MIN = "min"  # 不低于, 以上
    OVER = "over"  # 超, 突破
    APPROX = "approx"  # 左右, 约
    RANGE = "range"
    UNSTATED = "unstated"  # 一定比例


class Role(StrEnum):
    """What an amount of money is to the beneficiary."""

    PAY = "pay"  # what one gets
    CAP = "cap"  # upper limit of a rate, or of a sum
    TOTAL = "total"  # what all get together
    LINE = "line"  # credit, guarantee, stake: not a payment
    POOL = "pool"  # budget of a fund or a year


class Recurrence(StrEnum):
    """How often a benefit is given."""

    ONCE = "once"
    YEARLY = "yearly"
    YEARS = "years"
    MONTHS = "months"


class TargetKind(StrEnum):
    """Whether the figure is aimed at, or somebody must keep it."""

    TARGET = "target"
    DUTY = "duty"


class RuleKind(StrEnum):
    """What a rule does to the facts of its paper."""

    TOTAL_CAP = "total_cap"
    NO_STACK = "no_stack"  # 不重复享受
    STACK = "stack"
    SCOPE = "scope"
    VALIDITY = "validity"
    PROCEDURE = "procedure"
    COMMITMENT = "commitment"
    DEFINITION = "definition"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money, or an area. A range has its lower end in `value` and the other in `upper`."""

    span: Span
    value: Decimal  # in `unit`
    unit: str  # "元", "平方米"
    bound: Bound
    role: Role
    upper: Decimal | None = None
    bound_span: Span | None = None  # 不超过; may stand before the first sum of a 分别 list
    per: Span | None = None  # 每个项目, 单户, 每年


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a base: 按实际投资额的20%."""

    span: Span
    value: Decimal | None  # 0.2; None for 一定比例
    bound: Bound
    upper: Decimal | None = None
    bound_span: Span | None = None
    base: Span | None = None  # 实际投资额


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure that the beneficiary must reach: 年销售收入过5000万元."""

    span: Span
    value: Decimal
    unit: str
    comparison: str  # ">=", ">", "<=", "<", "="


@dataclass(frozen=True, slots=True)
class Frequency:
    span: Span
    kind: Recurrence
    count: int | None = None  # of years or months


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in the unit the paper uses: 工作日, 日, 周, 月, 年."""

    span: Span
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Within what time something is done. `period` is None where only a cut is stated (压缩50%)."""

    what: Span | None
    period: Period | None
    bound: Bound = Bound.MAX
    bound_span: Span | None = None
    before: Period | None = None  # the time it took before
    start: Span | None = None  # 自受理之日起


@dataclass(frozen=True, slots=True)
class Reduction:
    """By how much a time is cut: 压缩50% (value 0.5, unit %), 缩减50个工作日."""

    span: Span
    value: Decimal
    unit: str
    relative_to: Span | None = None  # 法定时限
    bound_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be reached: 到2027年培育企业15家以上."""

    indicator: Span
    span: Span
    value: Decimal
    unit: str
    bound: Bound
    kind: TargetKind
    upper: Decimal | None = None
    bound_span: Span | None = None
    deadline: Span | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over the facts of the paper; the days are those of a validity."""

    kind: RuleKind
    span: Span | None = None  # the words that make the rule, where a few do: 从优、就高、不重复
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Departments:
    """Units in charge. `lead` is empty where the paper names none as leading."""

    span: Span
    units: tuple[Span, ...]
    lead: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One support fact. Its spans lie in its clause, or in the lead-in of the clauses above."""

    id: str  # unique in the paper: id of the clause, kind, and its number among those: "（四）.money.2"
    document_id: str
    clause_id: str  # of the smallest clause that contains the quote
    kind: FactKind
    quote: Span
    strength: Strength = Strength.FIRM
    strength_span: Span | None = None
    form: Span | None = None  # the paper's own word: 奖补, 绿色通道
    beneficiaries: tuple[Span, ...] = ()
    conditions: tuple[Span, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    amounts: tuple[Amount, ...] = ()
    amount_reference: Span | None = None  # 按规定, 参照该标准: where the sum is written instead
    rate: Rate | None = None
    frequency: tuple[Frequency, ...] = ()
    source: Span | None = None  # of the money
    source_condition: Span | None = None  # of which beneficiaries this source pays for
    departments: Departments | None = None
    limit: TimeLimit | None = None
    reduction: Reduction | None = None
    must_act: Span | None = None  # who has the duty
    region: Span | None = None  # only where the clause itself limits or divides by place
    target: Target | None = None
    rule: Rule | None = None
    refers_to: tuple[Span, ...] = ()  # other papers and clauses
    is_whole: bool = False  # a list that could not be divided with certainty is kept in one fact

    @property
    def is_paid_without_sum(self) -> bool:
        """Whether money is promised and no sum or rate is written: 未写明金额."""
        return (
            self.kind is FactKind.MONEY
            and not self.amounts
            and (self.rate is None or self.rate.value is None)
        )

    def spans(self) -> Iterator[Span]:
        """Yields every span of the fact."""
        return _spans_in(self)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that promises, limits or counts something, by what it contains."""

    clause_id: str
    span: Span
    has_facts: bool


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """The facts of a paper in reading order, and the sentences they should come from."""

    document_id: str
    extractor: int  # value of EXTRACTOR that made them
    facts: tuple[Fact, ...]
    # Every sentence with an amount, a rate, a time limit or a word of giving; a fact was read from it or not.
    sentences: tuple[Checked, ...] = ()


def _spans_in(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _spans_in(part)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _spans_in(getattr(value, part.name))
