"""Questions after the meaning of a term are answered by the clause that defines it."""

from __future__ import annotations

import pytest
from assembled import assistant_over, written

from index.model import Embedder
from rag.evidence.definitions import defined_term, defines
from rag.model import Answer, Question

_PAPER = (
    "澄湖市船坞管理办法\n"
    "第一条 船坞经营者应当保持应急泊位，每月检查应急泊位，并公布应急泊位的数量。\n"
    "第二条 应急泊位由经营者维护。\n"
    "第三条 本办法所称应急泊位，是指平时空着、出事时使用的位置。\n"
)


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("应急泊位是什么意思？", "应急泊位"),
        ("办法里说的“应急泊位”指什么？", "应急泊位"),
        ("什么是应急泊位？", "应急泊位"),
        ("何謂應急泊位", "应急泊位"),
        ("应急泊位多久检查一次？", ""),
        ("应急泊位有什么要求？", ""),
    ],
)
def test_the_term_whose_meaning_is_asked_for(question: str, term: str) -> None:
    assert defined_term(question) == term


@pytest.mark.parametrize(
    "text", ["应急泊位：空着的位置", "本办法所称应急泊位，是指空着的位置", "“应急泊位”指空着的位置"]
)
def test_forms_of_definitions(text: str) -> None:
    assert defines("应急泊位", text)


@pytest.mark.parametrize(
    "text", ["应当保持应急泊位：每月检查", "应急泊位的数量是指标之一", "", "应急泊位由经营者维护"]
)
def test_uses_of_a_term_are_no_definitions(text: str) -> None:
    assert not defines("应急泊位", text)


def test_the_defining_clause_is_quoted_first_with_the_term(tiny_embedder: Embedder) -> None:
    assistant = assistant_over([written("docks", _PAPER)], tiny_embedder)
    answer = assistant.ask(Question("澄湖市的应急泊位是什么意思？")).result
    assert isinstance(answer, Answer)
    first = answer.citations[0].citation
    assert first.clause.label == "第三条"
    assert "应急泊位，是指平时空着" in first.words
