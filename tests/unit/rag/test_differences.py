"""Figures of a question compared with those of a sentence."""

from __future__ import annotations

import pytest
from asked import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.differences import Differences, differences

_SAME, _OTHER, _NONE = (
    Differences(same=1, other=0),
    Differences(same=0, other=1),
    Differences(same=0, other=0),
)


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("奖300万，对吧", "一次性奖补500万元", _OTHER),
        ("奖五百万，对吧", "一次性奖补500万元", _SAME),
        ("有60天来决定", "自受理申请之日起20日内作出决定", _OTHER),
        ("审核有两个月", "应当在15个工作日内完成审核", _OTHER),
        ("审核要一个月", "应当在30日内完成审核", _SAME),
        ("给补三成以上", "不低于10%的资金支持", _OTHER),
        ("给补一成", "不低于10%的资金支持", _SAME),
        ("2017年的吧", "2017年12月10日", _SAME),
        ("引进10家企业", "支持20个项目", _NONE),
        ("最多几百万", "最高500万元", _NONE),
        ("基金一成立就能申请", "不低于20%", _NONE),
        ("谁来牵头", "奖补500万元", _NONE),
    ],
)
def test_figures_of_one_kind_are_compared_as_numbers(
    question: str, sentence: str, found: Differences
) -> None:
    assert differences(question, sentence) == found


@given(st.integers(1, 9999), st.sampled_from(["万元", "%", "家", "个月", "个工作日", "年"]))
def test_what_the_sentence_says_itself_is_no_difference(number: int, unit: str) -> None:
    assert differences(f"是{number}{unit}吧", f"标准为{number}{unit}。").other == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_can_be_compared(text: str) -> None:
    assert differences(text, text).other == 0
