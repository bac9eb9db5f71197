"""Two invented papers on robots, and their facts written down by their words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assembled import written

from corpus.facts.model import (
    Amount,
    Bound,
    Departments,
    Fact,
    FactKind,
    PaperFacts,
    Period,
    Role,
    Rule,
    RuleKind,
    TimeLimit,
)
from corpus.model import Document, Span

HUNAN = """湖南省人民政府办公厅关于支持机器人产业发展的若干措施
湘政办发〔2026〕7号
一、支持首次突破。对首次获批的手术机器人、康复机器人，分别给予不超过300万元、200万元一次性奖补，由省制造强省专项资金支持。（省工业和信息化厅牵头）
二、支持示范应用。对机器人示范工厂，按照有关规定给予补助。（省发展改革委负责）
三、加快审批。将手术机器人的注册审评时限压缩至30个工作日。
四、支持贷款。对机器人企业的贷款给予贴息。
五、附则。同一企业每年获得的资金最高不超过1000万元，同一事项不重复享受。本措施自2026年3月1日起施行，有效期3年。
湖南省人民政府办公厅
2026年2月1日
"""
HUBEI = """湖北省人民政府关于推动机器人产业发展的实施意见
鄂政发〔2026〕3号
一、强化研发。组织机器人企业开展关键技术攻关。
二、优化审评。将机器人的注册检验时限压缩至20个工作日。
三、培育人才。“一事一议”引进机器人领军人才。
湖北省人民政府
2026年1月5日
"""


def _span(document: Document, words: str, within: Span) -> Span:
    start = document.text.index(words, within.start, within.end)
    return Span(start, start + len(words))


class Reading:
    """Writes down the facts of an invented paper by their words."""

    def __init__(self, document: Document) -> None:
        self.document, self.facts = document, list[Fact]()

    def add(self, kind: FactKind, quote: str, *, who: str = "", form: str = "") -> Fact:
        document = self.document
        span = _span(document, quote, Span(0, len(document.text)))
        clause = next(c for c in document.clauses if c.start <= span.start and span.end <= c.end)
        fact = Fact(
            id=f"{clause.id}.{kind.value}.{len(self.facts)}",
            document_id=document.id,
            clause_id=clause.id,
            kind=kind,
            quote=span,
            beneficiaries=(_span(document, who, span),) if who else (),
            form=_span(document, form, span) if form else None,
        )
        self.facts.append(fact)
        return fact

    def change(self, fact: Fact, changed: Fact) -> None:
        self.facts[self.facts.index(fact)] = changed

    @property
    def read(self) -> PaperFacts:
        return PaperFacts(self.document.id, 1, tuple(self.facts))


def hunan() -> Reading:
    reading = Reading(written("hunan-robots", HUNAN))
    document = reading.document
    first = "对首次获批的手术机器人、康复机器人，分别给予不超过300万元、200万元一次性奖补"
    for who, words, yuan in (("手术机器人", "300万元", 3_000_000), ("康复机器人", "200万元", 2_000_000)):
        fact = reading.add(FactKind.MONEY, first, who=who, form="奖补")
        clause = next(c for c in document.clauses if c.id == fact.clause_id)
        amount = Amount(
            _span(document, words, fact.quote),
            Decimal(yuan),
            "元",
            Bound.MAX,
            Role.PAY,
            bound_span=_span(document, "不超过", fact.quote),
        )
        departments = Departments(_span(document, "省工业和信息化厅牵头", clause.span), ())
        source = _span(document, "省制造强省专项资金", clause.span)
        reading.change(fact, replace(fact, amounts=(amount,), departments=departments, source=source))
    reading.add(FactKind.MONEY, "对机器人示范工厂，按照有关规定给予补助", who="机器人示范工厂", form="补助")
    limit = reading.add(FactKind.TIME_LIMIT, "将手术机器人的注册审评时限压缩至30个工作日")
    period = Period(_span(document, "30个工作日", limit.quote), Decimal(30), "工作日")
    what = _span(document, "手术机器人的注册审评时限", limit.quote)
    reading.change(limit, replace(limit, limit=TimeLimit(what, period)))
    reading.add(FactKind.INTEREST, "对机器人企业的贷款给予贴息", form="贴息")
    for kind, words in (
        (RuleKind.TOTAL_CAP, "同一企业每年获得的资金最高不超过1000万元"),
        (RuleKind.NO_STACK, "同一事项不重复享受"),
        (RuleKind.VALIDITY, "本措施自2026年3月1日起施行，有效期3年"),
    ):
        rule = reading.add(FactKind.RULE, words)
        reading.change(rule, replace(rule, rule=Rule(kind)))
    return reading


def hubei() -> Reading:
    reading = Reading(written("hubei-robots", HUBEI))
    limit = reading.add(FactKind.TIME_LIMIT, "将机器人的注册检验时限压缩至20个工作日")
    period = Period(_span(reading.document, "20个工作日", limit.quote), Decimal(20), "工作日")
    reading.change(limit, replace(limit, limit=TimeLimit(None, period)))
    reading.add(FactKind.TALENT, "“一事一议”引进机器人领军人才", who="机器人领军人才", form="一事一议")
    return reading
