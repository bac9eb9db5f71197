"""Misspelt questions: what is corrected, and what stays unchanged."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from assembled import assistant_over, five
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Clause
from index.model import Embedder
from index.terms.tokenize import terms
from rag.assistant import Assistant
from rag.language.spelling import Spelling, alike
from rag.model import Question, Turn

_TERMS = frozenset(term for document in five() for term in terms(document.text))


def _known(weights: Mapping[str, float]) -> float:
    return float(any(term in _TERMS for term in weights))


SPELLING = Spelling(known=_known)


@pytest.fixture(scope="module")
def assistant(tiny_embedder: Embedder) -> Assistant:
    return assistant_over(five(), tiny_embedder)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("湖南生物医要产业有什么目标？", "湖南生物医药产业有什么目标？"),
        ("首次获批的创新药奖历多少？", "首次获批的创新药奖励多少？"),
        ("中药配方颗立能报销吗", "中药配方颗粒能报销吗"),
        ("广东药事管里委员会多久开会", "广东药事管理委员会多久开会"),
        ("中药商标品牌站略归哪几家单未管", "中药商标品牌战略归哪几家单位管"),  # two of them
        ("biopharmacutical industry targets", "biopharmaceutical industry targets"),
    ],
)
def test_a_character_that_sounds_alike_is_put_right(typed: str, meant: str) -> None:
    assert SPELLING.corrected(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "方子能不能自己拿走",  # everyday words that the papers lack
        "红烧肉怎么做才好吃？",
        "财政的钱可以拿多少",
        "我发烧三十八度五，吃什么药好得快？",
        "上海张江的药企能拿多少研发补助？",  # a place
        "文件里的“生物医要”是什么意思",  # words in quotation marks
        "《生物医要产业条例》",
        "What does the committee review in the platforms it required?",
        "",
        "？！…",
    ],
)
def test_what_is_no_misspelling_stays(text: str) -> None:
    assert SPELLING.corrected(text) == text


@given(st.text(st.characters(exclude_categories=["Ll", "Lu", "Cs"]), max_size=60))
def test_a_character_is_put_right_by_one(text: str) -> None:
    found = SPELLING.corrected(text)
    assert len(found) == len(text)
    assert all(new == old or new in alike(old) for old, new in zip(text, found, strict=True))


@given(st.sampled_from([clause for document in five() for clause in document.clauses]), st.data())
def test_the_words_of_a_paper_are_never_touched(clause: Clause, data: st.DataObject) -> None:
    document = next(d for d in five() if clause in d.clauses)
    text = document.text_of(clause)
    start = data.draw(st.integers(0, max(0, len(text) - 40)))
    assert SPELLING.corrected(text[start : start + 40]) == text[start : start + 40]


def test_characters_are_alike_both_ways() -> None:
    assert "药" in alike("要")
    assert "理" in alike("里")
    assert all("要" in alike(other) for other in alike("要"))
    assert "要" not in alike("要")
    assert alike("a") == ()


def test_the_reading_is_shown_with_the_reply(assistant: Assistant) -> None:
    result = assistant.ask(Question("湖南省对生物医要有什么支持？")).result
    assert result.rewritten == "湖南省对生物医药有什么支持？"
    assert assistant.ask(Question("湖南省对生物医药有什么支持？")).result.rewritten == ""


def test_an_earlier_turn_is_put_right_too(assistant: Assistant) -> None:
    history = (Turn("user", "湖南生物医要产业的目标是什么？"), Turn("assistant", "……"))
    text = assistant.read(Question("浙江呢？", history=history)).understanding.text
    assert "生物医药" in text
    assert "医要" not in text
