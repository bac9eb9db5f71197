"""Sums that are not given, not whole or not certain: thresholds, denied payments, ends of numbers, limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from corpus.facts.extract import facts_of
from corpus.facts.model import Bound, Fact, FactKind, Role
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse


def _read(body: str) -> tuple[Document, list[Fact]]:
    loaded = load(f"关于支持产业的规定\n第一条 {body}\n".encode(), name="paper.txt")
    document = parse(loaded, document_id="paper")
    return document, [fact for fact in facts_of(document).facts if fact.kind is FactKind.MONEY]


@pytest.mark.parametrize(
    ("body", "sums", "limits"),
    [
        (
            "对总投资5000万元以上的给予50万元补助，1亿元以上的给予200万元补助。",
            [500_000, 2_000_000],
            [{50_000_000}, {100_000_000}],
        ),
        (
            "对总投资5000万元以上的企业给予50万元补助；1亿元（含）以上的给予200万元补助。",
            [500_000, 2_000_000],
            [{50_000_000}, {100_000_000}],
        ),
        (
            "对总投资1000万元—5000万元的给予50万元补助，5000万元（含）—1亿元的给予100万元补助。",
            [500_000, 1_000_000],
            [{10_000_000, 50_000_000}, {50_000_000, 100_000_000}],
        ),
        ("对营业收入首次突破1亿元的奖励20万元。", [200_000], [{100_000_000}]),
        (
            "对营业收入1亿元以上的一次性奖励20万元，10亿元以上的每家奖励100万元。",
            [200_000, 1_000_000],
            [{100_000_000}, {1_000_000_000}],
        ),
        (
            "对产值增长10%以上的企业奖励5万元，增长20%以上的奖励10万元。",
            [50_000, 100_000],
            [{Decimal("0.1")}, {Decimal("0.2")}],
        ),
        (
            "对投资1亿元以上的企业给予50万元奖励，其中增长20%以上的奖励100万元。",
            [500_000, 1_000_000],
            [{100_000_000}, {100_000_000, Decimal("0.2")}],
        ),
        ("对园区给予50万元—100万元的一次性奖励。", [500_000], [set()]),
        ("对园区给予100万元以上的一次性奖励。", [1_000_000], [set()]),
    ],
)
def test_a_figure_before_words_of_giving_is_what_must_be_reached(
    body: str, sums: list[int], limits: list[set[int | Decimal]]
) -> None:
    _, facts = _read(body)
    assert [fact.amounts[0].value for fact in facts] == sums
    assert [{limit.value for limit in fact.thresholds} for fact in facts] == limits
    assert all(len(fact.amounts) == 1 for fact in facts)


def test_a_step_keeps_the_noun_of_the_step_before_it() -> None:
    document, facts = _read("对总投资5000万元以上的企业给予50万元补助，1亿元（含）以上的给予200万元补助。")
    assert [[who.of(document.text) for who in fact.beneficiaries] for fact in facts] == [
        ["总投资5000万元以上的企业"],
        ["企业"],
    ]
    assert [[one.of(document.text) for one in fact.conditions] for fact in facts] == [
        ["总投资5000万元以上"],
        ["1亿元（含）以上"],
    ]


@pytest.mark.parametrize(
    "body",
    [
        "不得给予100万元以上奖励。",
        "取消对企业100万元的奖励。",
        "取消对新认定的企业100万元的奖励。",
        "取消原100万元奖励。",
        "停止执行原按投资额10%给予补助的政策。",
        "原规定“按投资额10%给予补助”同时废止。",
        "自明年起不再给予企业100万元奖励。",
        "对企业100万元的奖励不再执行。",
        "废止原规定“对企业给予300万元奖励”。",
        "例如，甲企业投资1000万元，按20%补助200万元。",
    ],
)
def test_a_payment_that_is_denied_or_invented_is_no_fact(body: str) -> None:
    assert not _read(body)[1]


@pytest.mark.parametrize(
    "body",
    [
        "对不再享受原政策的企业给予100万元奖励。",
        "对不再对外担保的企业给予100万元奖励。",
        "停止生产后给予企业100万元奖励。",
        "对企业不再要求提供担保，给予100万元奖励。",
        "取消限制，对企业给予100万元奖励。",
        "对企业给予奖励，不得低于100万元。",
        "对企业给予100万元奖励（例如租金，可补助5万元）。",
    ],
)
def test_a_denial_of_something_else_takes_no_payment_away(body: str) -> None:
    (fact,) = _read(body)[1]
    assert [amount.value for amount in fact.amounts] == [1_000_000]


@pytest.mark.parametrize(
    "written", ["1OO", "l00", "1O0", "1e3", "-20", "数百", "上千", "几十", "几百", "十几"]
)
def test_the_end_of_a_number_is_no_sum(written: str) -> None:
    document, (fact,) = _read(f"对新认定的企业给予{written}万元奖励。")
    assert fact.is_paid_without_sum
    assert written in fact.quote.of(document.text)


def test_a_number_broken_over_two_lines_is_no_sum() -> None:
    assert not [amount for fact in _read("对企业给予3\n0万元奖励。")[1] for amount in fact.amounts]


@pytest.mark.parametrize(
    ("written", "value", "bound"),
    [
        ("2，000", 20_000_000, Bound.EXACT),
        ("2,000", 20_000_000, Bound.EXACT),
        ("近百", 1_000_000, Bound.APPROX),
        ("近100", 1_000_000, Bound.APPROX),
        ("5-20", 50_000, Bound.RANGE),
    ],
)
def test_a_whole_number_is_read_as_it_is_written(written: str, value: int, bound: Bound) -> None:
    _, (fact,) = _read(f"对新认定的企业给予{written}万元奖励。")
    assert [(amount.value, amount.bound) for amount in fact.amounts] == [(Decimal(value), bound)]


def test_the_least_and_the_most_belong_to_the_rate() -> None:
    _, (fact,) = _read("对企业按超出部分的5%给予奖励，最低10万元，最高100万元。")
    assert fact.rate is not None
    assert fact.rate.value == Decimal("0.05")
    assert [(one.value, one.bound, one.role) for one in fact.amounts] == [
        (Decimal(100_000), Bound.MIN, Role.CAP),
        (Decimal(1_000_000), Bound.MAX, Role.CAP),
    ]


def test_a_limit_of_all_that_one_gets_is_only_a_rule() -> None:
    document, (fact,) = _read("对企业给予50万元奖励。同一企业每年享受奖励总额不超过500万元。")
    assert [amount.value for amount in fact.amounts] == [500_000]
    assert fact.quote.of(document.text) == "对企业给予50万元奖励"
    assert [one.kind for one in facts_of(document).facts] == [FactKind.MONEY, FactKind.RULE]


def test_a_quote_leaves_out_purposes_and_remarks_before_it() -> None:
    document, (fact,) = _read("为推动产业发展，对新认定的企业给予50万元奖励。")
    assert fact.quote.of(document.text) == "对新认定的企业给予50万元奖励"


def test_a_quote_leaves_out_what_is_given_before_it() -> None:
    document, facts = _read("对新认定的企业给予50万元奖励，每年按运行费用的20%给予补助，最高30万元。")
    assert [fact.quote.of(document.text) for fact in facts] == [
        "对新认定的企业给予50万元奖励",
        "每年按运行费用的20%给予补助，最高30万元",
    ]
    assert {who.of(document.text) for fact in facts for who in fact.beneficiaries} == {"新认定的企业"}


def _words(document: Document, fact: Fact) -> set[str]:
    return {span.of(document.text) for span in (*fact.beneficiaries, *fact.conditions)}


@pytest.mark.parametrize(
    ("body", "steps"),
    [
        (
            "对冷库建设投资在30万元以上至60万元以下、60万元以上的企业，分别给予投资额4%、6%的补助。",
            ["30万元以上至60万元以下", "60万元以上"],
        ),
        (
            "对年度服务农户数达200户以上、800户以上的服务站，分别给予奖励1万元、3万元。",
            ["200户以上", "800户以上"],
        ),
        ("经国家、省级评定为节水灌区的单位，分别奖励30万元、10万元。", ["国家", "省级"]),
        (
            "展销期间茶叶获得省级以上（含省级）或市级金奖（名茶奖、茶王奖）、银奖（其他奖）的，每个产品分别奖励2000元和1000元。",
            ["金奖", "银奖"],
        ),
        (
            "给予每家参会企业场租费60%补助，赴县外、市外、省外参会每个展台补助不超过2000元、4000元、9000元。",
            ["县外", "市外", "省外"],
        ),
    ],
)
def test_each_of_a_list_has_its_own_step_or_class(body: str, steps: list[str]) -> None:
    document, facts = _read(body)
    assert len(facts) == len(steps)
    for fact, step in zip(facts, steps, strict=True):
        assert any(words.endswith(step) for words in _words(document, fact)), _words(document, fact)
        assert not any(other in _words(document, fact) for other in steps if other != step)


def test_what_is_said_behind_that_is_states_the_sums_of_a_promise() -> None:
    document, facts = _read(
        "对新建的牧场，按其缴纳的草场费给予牧户连续4年补贴，即：前1年给予草场费90%的补贴，后3年给予草场费40%的补贴，"
        "每年最高补贴不超过70万元。"
    )
    assert [fact.rate and fact.rate.value for fact in facts] == [Decimal("0.9"), Decimal("0.4")]
    assert [[one.value for one in fact.amounts] for fact in facts] == [[700_000], [700_000]]
    assert all(any("牧场" in words for words in _words(document, fact)) for fact in facts)


def test_what_is_had_besides_is_nothing_given() -> None:
    _, facts = _read("对通过验收的灌区，除享受省级财政补助外，再给予一次性8万元奖励。")
    assert [[int(one.value) for one in fact.amounts] for fact in facts] == [[80_000]]


def test_stages_in_which_something_is_paid_out_are_no_sums() -> None:
    _, facts = _read("奖励按项目开工、封顶和投产3个阶段，分别按应奖励额的20%、30%和50%兑现。")
    assert facts == []


def test_who_gets_nothing_is_not_whom_the_next_sentence_is_for() -> None:
    document, facts = _read("转让取得的品种权，不予资助。获得国外品种权的，每件给予资助4万元。")
    assert [_words(document, fact) for fact in facts] == [{"获得国外品种权的", "获得国外品种权"}]


def test_a_class_before_a_colon_restricts_each_class_behind_it() -> None:
    document, facts = _read(
        "新登记且年增速达30%以上的运输企业：客运企业年客运量达到5万人次，给予奖励6万元；货运企业年营业收入达到"
        "3000万元，给予奖励7万元。对仓储企业，给予奖励8万元。"
    )
    heads = [{"新登记", "年增速达30%以上"} & _words(document, fact) for fact in facts]
    assert heads == [{"新登记", "年增速达30%以上"}] * 2 + [set()]
