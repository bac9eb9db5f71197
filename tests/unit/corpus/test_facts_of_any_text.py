"""Facts are read from any text without an error, and the text proves each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.extract import facts_of
from corpus.facts.proof import proved
from corpus.load import load
from corpus.model import Document
from corpus.parse import parse

_WORDS = (
    *(
        "对新建茶园的企业",
        "给予",
        "分别",
        "最高",
        "不超过",
        "500万元",
        "100万元、50万元",
        "20%",
        "投资额的",
        "一次性",
        "每年",
    ),
    *(
        "奖励",
        "补助",
        "贴息",
        "3个工作日内办结",
        "压缩50%",
        "到2027年",
        "培育企业3家以上",
        "力争",
        "自2025年3月1日起施行",
    ),
    *(
        "有效期5年",
        "（市财政局牵头）",
        "（以上培育企业3家）",
        "（",
        "）",
        "，",
        "、",
        "；",
        "。",
        "：",
        "\n",
        "一、",
        "（一）",
    ),
    *(
        "符合条件的",
        "就高不重复",
        "１０００ 万 元",
        "50—200万元",
        "以上",
        "以内",
        "下列",
        "同一企业每年合计不超过300万元",
    ),
)


def _paper(body: str) -> Document:
    text = f"白石市人民政府关于支持茶产业的若干措施\n\n一、支持建园\n\n{body}\n"
    return parse(load(text.encode(), name="tea.txt"), document_id="tea")


@given(words=st.lists(st.sampled_from(_WORDS), min_size=1, max_size=30))
def test_any_words(words: list[str]) -> None:
    document = _paper("".join(words))
    facts = facts_of(document)
    assert proved(document, facts)[1] == ()
    assert facts == facts_of(document)
    assert len({fact.id for fact in facts.facts}) == len(facts.facts)
    assert all(one.span.end <= len(document.text) for one in facts.sentences)


@pytest.mark.parametrize("body", ["（以上培育企业3家）", "牵头单位：市财政局，3家）", "（500万元）"])
def test_nothing_but_a_remark(body: str) -> None:
    assert proved(_paper(body), facts_of(_paper(body)))[1] == ()
