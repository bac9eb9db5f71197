"""Facts other than money: time limits, targets, rules, named benefits, units in charge, places, coverage."""

from __future__ import annotations

from decimal import Decimal

import pytest
from growth import grows_with_length, seconds
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.coverage import checked_sentences
from corpus.facts.extract import facts_of
from corpus.facts.model import Bound, Fact, FactKind, RuleKind, Strength, TargetKind
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse

_OWN = frozenset(FactKind) - {FactKind.MONEY, FactKind.INTEREST}


def _paper(*lines: str, title: str = "安州市促进医药产业发展的若干措施") -> Document:
    text = "\n".join((title, "各区县人民政府：", *lines))
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def _facts(line: str, kind: FactKind) -> list[Fact]:
    document = _paper(f"一、{line}")
    return [fact for fact in facts_of(document).facts if fact.kind is kind]


def _only(line: str, kind: FactKind) -> tuple[Fact, str]:
    document = _paper(f"一、{line}")
    (fact,) = (fact for fact in facts_of(document).facts if fact.kind is kind)
    return fact, document.text


@pytest.fixture(scope="module")
def parsed(papers: dict[str, bytes]) -> dict[str, Document]:
    return {name: parse(load(data, name=f"{name}.txt"), document_id=name) for name, data in papers.items()}


def test_every_span_is_inside_its_clause_and_the_same_text_gives_the_same_facts(
    parsed: dict[str, Document],
) -> None:
    for document in parsed.values():
        found = facts_of(document)
        assert found == facts_of(document)
        by_id = {clause.id: clause for clause in document.clauses}
        parents = {clause.id: clause.parent for clause in document.clauses}
        for fact in found.facts:
            clause = by_id[fact.clause_id]
            assert clause.start <= fact.quote.start < fact.quote.end <= clause.end
            assert fact.quote.of(document.text).strip() == fact.quote.of(document.text)
            allowed = []
            above: str | None = clause.id
            while above is not None:
                allowed.append(by_id[above].span)
                above = parents[above]
            for span in fact.spans():
                assert any(one.start <= span.start < span.end <= one.end for one in allowed), fact


def test_the_kinds_of_the_five_papers(parsed: dict[str, Document]) -> None:
    kinds = {name: {fact.kind for fact in facts_of(document).facts} for name, document in parsed.items()}
    assert {FactKind.TIME_LIMIT, FactKind.TARGET, FactKind.FAST_TRACK} <= kinds["guangdong"]
    assert {FactKind.TIME_LIMIT, FactKind.TARGET, FactKind.INSURANCE} <= kinds["zhejiang"]
    assert FactKind.RULE in kinds["hunan"]
    assert FactKind.TIME_LIMIT not in kinds["hunan"]  # 更新发布6个月内的创新药械 is a condition


@pytest.mark.parametrize(
    ("line", "value", "unit", "bound"),
    [
        ("市药监局应当自受理之日起15个工作日内完成审核。", 15, "工作日", Bound.MAX),
        ("在清单发布1个月内配备使用。", 1, "月", Bound.MAX),
        ("企业开办时间压缩至1个工作日以内。", 1, "工作日", Bound.MAX),
        ("首次注册审评时限由60个工作日压缩至40个工作日。", 40, "工作日", Bound.EXACT),
        ("伦理审查总体用时控制在 4 周以内。", 4, "周", Bound.MAX),
        ("审批时限不超过五个工作日。", 5, "工作日", Bound.MAX),
        ("政策兑现从申请到拨付不超过20个工作日。", 20, "工作日", Bound.MAX),
        ("实行3日办结制。", 3, "日", Bound.EXACT),
        ("对申报材料实行容缺受理，２４小时内办结。", 24, "小时", Bound.MAX),
        ("主管部门收到申请后，3—5个工作日内，提出审核意见。", 5, "工作日", Bound.MAX),
    ],
)
def test_time_limits(line: str, value: int, unit: str, bound: Bound) -> None:
    fact, text = _only(line, FactKind.TIME_LIMIT)
    assert fact.limit is not None
    assert fact.limit.period is not None
    assert (int(fact.limit.period.value), fact.limit.period.unit, fact.limit.bound) == (value, unit, bound)
    assert fact.limit.period.span.of(text) in fact.quote.of(text)


@pytest.mark.parametrize(
    "line",
    [
        "配备使用在国家医保药品目录更新发布6个月内的创新药械。",
        "对近3年内获得认定的企业给予支持。",
        "每月按22个工作日计算。",
        "许可证有效期5年。",
        "申请人应年满18周岁。",
        "未在3个月内退回住房的，取消资格。",
        "贷款期限不超过3年。",
        "本措施自2026年1月1日起施行。",
        "对两年内完成产业化的企业，给予100万元奖励。",
        "分娩后六个月内，男方不得提出离婚。",
        "检验收费项目减少50%。",
        "延长期限不超过7个工作日。",
        "企业自获奖之日起3年内注册地迁出的，退回奖励。",
        "公示时间不少于5个工作日。",
    ],
)
def test_lengths_of_time_that_are_no_limits(line: str) -> None:
    assert _facts(line, FactKind.TIME_LIMIT) == []


def test_parts_of_a_time_limit() -> None:
    fact, text = _only("各参与单位须在收到材料之日起3个工作日内反馈互认意见。", FactKind.TIME_LIMIT)
    assert fact.limit is not None
    assert fact.limit.what is not None
    assert fact.limit.start is not None
    assert fact.must_act is not None
    assert fact.must_act.of(text) == "各参与单位"
    assert fact.limit.what.of(text) == "反馈互认意见"
    assert "收到材料之日起" in fact.limit.start.of(text)
    fact, text = _only("审评时限从200个工作日压缩至80个工作日。", FactKind.TIME_LIMIT)
    assert fact.limit is not None
    assert fact.limit.before is not None
    assert (int(fact.limit.before.value), fact.limit.before.span.of(text)) == (200, "200个工作日")


@pytest.mark.parametrize(
    ("line", "value", "unit", "compared"),
    [
        ("注册审评时限比法定时限平均压缩50%。", Decimal("0.5"), "%", "法定时限"),
        ("变更审批和再注册时限分别缩减50个工作日。", Decimal(50), "工作日", None),
        ("审批提速30%。", Decimal("0.3"), "%", None),
        ("通关时间压缩三分之一。", Decimal("0.3333"), "%", None),
    ],
)
def test_cuts_are_no_limits(line: str, value: Decimal, unit: str, compared: str | None) -> None:
    fact, text = _only(line, FactKind.TIME_LIMIT)
    assert fact.limit is not None
    assert fact.limit.period is None
    assert fact.reduction is not None
    assert (fact.reduction.value, fact.reduction.unit) == (value, unit)
    relative = fact.reduction.relative_to
    assert (relative.of(text) if relative else None) == compared


@pytest.mark.parametrize(
    ("line", "values", "bound", "unit"),
    [
        ("到2027年，建成3—5个临床研究平台。", (3, 5), Bound.RANGE, "个"),
        ("力争到2030年，研发费用占营业收入比重达到7%左右。", (Decimal("0.07"), None), Bound.APPROX, "%"),
        ("到2027年，产业规模超万亿元。", (10**12, None), Bound.OVER, "元"),
        ("到2027年，培育千亿级企业不低于15家。", (15, None), Bound.MIN, "家"),
        ("形成10个以上特色鲜明的园区。", (10, None), Bound.MIN, "个"),
        ("加快建设百亿级产业集群。", (10**10, None), Bound.APPROX, "元"),
        ("每年遴选20家企业推广经验。", (20, None), Bound.EXACT, "家/年"),
    ],
)
def test_targets(line: str, values: tuple[Decimal, Decimal | None], bound: Bound, unit: str) -> None:
    fact, _ = _only(line, FactKind.TARGET)
    assert fact.target is not None
    assert (fact.target.value, fact.target.upper) == values
    assert (fact.target.bound, fact.target.unit, fact.target.kind) == (bound, unit, TargetKind.TARGET)


def test_a_deadline_holds_for_the_sentences_behind_it_and_a_verb_for_its_list() -> None:
    document = _paper(
        "一、壮大规模。到2027年，营业收入达到2500亿元。培育超500亿元企业1家,超100亿元企业3-5家,超50亿元企业8家。"
    )
    targets = [fact.target for fact in facts_of(document).facts if fact.target is not None]
    assert [(int(target.value), target.upper) for target in targets] == [
        (250_000_000_000, None),
        (1, None),
        (3, Decimal(5)),
        (8, None),
    ]
    assert {target.year for target in targets} == {2027}


@pytest.mark.parametrize(
    "line",
    [
        "医院按总床位的5%—10%设置研究床位。",
        "医疗机构每季度至少召开1次药事会。",
        "全市三级医院至少每季度召开药事会。",
    ],
)
def test_duties(line: str) -> None:
    fact, text = _only(line, FactKind.TARGET)
    assert fact.target is not None
    assert fact.target.kind is TargetKind.DUTY
    assert fact.must_act is not None
    assert fact.must_act.of(text) in ("医院", "医疗机构", "全市三级医院")


@pytest.mark.parametrize(
    "line",
    [
        "对新增就业10人以上的企业，每人补贴1000元。",
        "每引进1名人才奖励5万元。",
        "从4个方面落实20条政策措施。",
        "推进“三个一批”工程。",
        "加快中药二次开发。",
        "给予最高不超过500万元奖励。",
        "年销售收入达到5亿元以上的企业可以申报。",
        "申报企业研发人员占比不低于10%。",
        "支持通过评价的4类以上仿制药发展。",
    ],
)
def test_figures_that_are_no_targets(line: str) -> None:
    assert _facts(line, FactKind.TARGET) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("本措施适用于在本市登记注册的企业。", RuleKind.SCOPE),
        ("同一项目符合多项政策的，按就高不重复原则执行。", RuleKind.NO_STACK),
        ("本措施与其他政策不得重复享受。", RuleKind.NO_STACK),
        ("本措施可与省级政策叠加享受。", RuleKind.STACK),
        ("本措施所称企业，是指在本市登记的企业。", RuleKind.DEFINITION),
        ("获得奖励的企业须书面承诺5年内不迁离本市。", RuleKind.COMMITMENT),
        ("本措施所需资金由市、区财政按比例分担。", RuleKind.SOURCE),
    ],
)
def test_rules(line: str, kind: RuleKind) -> None:
    kinds = [fact.rule.kind for fact in _facts(line, FactKind.RULE) if fact.rule is not None]
    assert kinds == [kind]


def test_a_total_cap_has_its_sum_and_a_limit_of_one_payment_is_none() -> None:
    fact, text = _only("同一企业每年累计获得奖励资金最高不超过5000万元。", FactKind.RULE)
    assert fact.rule is not None
    assert fact.rule.kind is RuleKind.TOTAL_CAP
    assert [(int(amount.value), amount.span.of(text)) for amount in fact.amounts] == [
        (50_000_000, "5000万元")
    ]
    line = "对获得认证的企业给予20万元补助，单个企业每年累计获得补助不超过100万元。"
    assert _facts(line, FactKind.RULE) == []


def test_validity_has_the_days_of_the_paper() -> None:
    document = _paper("一、支持创新。", "二、本措施自2026年1月1日起施行，有效期至2028年12月31日。")
    (fact,) = (fact for fact in facts_of(document).facts if fact.kind is FactKind.RULE)
    assert fact.rule is not None
    assert fact.rule.kind is RuleKind.VALIDITY
    assert (str(fact.rule.since), str(fact.rule.until)) == ("2026-01-01", "2028-12-31")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("对临床急需药械开设优先检验绿色通道。", FactKind.FAST_TRACK),
        ("对重大项目开辟新增价格立项“绿色通道”。", FactKind.PRICE),
        ("将符合条件的创新药纳入医保支付范围。", FactKind.MARKET_ACCESS),
        ("同等条件下优先采购国产医疗器械。", FactKind.PROCUREMENT),
        ("开展首台（套）重大技术装备保险补偿试点。", FactKind.INSURANCE),
        ("“一事一议”引进院士等顶尖人才。", FactKind.TALENT),
        ("为企业提供海外维权援助等服务。", FactKind.SERVICE),
        ("对重点项目优先保障用地。", FactKind.LAND),
        ("纳入白名单的物品进口时无需提供通关单。", FactKind.PERMISSION),
        ("对承租国有房屋的企业减免租金。", FactKind.FEE),
        ("推行知识产权质押贷款。", FactKind.LOAN),
        ("支持企业申请人类遗传资源保藏资质。", FactKind.QUALIFICATION),
    ],
)
def test_named_benefits(line: str, kind: FactKind) -> None:
    document = _paper(f"一、{line}")
    assert {fact.kind for fact in facts_of(document).facts} == {kind}


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("对临床急需药械开设优先检验绿色通道。", "临床急需药械"),
        ("对向社会免费开放资源的企业开设审批绿色通道。", "向社会免费开放资源的企业"),
        ("将符合条件的创新药纳入医保支付范围。", "符合条件的创新药"),
        ("支持符合要求的企业申请人类遗传资源保藏资质。", "符合要求的企业"),
        ("为生物医药企业提供海外维权援助等服务。", "生物医药企业"),
        ("加大对新建项目的土地要素保障。", "新建项目"),
        ("支持口岸部门对信用良好的进口单位简化资料核验流程。", "信用良好的进口单位"),
        ("属于产业政策扶持方向的项目，实施优先审评审批。", "属于产业政策扶持方向的项目"),
        ("第二类医疗器械注册技术审评时限压缩至40个工作日。", "第二类医疗器械"),
        ("在疫情期间优先审批。", None),
    ],
)
def test_who_gets_a_benefit(line: str, who: str | None) -> None:
    document = _paper(f"一、{line}")
    (fact,) = facts_of(document).facts
    assert [span.of(document.text) for span in fact.beneficiaries] == ([] if who is None else [who])


def test_the_conditions_of_a_beneficiary_are_inside_its_name() -> None:
    fact, text = _only("对信用良好的进口单位简化资料核验流程。", FactKind.FAST_TRACK)
    assert [span.of(text) for span in fact.conditions] == ["信用良好"]


@pytest.mark.parametrize(
    "line",
    [
        "鼓励开发现代中药提取技术。",
        "坚持政府引导、市场主导。",
        "各部门要加强组织领导，形成工作合力。",
        "严禁以任何形式骗取绿色通道资格。",
        "申报材料包括营业执照和绿色通道申请表。",
        "奖补资金由省级专项资金予以支持。",
    ],
)
def test_what_promises_nothing(line: str) -> None:
    document = _paper(f"一、{line}")
    assert [fact for fact in facts_of(document).facts if fact.kind in _OWN] == []


@pytest.mark.parametrize(
    ("line", "strength", "words"),
    [
        ("对临床急需药械开设绿色通道。", Strength.FIRM, None),
        ("支持医院建立绿色通道。", Strength.ENCOURAGE, "支持"),
        ("鼓励业主为租户减免租金。", Strength.ENCOURAGE, "鼓励"),
        ("支持研发，对创新药开设绿色通道。", Strength.FIRM, None),
        ("力争提升效率，对创新药开设绿色通道。", Strength.AIM, "力争"),
        ("力争将审批时限压缩至5个工作日内。", Strength.AIM, "力争"),
        ("对在研品种由省科技计划予以择优支持。", Strength.DISCRETIONARY, "择优"),
    ],
)
def test_strength(line: str, strength: Strength, words: str | None) -> None:
    document = _paper(f"一、{line}")
    (fact,) = facts_of(document).facts
    assert fact.strength is strength
    assert (fact.strength_span.of(document.text) if fact.strength_span else None) == words


def _in_charge(*lines: str) -> list[tuple[list[str], list[str]]]:
    document = _paper(*lines)
    return [
        (
            [unit.of(document.text) for unit in fact.departments.units],
            [unit.of(document.text) for unit in fact.departments.lead],
        )
        for fact in facts_of(document).facts
        if fact.departments is not None
    ]


def test_the_unit_named_first_leads_only_where_the_paper_says_so() -> None:
    clause = "一、对创新药开设绿色通道。（责任单位：市药监局、市卫生健康委）"
    assert _in_charge(clause) == [(["市药监局", "市卫生健康委"], [])]
    rule = "二、各项任务的责任单位中，排名第一的为牵头单位。"
    assert _in_charge(clause, rule) == [(["市药监局", "市卫生健康委"], ["市药监局"])]
    led = "一、对创新药开设绿色通道。（市药监局牵头，市卫生健康委配合）"
    assert _in_charge(led) == [(["市药监局", "市卫生健康委"], ["市药监局"])]


def test_each_measure_of_a_clause_has_the_units_behind_it() -> None:
    lines = (
        "一、优化审批。对创新药开设绿色通道。（对接部门：市药监局；联系人：李某；联系电话：12345678）"
        "对器械优先审评审批。（对接部门：各市、县人民政府）",
    )
    assert _in_charge(*lines) == [(["市药监局"], []), (["各市、县人民政府"], [])]


def test_units_of_a_clause_hold_for_the_items_below_it() -> None:
    lines = (
        "一、优化审批。（责任单位：市药监局）",
        "（一）对创新药开设绿色通道。",
        "（二）对器械优先审评审批。",
    )
    assert _in_charge(*lines) == [(["市药监局"], []), (["市药监局"], [])]


@pytest.mark.parametrize(
    ("title", "line", "place"),
    [
        (
            "广东省行动方案",
            "对粤东粤西粤北地区（惠州市惠东县、博罗县按此执行）企业开设绿色通道。",
            "粤东粤西粤北地区（惠州市惠东县、博罗县按此执行）",
        ),
        (
            "广东省行动方案",
            "支持广州市黄埔区、南沙自贸区等集聚区建立进口“白名单”制度。",
            "广州市黄埔区、南沙自贸区等集聚区",
        ),
        ("广东省行动方案", "对珠三角地区企业按20%、粤东粤西粤北地区企业按30%给予奖励。", "珠三角地区"),
        ("广东省行动方案", "对广东省企业开设绿色通道。", None),
        ("广东省行动方案", "对参加广州农业博览会的企业开设绿色通道。", None),
        ("广东省行动方案", "本方案适用于广东省内的企业。", "广东省"),
        ("广东省行动方案", "支持企业与广州大学合作开设绿色通道。", None),
        ("广东省行动方案", "对纳入《广州市目录》的产品开设绿色通道。", None),
    ],
)
def test_places(title: str, line: str, place: str | None) -> None:
    document = _paper(f"一、{line}", title=title)
    fact = facts_of(document).facts[0]
    assert (fact.region.of(document.text) if fact.region else None) == place


def test_coverage_lists_every_sentence_that_counts() -> None:
    document = _paper(
        "一、支持研发。对创新药开设绿色通道。各部门要加强领导。平均费用为5万元。",
        "二、在5个工作日内完成审批。",
    )
    found = facts_of(document)
    rows = [(one.span.of(document.text), one.has_facts) for one in found.sentences]
    assert rows == [
        ("对创新药开设绿色通道", True),
        ("平均费用为5万元", False),
        ("在5个工作日内完成审批", True),
    ]
    assert not any(one.has_facts for one in checked_sentences(document, ()))


def test_coverage_agrees_with_the_quotes(parsed: dict[str, Document]) -> None:
    for document in parsed.values():
        found = facts_of(document)
        assert found.sentences
        for one in found.sentences:
            overlaps = any(
                fact.quote.start < one.span.end and one.span.start < fact.quote.end for fact in found.facts
            )
            assert overlaps is one.has_facts


_PIECES = [
    "到2027年", "，", "培育", "3—5家", "5个工作日内", "完成", "压缩", "50%", "由", "至", "不超过", "累计",
    "同一企业", "“", "”", "（", "绿色通道", "对", "的", "每季度", "至少", "1次", "广州市", "、", "。",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_any_mixture_of_phrases_gives_verbatim_spans(pieces: list[str]) -> None:
    document = _paper("一、政策" + "".join(pieces))
    for fact in facts_of(document).facts:
        assert fact.clause_id in {clause.id for clause in document.clauses}
        assert all(0 <= span.start < span.end <= len(document.text) for span in fact.spans())


@pytest.mark.parametrize(
    "piece",
    [
        "培育3家",
        "到2027年，",
        "5个工作日内完成，",
        "广州市、",
        "绿色通道，",
        "累计不超过5万元，",
        "压缩50%",
        "（",
        "“",
        "5",
        "对的",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_of_a_sentence(piece: str) -> None:
    def reading_facts(text: str) -> float:
        document = _paper("一、" + text)
        return seconds(lambda: facts_of(document))

    assert grows_with_length(piece, reading_facts, longest=12_000)
