"""Support facts as the rows of a table, one fact a row, in the words of their papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from api.exports.csv_file import as_csv
from api.exports.workbook import Cell, Column, as_xlsx
from api.pages.fact_words import CHINESE as FACT_WORDS
from api.pages.links import quote_link
from api.pages.words import words_for
from corpus.facts.model import Amount, Fact, Role
from corpus.model import Span
from rag.facts.found import FoundFact

SHEET = "扶持事项"
_BETWEEN = "；"
_NO_SUM = "未写明金额"
_YUAN = "元"
_STATUSES = words_for("zh").statuses

COLUMNS = (
    Column("类别", 10),
    Column("扶持对象", 30),
    Column("条件", 36),
    Column("支持方式", 12),
    Column("金额（原文）", 20),
    Column("金额（元）", 14),
    Column("至（元）", 14),
    Column("金额性质", 10),
    Column("封顶（元）", 14),
    Column("比例（原文）", 12),
    Column("比例", 8),
    Column("计算基数", 20),
    Column("频次", 12),
    Column("时限与目标（原文）", 24),
    Column("力度", 12),
    Column("责任单位", 24),
    Column("牵头单位", 16),
    Column("地区限制", 14),
    Column("原文", 60),
    Column("文件", 36),
    Column("发文字号", 20),
    Column("发文机关", 20),
    Column("地区", 14),
    Column("状态", 10),
    Column("施行日期", 12),
    Column("有效期至", 12),
    Column("条款", 14),
    Column("链接", 40),
    Column("编辑更正", 16),
)


def facts_csv(found: Iterable[FoundFact], *, address: str) -> str:
    """The facts as CSV. `address` is that of the service; without it there are no links."""
    rows = ([_text(cell) for cell in row] for row in _rows(found, address))
    return as_csv([column.title for column in COLUMNS], rows)


def facts_xlsx(found: Iterable[FoundFact], *, address: str, day: date) -> bytes:
    """The facts as a workbook of the date `day`."""
    return as_xlsx(SHEET, COLUMNS, _rows(found, address), day=day)


def _text(cell: Cell) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else cell or ""


def _rows(found: Iterable[FoundFact], address: str) -> Iterator[Sequence[Cell]]:
    return ((*_what(one), *_of_paper(one, address)) for one in found)


def _what(found: FoundFact) -> Sequence[Cell]:
    fact, rate = found.fact, found.fact.rate
    main, cap = _main_amount(fact), _cap(fact)
    return (
        FACT_WORDS.kinds[fact.kind],
        _words(found, fact.beneficiaries),
        _words(found, fact.conditions),
        _words(found, [fact.form]),
        amounts_said(found),
        main.value if main else None,
        main.upper if main else None,
        FACT_WORDS.roles[main.role] if main else None,
        cap.value if cap else None,
        _words(found, [rate.bound_span, rate.span]) if rate else None,
        rate.value if rate else None,
        _words(found, [rate.base]) if rate else None,
        _words(found, [one.span for one in fact.frequency]),
        _words(found, _figures(fact)),
        FACT_WORDS.strengths[fact.strength],
        _words(found, fact.departments.units if fact.departments else ()),
        _words(found, fact.departments.lead if fact.departments else ()),
        _words(found, [fact.region]),
    )


def _of_paper(found: FoundFact, address: str) -> Sequence[Cell]:
    fact, head = found.fact, found.head
    until = found.paper.catalogue.acts.last_day(head.id)
    return (
        found.quote,
        head.title,
        head.doc_number,
        head.issuer,
        head.region,
        _STATUSES[found.status],
        head.valid_since.isoformat() if head.valid_since else None,
        until.isoformat() if until else None,
        found.clause_label,
        address and address + quote_link(head.id, fact.clause_id, fact.quote, words=found.quote),
        _BETWEEN.join(one.reason for one in found.corrections),
    )


def who(found: FoundFact) -> str:
    """Who gets it, in the words of the paper."""
    return _words(found, found.fact.beneficiaries)


def said(found: FoundFact) -> str:
    """What one gets, or what is fixed, in the words of the paper: form, sums, rate, how often, figures."""
    fact, rate = found.fact, found.fact.rate
    share = _words(found, [rate.bound_span, rate.span]) if rate else ""
    if rate is not None and rate.base is not None:
        share += f"（基数：{found.words(rate.base)}）"
    often, figures = _words(found, [one.span for one in fact.frequency]), _words(found, _figures(fact))
    rule = _words(found, [fact.rule.span]) if fact.rule else ""
    parts = (_words(found, [fact.form]), amounts_said(found), share, often, figures, rule)
    return _BETWEEN.join(filter(None, parts))


def amounts_said(found: FoundFact) -> str:
    """The sums in the words of the paper, each behind the word that limits it; or that none is written."""
    fact = found.fact
    if fact.is_paid_without_sum:
        reference = _words(found, [fact.amount_reference])
        return f"{_NO_SUM}（{reference}）" if reference else _NO_SUM
    return _BETWEEN.join(_amount_said(found, amount) for amount in fact.amounts)


def _amount_said(found: FoundFact, amount: Amount) -> str:
    """The bound stands before its sum, also where it does so only once for a list; 以内 stands behind."""
    said, bound = found.words(amount.span), amount.bound_span
    if bound is None or (amount.span.start <= bound.start and bound.end <= amount.span.end):
        return said
    word = found.words(bound)
    return word + said if bound.start < amount.span.start else said + word


def _main_amount(fact: Fact) -> Amount | None:
    """The sum that one gets; where there is none the first of another role."""
    sums = [amount for amount in fact.amounts if amount.unit == _YUAN]
    return next((amount for amount in sums if amount.role is Role.PAY), sums[0] if sums else None)


def _cap(fact: Fact) -> Amount | None:
    caps = (one for one in fact.amounts if one.unit == _YUAN and one.role is Role.CAP)
    return next(caps, None)


def _figures(fact: Fact) -> Sequence[Span | None]:
    """The words of time limits, cuts of them and targets."""
    limit, cut, target = fact.limit, fact.reduction, fact.target
    return (
        limit.what if limit else None,
        limit.period.span if limit and limit.period else None,
        cut.span if cut else None,
        target.indicator if target else None,
        target.span if target else None,
        target.deadline if target else None,
    )


def _words(found: FoundFact, spans: Iterable[Span | None]) -> str:
    return _BETWEEN.join(dict.fromkeys(found.words(span) for span in spans if span is not None))
