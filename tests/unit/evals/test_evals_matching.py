import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measures.matching import contains, contains_fact, contains_facts, normal

CHINESE = st.text(alphabet="政办发〔〕（）2026年15号万元500，。、—“”  \nＡａ①", max_size=30)


@given(CHINESE)
def test_normal_form_is_a_fixed_point(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(CHINESE, CHINESE, CHINESE)
def test_a_quote_is_found_in_what_surrounds_it(before: str, quote: str, after: str) -> None:
    # Surrounded by characters that do not combine, so that no bracket or composed character spans the border.
    assert contains(f"{before}|{quote}|{after}", quote) == bool(normal(quote))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_is_a_fact_only_of_itself(one: int, other: int) -> None:
    assert contains_fact([f"奖补{one}万元"], f"{other}万元") == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("到 2030 年", "到2030年"),
        ("湘政办发〔2026〕15号", "湘政办发[2026]15号"),
        ("湘政办发【2026】15号", "湘政办发(2026)15号"),
        ("3—5个", "3-5个"),
        ("3－5个", "3–5个"),
        ('"白 名单"机制', "“白名单”机制"),
        ("「白名单」机制", "'白名单'机制"),
        ("（License-out）", "(license-OUT)"),
        ("７％", "7%"),
    ],
)
def test_spellings_that_count_as_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_brackets_that_hold_no_year_stay() -> None:
    assert normal("〔知识产权局〕") != normal("（知识产权局）")


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("2025年", "5年"),
        ("1500万元", "500万元"),
        ("1,500万元", "500万元"),
        ("2.5%", "5%"),
        ("1500万元", "1500万元年"),
        ("第15号", "第1"),
        ("数字化水平2.0", "水平2"),
        ("1,500", "1"),
    ],
)
def test_a_fact_does_not_continue_a_longer_number(text: str, fact: str) -> None:
    assert not contains_fact([text], fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("2025年起，5年内", "5年"),
        ("500万元、100万元", "100万元"),
        ("到2027年,5家", "5家"),
        ("1500万元", "万元"),
        ("第8,5条", "5条"),
        ("4 周以内", "4周"),
    ],
)
def test_a_fact_is_found_where_it_is_separate(text: str, fact: str) -> None:
    assert contains_fact([text], fact)


def test_a_fact_does_not_reach_over_two_texts() -> None:
    assert not contains_fact(["有效期5", "年"], "5年")


def test_one_alternative_of_every_group_is_needed() -> None:
    texts = ["连续支持3年", "每年500万元"]
    assert contains_facts(texts, [("五百万元", "500万元"), ("3年",)])
    assert not contains_facts(texts, [("500万元",), ("4年", "四年")])
    assert contains_facts(texts, [])
