"""Matching across wordings: what papers write and what people say mean the same, or do not."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from facts_by_words import Words, paper
from matched import TODAY, group_of, why

from corpus.facts.model import FactKind, RuleKind, Threshold
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
第十条 对认定为国家级、省级绿色工厂的企业，分别奖励70万元、40万元。
第十一条 对制造业、建筑业、旅游业等领域首次获得市长质量奖的企业，给予15万元奖励。
第十二条 对首次备案的研学基地，给予6万元奖励；对延期或到期重新备案的研学基地，给予5万元奖励。
第十三条 对市级以上单项冠军企业，给予12万元奖励。
第十四条 对新建的骑行公园、观景平台、露营场所的企业，分别奖励11万元、13万元、14万元。
第十六条 设备投入40万元以上至90万元以下、90万元以上至160万元以下、160万元以上的，分别补2万元、7万元、17万元。
第十七条 对年度服务农户数达200户以上、800户以上的服务站，分别奖励16万元、18万元。
第十八条 对首次认定为3000万元、1亿元税收园，且税收属地率达70%以上的单位，分别奖励21万元、22万元。
第十五条 房地产企业（项目）不享受本措施全部条款。
温州市人民政府
2026年1月1日
"""


_RANGES = "设备投入40万元以上至90万元以下、90万元以上至160万元以下、160万元以上的，分别补2万元、7万元、17万元"
_SERVED = "对年度服务农户数达200户以上、800户以上的服务站，分别奖励16万元、18万元"
_PARKS = "对首次认定为3000万元、1亿元税收园，且税收属地率达70%以上的单位，分别奖励21万元、22万元"
_LIMIT = ("达70%以上", 70, "%", ">=")
# Quote, beneficiary, step, further conditions, figures, and what is given
_STEPS: tuple[tuple[str, str, str, tuple[str, ...], list[tuple[str, int, str, str]], str, int], ...] = (
    (_RANGES, "", "40万元以上至90万元以下", (), [], "2万元", 20_000),
    (_RANGES, "", "90万元以上至160万元以下", (), [], "7万元", 70_000),
    (_RANGES, "", "160万元以上", (), [("160万元以上", 1_600_000, "元", ">=")], "17万元", 170_000),
    (_SERVED, "服务站", "200户以上", ("年度服务农户数达200户以上、800户以上",), [], "16万元", 160_000),
    (_SERVED, "服务站", "800户以上", ("年度服务农户数达200户以上、800户以上",), [], "18万元", 180_000),
    (_PARKS, "", "3000万元", ("税收属地率达70%以上",), [_LIMIT], "21万元", 210_000),
    (_PARKS, "", "1亿元", ("税收属地率达70%以上",), [_LIMIT], "22万元", 220_000),
)


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
        *(
            w.fact(
                "对认定为国家级、省级绿色工厂的企业，分别奖励70万元、40万元",
                for_=["认定为国家级、省级绿色工厂的企业"],
                conditions=[level],
                amounts=[w.sum(pay, value)],
            )
            for level, pay, value in (("国家级", "70万元", 700_000), ("省级绿色工厂", "40万元", 400_000))
        ),
        w.fact(
            "对制造业、建筑业、旅游业等领域首次获得市长质量奖的企业，给予15万元奖励",
            for_=["制造业、建筑业、旅游业等领域首次获得市长质量奖的企业"],
            conditions=["制造业、建筑业、旅游业等领域首次获得市长质量奖"],
        ),
        *(
            w.fact(
                f"对{who}，给予{pay}奖励",
                for_=[who],
                conditions=[who.removesuffix("的研学基地")],
                amounts=[w.sum(pay, value)],
            )
            for who, pay, value in (
                ("首次备案的研学基地", "6万元", 60_000),
                ("延期或到期重新备案的研学基地", "5万元", 50_000),
            )
        ),
        w.fact("对市级以上单项冠军企业，给予12万元奖励", for_=["市级以上单项冠军企业"]),
        *(
            w.fact(
                "对新建的骑行公园、观景平台、露营场所的企业，分别奖励11万元、13万元、14万元",
                for_=["新建的骑行公园、观景平台、露营场所的企业"],
                conditions=[own],
                amounts=[w.sum(pay, value)],
            )
            for own, pay, value in (
                ("骑行公园", "11万元", 110_000),
                ("观景平台", "13万元", 130_000),
                ("露营场所的企业", "14万元", 140_000),
            )
        ),
        *(
            w.fact(
                quote,
                for_=[who] if who else [],
                conditions=[step, *more],
                thresholds=[w.threshold(one, value, unit, how) for one, value, unit, how in limits],
                amounts=[w.sum(pay, yuan)],
            )
            for quote, who, step, more, limits, pay, yuan in _STEPS
        ),
        w.fact("房地产企业（项目）不享受本措施全部条款", kind=FactKind.RULE, rule=RuleKind.SCOPE),
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


def _given(sentence: str, quote: str, group: str = "applies") -> list[int]:
    """The sums that a quote gives of the facts in a group."""
    found = getattr(_said(sentence), group)
    return [int(one.found.fact.amounts[0].value) for one in found if quote in one.found.quote]


@pytest.mark.parametrize(
    ("sentence", "applies", "declined"),
    [
        # Who has it at one level may have it at another one, too.
        ("温州的企业，今年认定为省级绿色工厂", [400_000], []),
        # The level of another title is none of this one.
        ("温州的国家高新技术企业，今年认定为省级绿色工厂", [400_000], []),
        ("温州的企业，国家级的单项冠军，也是绿色工厂", [], []),
        ("温州的企业，绿色工厂没评上", [], [700_000, 400_000]),
        ("温州的企业，绿色工厂没有申报过", [], [700_000, 400_000]),
        ("温州的企业，认定为国家级、省级绿色工厂", [700_000, 400_000], []),
    ],
)
def test_the_level_of_a_title_decides_which_of_a_list_is_meant(
    sentence: str, applies: list[int], declined: list[int]
) -> None:
    assert _given(sentence, "绿色工厂") == applies
    assert _given(sentence, "绿色工厂", "declined") == declined


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        ("温州的旅游公司，首次获得市长质量奖", "applies"),
        ("温州的化工厂，首次获得市长质量奖", "applies"),
        ("温州的企业，首次获得市长质量奖", "to_confirm"),
        ("温州的旅游公司，首次获得中国质量奖", "to_confirm"),
        ("温州的旅游公司，市长质量奖没得过", "does_not_apply"),
    ],
)
def test_an_award_is_for_those_in_one_of_the_fields_and_of_whoever_grants_it(
    sentence: str, group: str
) -> None:
    assert group_of(_said(sentence), "市长质量奖")[0] == group


def test_what_is_done_for_the_first_time_is_not_what_is_done_again() -> None:
    assert _given("温州的公司，研学基地今年首次备案", "研学基地") == [60_000]


@pytest.mark.parametrize(
    ("level", "group"), [("国家级", "applies"), ("市级", "applies"), ("县级", "to_confirm")]
)
def test_a_higher_level_will_do_where_the_paper_says_so(level: str, group: str) -> None:
    assert group_of(_said(f"温州的企业，{level}单项冠军"), "单项冠军")[0] == group


def test_a_member_of_a_list_is_given_what_stands_for_it_alone() -> None:
    assert _given("温州的企业，新建了一个观景平台", "骑行公园") == [130_000]


def test_whom_a_rule_shuts_out_gets_nothing() -> None:
    found = _said("温州的房地产开发企业，今年认定为省级绿色工厂，首次获得市长质量奖")
    assert not found.applies
    assert not found.to_confirm
    group, match = group_of(found, "市长质量奖")
    assert group == "does_not_apply"
    assert why(match) == {"scope"}


@pytest.mark.parametrize(
    ("sentence", "quote", "sums"),
    [
        ("温州的厂，今年一个项目设备投入120万元", _RANGES, [70_000]),
        ("温州的厂，今年一个项目设备投入200万元", _RANGES, [170_000]),
        ("温州的服务站，今年服务农户数620户", _SERVED, [160_000]),
        ("温州的服务站，今年服务农户数900户", _SERVED, [180_000]),
        ("温州的公司，管的园区今年第一次认定为亿元税收园，园里的税有八成五在本地", _PARKS, [220_000]),
        ("温州的公司，管的园区今年第一次认定为亿元税收园，园里的税有六成在本地", _PARKS, []),
    ],
)
def test_of_steps_the_one_that_is_reached_applies(sentence: str, quote: str, sums: list[int]) -> None:
    assert _given(sentence, quote) == sums


@pytest.mark.parametrize(
    ("sentence", "group"),
    [
        ("温州的旅游公司，市长质量奖是再次获得，今年第一次参评省里的", "does_not_apply"),
        ("温州的旅游公司，前年得的市长质量奖，今年第一次出口了香菇", "to_confirm"),
        ("温州的旅游公司，得了市长质量奖，是头一回", "applies"),
    ],
)
def test_the_first_time_is_that_of_the_title(sentence: str, group: str) -> None:
    assert group_of(_said(sentence), "市长质量奖")[0] == group
