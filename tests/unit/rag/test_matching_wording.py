"""Matching across wordings: what papers write and what people say mean the same, or do not."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from facts_by_words import Words, paper
from matched import TODAY, group_of

from corpus.facts.model import Threshold
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.model import Matches, ToConfirm
from rag.matching.profile import Profile

_PAPER = """温州市人民政府关于促进服务业发展的若干措施
温政发〔2026〕8号
各县（市、区）人民政府：
为促进服务业发展，制定本措施。
第一条 对在疫情防控期间减免商户租金的商业服务业企业，给予10万元奖励。
第二条 对完成软件适配和应用验证的企业，给予20万元奖励。
第三条 对投资额达到2000万元的企业，给予30万元奖励；达到5000万元的，给予60万元奖励。
第四条 对餐饮住宿企业，给予4万元补助。
第五条 对营业收入首次达到5000万元、1亿元的服务业企业，分别奖励5万元、8万元。
第六条 对建设软件、人工智能领域重点实验室的企业，给予90万元奖励。
第七条 对拆解小于8米渔船的企业，给予1万元补助。
第八条 对项目发布方给予3万元奖励。
第九条 对省级、市级示范性农民专业合作社和家庭农场，给予2万元奖励。
温州市人民政府
2026年1月1日
"""


@cache
def _words() -> Words:
    return Words(paper(_PAPER, document_id="wording"))


@cache
def _matcher() -> Matcher:
    w = _words()
    waived = "在疫情防控期间减免商户租金的商业服务业企业"
    steps = "营业收入首次达到5000万元、1亿元的服务业企业，分别奖励5万元、8万元"
    facts = w.facts(
        w.fact(f"对{waived}，给予10万元奖励", for_=[waived], conditions=["减免商户租金"]),
        w.fact("对完成软件适配和应用验证的企业，给予20万元奖励", for_=["完成软件适配和应用验证的企业"]),
        *(
            w.fact(
                quote,
                conditions=[condition],
                thresholds=[Threshold(w.span(figure), Decimal(value), "元", ">=")],
            )
            for quote, condition, figure, value in (
                (
                    "对投资额达到2000万元的企业，给予30万元奖励",
                    "投资额达到2000万元",
                    "达到2000万元",
                    20_000_000,
                ),
                ("达到5000万元的，给予60万元奖励", "达到5000万元", "达到5000万元的", 50_000_000),
            )
        ),
        w.fact("对餐饮住宿企业，给予4万元补助", for_=["餐饮住宿企业"]),
        *(
            w.fact(
                steps,
                for_=["服务业企业"],
                conditions=["营业收入首次达到", step],
                amounts=[w.sum(pay, value)],
            )
            for step, pay, value in (("5000万元", "5万元", 50_000), ("1亿元", "8万元", 80_000))
        ),
        w.fact(
            "对建设软件、人工智能领域重点实验室的企业，给予90万元奖励",
            for_=["企业"],
            conditions=["建设软件、人工智能领域重点实验室"],
        ),
        w.fact("对拆解小于8米渔船的企业，给予1万元补助", for_=["企业"], conditions=["拆解小于8米渔船"]),
        w.fact("对项目发布方给予3万元奖励", for_=["项目发布方"]),
        w.fact(
            "对省级、市级示范性农民专业合作社和家庭农场，给予2万元奖励",
            for_=["省级、市级示范性农民专业合作社和家庭农场"],
        ),
    )
    return Matcher(FactCatalogue.of([w.document], today=TODAY, facts=[facts]))


def _said(sentence: str) -> Matches:
    return _matcher().match(Profile(sentence=sentence))


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("温州的商场公司，给商户免了两个月租金", "减免商户租金"),
        ("温州的软件公司，软件适配做完了，应用验证也完成了", "应用验证"),
        ("温州开酒店的", "餐饮住宿企业"),
        ("温州的企业，建了人工智能重点实验室", "领域重点实验室"),
    ],
)
def test_everyday_words_meet_conditions(sentence: str, quote: str) -> None:
    assert group_of(_said(sentence), quote)[0] == "applies"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("温州的商场公司，没给商户免租金", "减免商户租金"),
        ("温州的软件公司，软件适配和应用验证还在做", "应用验证"),
        ("温州的软件公司，软件适配、应用验证还没有完成", "应用验证"),
        ("温州的软件公司，软件适配、应用验证的要求还不满足", "应用验证"),
        ("温州的软件公司，做软件的", "领域重点实验室"),
        ("温州的企业，拆解了12米的渔船", "渔船"),
        ("温州的企业，承接了政府发布的项目", "发布方"),
    ],
)
def test_other_words_do_not_meet_conditions(sentence: str, quote: str) -> None:
    assert group_of(_said(sentence), quote)[0] != "applies"


@pytest.mark.parametrize(("sum_", "quote"), [("3000万元", "30万元"), ("8000万元", "60万元")])
def test_steps_in_clauses_of_their_own_apply_one_by_one(sum_: str, quote: str) -> None:
    applies = _said(f"温州的企业，投资额{sum_}").applies
    assert [one.found.quote[-len("30万元奖励") :] for one in applies if "万元奖励" in one.found.quote] == [
        f"{quote}奖励"
    ]


@pytest.mark.parametrize(("revenue", "given"), [("1.08亿", 80_000), ("6000万", 50_000)])
def test_the_first_time_that_is_said_counts_for_the_step_reached(revenue: str, given: int) -> None:
    applies = _said(f"温州的服务业公司，去年营业收入第一次破线，{revenue}").applies
    found = [one.found.fact.amounts for one in applies if "分别奖励" in one.found.quote]
    assert [amount.value for amounts in found for amount in amounts] == [given]


def test_what_is_nearest_to_being_decided_is_asked_first() -> None:
    found = [one.verdict for one in _said("温州的企业").to_confirm]
    asked = [len(one.questions) for one in found if isinstance(one, ToConfirm)]
    assert len(asked) == len(found)
    assert asked[0] < asked[-1]
    assert asked == sorted(asked)


@pytest.mark.parametrize(("level", "is_met"), [("省级", True), ("国家级", False)])
def test_a_level_is_said_of_each_name_that_follows(level: str, is_met: bool) -> None:
    applies = _said(f"温州的合作社，评上{level}示范性农民专业合作社").applies
    assert any("家庭农场" in one.found.quote for one in applies) is is_met
