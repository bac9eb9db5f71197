"""Premises of a question, compared with the paper."""

from __future__ import annotations

import pytest

from corpus.model import Responsibility, Span
from corpus.notation.figures import FigureKind
from rag.answer.content.premise import charge_claims, claims, contradicted, wrong_charge


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("听说设备奖励能到50%，要交什么材料？", ["50"]),
        ("单个项目奖励是3000万元封顶，是先拨钱吗？", ["30000000"]),
        ("要求医院每月开一次会，我们怎么安排？", ["月", "1次"]),
        ("首次获批能拿1000万元，怎么领？", ["10000000"]),
        ("这份意见有效期十年，对不对？", ["10年"]),
        ("同一家公司一年最多能拿1亿元奖补，没错吧？", ["100000000"]),
        ("听说一年只用开一次会", ["年", "1次"]),
    ],
)
def test_figures_said_to_be_in_the_paper_are_claims(question: str, values: list[str]) -> None:
    assert [claim.value for claim in claims(question)] == values


@pytest.mark.parametrize(
    "question",
    [
        "我们的普通药单品一年卖8000万，够格吗？",
        "超500亿元的企业要培育几家？",
        "最多能补多少钱？",
        "独家药年销6000万，能报吗？",
        "按什么算补助、最多给几百万？",
        "听说要培育几十家企业",
    ],
)
def test_figures_of_the_asker_and_names_of_classes_are_none(question: str) -> None:
    assert claims(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "科技创新中心三年能拿1500万元吗？",
        "奖500万，三年一共1500万，对吧？",
        "一个医院两个项目最多能拿1600万元吗？",
    ],
)
def test_sums_that_the_asker_reckons_are_none(question: str) -> None:
    assert [claim for claim in claims(question) if claim.kind is FigureKind.MONEY] == []


def test_what_is_asserted_to_be_reached_is_a_claim() -> None:
    assert [claim.value for claim in claims("到2027年营业收入达到3000亿元，对吗？")] == [
        "2027",
        "300000000000",
    ]
    assert _wrong("产业营业收入达到3000亿元，对吗？", "到2027年，营业收入达到2500亿元。")
    assert not _wrong("集群规模超过1万亿元，对吗？", "我省产业集群规模超万亿元。")


def test_a_body_asserted_to_be_in_charge_is_compared_with_the_units() -> None:
    (claim,) = charge_claims("人才队伍建设是市财政局牵头的，对吗？")
    (other,) = charge_claims("这事归药监局管吧？")
    assert charge_claims("这事由哪个局负责？") == []
    duty = Responsibility(
        lead=("市委组织部", "市药品监督管理局"), participants=("市财政局",), span=Span(0, 1)
    )
    assert wrong_charge(claim, duty)  # it takes part, but does not lead
    assert not wrong_charge(other, duty)
    assert wrong_charge(other, Responsibility(lead=(), participants=("市教育局",), span=Span(0, 1)))
    assert not wrong_charge(other, Responsibility(lead=(), participants=(), span=Span(0, 1)))


def _wrong(question: str, paper: str) -> bool:
    return any(contradicted(claim, [paper]) for claim in claims(question))


def test_another_figure_of_the_same_kind_contradicts() -> None:
    paper = "对首次获批的企业，给予不超过500万元一次性奖补，审评时限从200个工作日压缩至80个工作日。"
    assert _wrong("听说能拿1000万元？", paper)
    assert not _wrong("听说能拿五百万元？", paper)
    assert not _wrong("听说能拿50%？", paper)


def test_what_a_figure_was_before_is_not_what_applies() -> None:
    paper = "审评时限从200个工作日压缩至80个工作日。"
    assert _wrong("还得等200个工作日，是吗？", paper)
    assert not _wrong("只要80个工作日，是吗？", paper)


def test_a_year_agrees_with_a_day_of_it() -> None:
    assert not _wrong("是2017年发的吧？", "2017年12月10日")
    assert _wrong("是2019年发的吧？", "2017年12月10日")


def test_the_asker_s_own_figure_is_no_claim_even_where_something_is_asserted() -> None:
    assert claims("听说我们公司一年卖8000万元就能申报") == []
    assert claims("听说就能奖8000万元") != []
