"""Facts about money: where their spans lie, and what they say of small invented provisions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from growth import grows_with_length, seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.facts.extract import facts_of
from corpus.facts.model import Bound, Fact, FactKind, Role
from corpus.facts.sentences import sentences_of
from corpus.load import load
from corpus.model import Document
from corpus.notation.phrase_table import PhraseTable
from corpus.parse import parse
from corpus.structure.lead_ins import lead_ins

_PIECES = (
    *(
        "对",
        "凡",
        "新认定的",
        "国家级、省级",
        "企业",
        "的",
        "，",
        "、",
        "；",
        "。",
        "：",
        "分别",
        "给予",
        "不超过",
    ),
    *(
        "100万元",
        "50万元、30万元",
        "5%",
        "5%—10%",
        "20",
        "1,000",
        "以上",
        "按实际投资额的",
        "每家",
        "一次性",
        "奖励",
    ),
    *(
        "补助",
        "贴息",
        "由市财政列支",
        "（含",
        "）",
        "减免",
        "贷款",
        "基金",
        "每年安排",
        "连续3年",
        "或",
        "其中",
        "最高",
    ),
    *(
        "元/亩",
        "\n",
        "1:1",
        "“",
        "”",
        "第二条 ",
        "（一）",
        "年销售收入过",
        "支持",
        "鼓励",
        "有条件的市",
        " ",
        "减半",
    ),
)
_REPEATED = (
    *(
        "对",
        "的",
        "，",
        "、",
        "5",
        "万",
        "（",
        "“",
        "给予",
        "最高",
        "每",
        "100万元",
        "100万元、",
        "5%",
        "按",
        "企业、",
    ),
    *(
        "对企业给予100万元奖励，",
        "对企业给予100万元奖励。",
        "由财政",
        "20、",
        "国家级、省级企业分别给予5万元、3万元；",
    ),
)


def _paper(body: str) -> Document:
    loaded = load(f"关于支持产业的规定\n第一条 {body}\n".encode(), name="paper.txt")
    return parse(loaded, document_id="paper")


def _facts(body: str) -> tuple[Document, tuple[Fact, ...]]:
    document = _paper(body)
    return document, facts_of(document).facts


def _is_proved(document: Document) -> None:
    """Asserts that every span of every fact is words of its clause, or of the lead-ins above it."""
    facts = facts_of(document).facts
    clauses = {clause.id: clause for clause in document.clauses}
    assert len({fact.id for fact in facts}) == len(facts)
    for fact in facts:
        clause = clauses[fact.clause_id]
        places = [clause.span, *(above.span for above in lead_ins(document, clause))]
        places += [clause.responsibility.span] if clause.responsibility else []
        for span in fact.spans():
            assert span.start < span.end
            assert any(place.start <= span.start and span.end <= place.end for place in places)
    assert facts_of(document).facts == facts


def test_every_span_of_the_papers_lies_in_its_clause(papers: Mapping[str, bytes]) -> None:
    for name, content in papers.items():
        _is_proved(parse(load(content, name=f"{name}.txt"), document_id=name))


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_every_span_of_a_mixture_lies_in_its_clause(pieces: list[str]) -> None:
    _is_proved(_paper("支持" + "".join(pieces)))


def test_the_table_of_giving_words_is_right() -> None:
    assert PhraseTable.read("corpus", "giving.tsv").mistakes() == []


@pytest.mark.parametrize("piece", _REPEATED)
def test_time_grows_with_the_length(piece: str) -> None:
    def reading_facts(text: str) -> float:
        document = _paper(text or "对企业给予奖励。")
        return seconds(lambda: facts_of(document))

    assert grows_with_length(piece, reading_facts, longest=12_000)


def test_a_list_has_one_fact_for_each_class_and_its_bound_for_all() -> None:
    document, facts = _facts(
        "对新认定的甲类企业、乙类企业和丙类企业，分别给予不超过500万元、100万元、50万元一次性奖励。"
    )
    assert [fact.amounts[0].value for fact in facts] == [5_000_000, 1_000_000, 500_000]
    assert {fact.amounts[0].bound for fact in facts} == {Bound.MAX}
    assert [fact.beneficiaries[0].of(document.text) for fact in facts] == [
        "新认定的甲类企业",
        "乙类企业",
        "丙类企业",
    ]


def test_classes_that_share_words_are_conditions() -> None:
    document, facts = _facts("对初次认定的国家、省级企业技术中心，分别给予100万元、30万元奖励。")
    assert [fact.amounts[0].value for fact in facts] == [1_000_000, 300_000]
    assert all(fact.beneficiaries[0].of(document.text).endswith("企业技术中心") for fact in facts)
    assert "国家" in facts[0].conditions[0].of(document.text)


def test_fewer_sums_than_classes_stay_in_one_fact() -> None:
    _, (fact,) = _facts("对认定的智能工厂、数字化车间和自动化生产线，分别给予50万元、30万元奖励。")
    assert fact.is_whole
    assert [amount.value for amount in fact.amounts] == [500_000, 300_000]


@pytest.mark.parametrize("classes", [60, 400, 417])
def test_no_figure_of_a_very_long_list_goes_to_another_class(classes: int) -> None:
    names = "、".join(f"第{number:04}企业" for number in range(1, classes + 1))
    sums = "、".join(f"{number}万元" for number in range(1, classes + 1))
    document, facts = _facts(f"第一条 对{names}，分别给予{sums}奖励。")
    assert facts
    for fact in facts:
        own = [who.of(document.text)[1:5] for who in fact.beneficiaries]
        assert fact.is_whole or own == [f"{int(amount.value / 10_000):04}" for amount in fact.amounts]


@pytest.mark.parametrize("lead", range(10))
def test_a_run_without_commas_is_not_cut_within_a_number(lead: int) -> None:
    body = "第一条 " + "企" * lead + "给予企业100.5万元" * 300
    ends = {sentence.text[-1] for sentence in sentences_of(_paper(body))}
    assert not ends & set("0123456789.")


def test_a_limit_far_behind_what_is_given_is_not_its_own() -> None:
    near = "最高不超过500万元。"
    _, facts = _facts("第一条 对企业按投资额的30%给予补助。" + near * 300)
    assert facts[0].amounts
    assert all(fact.quote.end - fact.quote.start < 5_000 for fact in facts)


def test_steps_joined_by_or_are_one_fact() -> None:
    _, (fact,) = _facts("对入选的创新团队，按规定给予300万元或1000万元支持。")
    assert not fact.is_whole
    assert [amount.bound for amount in fact.amounts] == [Bound.EXACT, Bound.EXACT]
    assert fact.amount_reference is not None


def test_a_range_shares_its_unit() -> None:
    document, (fact,) = _facts("对引进的展会，每个展会给予补贴50—200万元。")
    (amount,) = fact.amounts
    assert amount.bound is Bound.RANGE
    assert (amount.value, amount.upper) == (Decimal(500_000), Decimal(2_000_000))
    assert amount.per is not None
    assert amount.per.of(document.text) == "每个展会"


def test_a_rate_has_its_base_and_its_cap() -> None:
    document, (fact,) = _facts("对新建项目，按实际投资额的20%给予补助，单个项目最高不超过500万元。")
    assert fact.rate is not None
    assert fact.rate.base is not None
    assert (fact.rate.value, fact.rate.base.of(document.text)) == (Decimal("0.2"), "实际投资额")
    assert [(amount.value, amount.role) for amount in fact.amounts] == [(Decimal(5_000_000), Role.CAP)]


def test_a_cap_in_the_next_sentence_belongs_to_the_rates_before_it() -> None:
    _, facts = _facts(
        "对甲类项目，按投资额的20%给予补助；对乙类项目，按投资额的30%给予补助。单个项目最高不超过500万元。"
    )
    assert [fact.amounts[0].value for fact in facts] == [5_000_000, 5_000_000]


@pytest.mark.parametrize(
    "body",
    [
        "对年销售收入过5000万元的企业，加强服务。",
        "固定资产投资5000万元以上的项目优先立项。",
        "培育营业收入超20亿元的平台2家。",
        "骗取奖励资金的，追回已拨付的奖励100万元。",
    ],
)
def test_a_sum_that_is_not_given_is_no_fact(body: str) -> None:
    _, facts = _facts(body)
    assert not [fact for fact in facts if fact.kind is FactKind.MONEY]


def test_an_item_takes_its_beneficiary_from_the_lead_in() -> None:
    document, facts = _facts(
        "对新认定的研发机构给予下列奖励：\n（一）国家级，奖励100万元；\n（二）省级，奖励50万元。"
    )
    assert [fact.amounts[0].value for fact in facts if fact.amounts] == [1_000_000, 500_000]
    assert {fact.beneficiaries[0].of(document.text) for fact in facts if fact.amounts} == {"新认定的研发机构"}


def test_each_class_keeps_its_own_threshold() -> None:
    document, facts = _facts("对营业收入首次突破100亿元、50亿元的企业，分别给予200万元、100万元奖励。")
    assert [[limit.span.of(document.text) for limit in fact.thresholds] for fact in facts] == [
        ["突破100亿元"],
        ["50亿元"],
    ]


def test_a_rate_is_shared_by_the_caps_of_a_list() -> None:
    _, facts = _facts(
        "对开展临床试验的新药，完成I期、II期、III期试验的，按研发费用的20%，分别给予最高500万元、1000万元、2000万元资助。"
    )
    assert [fact.amounts[0].value for fact in facts] == [5_000_000, 10_000_000, 20_000_000]
    assert {fact.rate.value for fact in facts if fact.rate} == {Decimal("0.2")}
    assert {fact.amounts[0].role for fact in facts} == {Role.CAP}


@pytest.mark.parametrize(
    ("body", "shares"),
    [
        ("对入驻企业给予租金补贴，前两年全额补贴、第三年补贴50%。", ["1", "0.5"]),
        ("返还比例由上年度实际缴费的50%提高到60%。", ["0.6"]),
        ("对承租国有房屋的企业，2月免收房租，3—4月房租减半。", [None, "0.5"]),
        ("裁员率不超过职工总数20%的，参照返还政策给予补助。", [None]),
        ("500万元以下的企业，给予补助。", [None]),
    ],
)
def test_each_period_has_its_share(body: str, shares: list[str | None]) -> None:
    _, facts = _facts(body)
    assert [str(fact.rate.value) if fact.rate else None for fact in facts] == shares


def test_money_without_a_sum_refers_to_where_it_is_written() -> None:
    document, (fact,) = _facts("对新认定的企业，按规定给予补助。")
    assert fact.is_paid_without_sum
    assert fact.amount_reference is not None
    assert fact.amount_reference.of(document.text) == "按规定"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("按贷款利息的50%给予贴息。", FactKind.INTEREST),
        ("给予企业最高500万元的担保贷款。", FactKind.LOAN),
        ("设立总规模50亿元的产业引导基金。", FactKind.FUND),
        ("对小微企业，减免租金50%。", FactKind.FEE),
        ("减按15%的税率征收企业所得税。", FactKind.TAX),
        ("为小微企业提供1亿元的融资担保。", FactKind.GUARANTEE),
        ("对商贸企业，担保费率降至1.5%以下。", FactKind.GUARANTEE),
        ("租用标准厂房的，租金按市场价的50%收取。", FactKind.FEE),
        ("对受灾企业，城镇土地使用税减按50%征收。", FactKind.TAX),
        ("工业用气价格下浮10%。", FactKind.FEE),
    ],
)
def test_the_kind_is_that_of_the_words_around_the_sum(body: str, kind: FactKind) -> None:
    _, facts = _facts(body)
    assert [fact.kind for fact in facts] == [kind]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("用人单位吸纳退役军人就业，稳定就业1年以上的，按每人1万元给予补贴。", "用人单位"),
        ("支持企业建设工业互联网平台，给予最高500万元补助。", "企业"),
        ("在主板上市的企业，给予500万元奖励。", "在主板上市的企业"),
        ("首次认定为省级重点企业，奖励20万元。", "省级重点企业"),
        ("项目验收结题的，给予承接方最高500万元支持。", "承接方"),
        ("有条件的市对创新药企业给予50万元补助。", "创新药企业"),
        ("支持企业孵化器、众创空间等载体减免租金，给予10万元补助。", "企业孵化器、众创空间等载体"),
        ("加大支持。对新认定的企业给予10万元补助。同等条件下，支持比例可提高到70%。", "新认定的企业"),
        ("每年认定10家左右重点企业研究院，每家给予500万元支持。", "重点企业研究院"),
        ("支持产业平台发布研发计划，单个研发项目最高支持500万元。", "研发项目"),
        ("符合条件的企业，可按规定享受社会保险补贴。", "符合条件的企业"),
        ("高校毕业生创业的，给予5000元补贴。", "高校毕业生"),
        ("每吸引一家企业落户，给予引荐单位5万元奖励。", "引荐单位"),
        ("园区管委会对减租的业主给予50万元补助。", "减租的业主"),
        ("2026年继续对不裁员的企业，返还保险费的50%。", "不裁员的企业"),
        ("鼓励商场、市场方对中小租户给予30万元补贴。", "中小租户"),
        ("新纳入统计的商贸企业：批发企业年销售额达到1亿元，给予奖励5万元。", "批发企业"),
    ],
)
def test_the_beneficiary_is_read_from_what_stands_before(body: str, who: str) -> None:
    document, facts = _facts(body)
    assert [span.of(document.text) for span in facts[-1].beneficiaries] == [who]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("本办法适用于在本市注册的软件企业。", ["在本市注册的软件企业"]),
        ("本办法支持对象为在本市注册的软件企业。", ["在本市注册的软件企业"]),
        ("同一企业每年累计获得奖励资金不超过500万元。", ["同一企业"]),
        ("享受过本政策奖励的企业，5年内不得迁出本市。", ["享受过本政策奖励的企业"]),
        ("本办法自2026年1月1日起施行，有效期3年。", []),
    ],
)
def test_a_rule_names_whom_it_holds_for(body: str, who: list[str]) -> None:
    document, facts = _facts(body)
    (rule,) = [fact for fact in facts if fact.rule is not None]
    assert [span.of(document.text) for span in rule.beneficiaries] == who


def test_the_limit_of_a_payment_and_the_years_of_a_pledge_are_no_facts_of_their_own() -> None:
    _, facts = _facts("对购置货车的企业，每辆补贴2万元，单个企业补贴总额不超过50万元。")
    assert [fact.kind for fact in facts] == [FactKind.MONEY]
    _, facts = _facts("单个企业每年享受本政策的奖励总额最高不超过1000万元。")
    assert [fact.kind for fact in facts] == [FactKind.RULE]
    _, facts = _facts("享受本政策的企业应承诺10年内注册地不迁离本区，否则应退还扶持资金。")
    assert [fact.kind for fact in facts] == [FactKind.RULE]


def test_a_benefit_without_a_sum_names_its_parties() -> None:
    document, facts = _facts("对已获批的创新医疗器械，开辟挂网绿色通道。")
    assert any("已获批的创新医疗器械" in [s.of(document.text) for s in fact.beneficiaries] for fact in facts)


def test_a_sentence_does_not_end_inside_brackets() -> None:
    document, (fact,) = _facts("（联系人：甲；电话：12345678）对在建项目，给予50万元补助。")
    assert [span.of(document.text) for span in fact.beneficiaries] == ["在建项目"]


@pytest.mark.parametrize(
    ("words", "sign", "value"),
    [
        ("对年销售收入过5000万元的企业", ">", "50000000"),
        ("对规模500亩（含500亩）以上的基地", ">=", "500"),
        ("对超过20笔（含）的机构", ">=", "20"),
        ("对职工不超过300人的企业", "<=", "300"),
        ("对留用率达到60%以上的单位", ">=", "0.6"),
    ],
)
def test_a_threshold_compares_as_the_words_do(words: str, sign: str, value: str) -> None:
    _, (fact,) = _facts(f"{words}，给予5万元奖励。")
    assert [(limit.comparison, limit.value) for limit in fact.thresholds] == [(sign, Decimal(value))]
