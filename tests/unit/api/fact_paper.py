"""A small paper with support facts written by hand: a sum with a limit, money without a sum, a validity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pages_app import written
from written_facts import fact, place

from corpus.facts.model import EXTRACTOR, Checked, Fact, FactKind, PaperFacts, Rule, RuleKind, Strength
from corpus.model import Document, Span

_TEXT = """青山市人民政府关于支持竹产业发展的若干措施
青政发〔2025〕3号

一、资金支持
（一）新建工厂。对新建竹材加工厂的企业，一次性给予不超过50万元奖补。（责任单位：市林业局）
（二）贷款。对有困难的企业，按规定给予财政补助，鼓励银行降低利率。
（三）展会。参加展会的，给予最高3万元补贴，每年不超过2次。
二、附则
本措施自2025年1月1日起施行，有效期5年。
"""


def paper() -> Document:
    return written("qingshan", _TEXT)


def _clause_id(document: Document, span: Span) -> str:
    return next(one.id for one in document.clauses if one.start <= span.start < one.end)


def _placed(document: Document, made: Fact) -> Fact:
    clause_id = _clause_id(document, made.quote)
    return replace(made, document_id=document.id, clause_id=clause_id, id=f"{clause_id}.{made.kind.value}.1")


def facts_of_paper(document: Document) -> PaperFacts:
    text = document.text
    factory = fact(
        text,
        "对新建竹材加工厂的企业，一次性给予不超过50万元奖补",
        who=["新建竹材加工厂的企业"],
        amounts=["50万元"],
        by="市林业局",
    )
    amount = replace(factory.amounts[0], bound_span=place(text, "不超过"))
    silent = fact(text, "对有困难的企业，按规定给予财政补助", who=["企业"], on=["有困难"])
    silent = replace(
        silent,
        amount_reference=place(text, "按规定"),
        strength=Strength.DISCRETIONARY,
        is_whole=True,
    )
    term = fact(text, "自2025年1月1日起施行，有效期5年", kind=FactKind.RULE)
    term = replace(term, rule=Rule(RuleKind.VALIDITY, None, date(2025, 1, 1), date(2029, 12, 31)))
    left = place(text, "参加展会的，给予最高3万元补贴，每年不超过2次")
    return PaperFacts(
        document.id,
        EXTRACTOR,
        tuple(_placed(document, one) for one in (replace(factory, amounts=(amount,)), silent, term)),
        (
            Checked("一、/（一）", factory.quote, has_facts=True),
            Checked("一、/（二）", silent.quote, has_facts=True),
            Checked(_clause_id(document, left), left, has_facts=False),
        ),
    )
