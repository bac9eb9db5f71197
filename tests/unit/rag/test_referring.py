"""A prohibition, and the clause that says what follows from breaking it."""

from __future__ import annotations

import pytest
from assembled import assistant_over, written

from index.model import Embedder
from rag.model import Answer, Outcome, Question

_PAPER = (
    "澄湖市船坞管理办法\n"
    "第一条 船坞经营者应当公布泊位数量。\n"
    "第二条 船坞经营者不得在夜间喷漆。\n"
    "{sanction}\n"
    "第四条 本办法自2025年3月1日起施行。\n"
)


@pytest.mark.parametrize(
    "sanction",
    [
        "第三条 违反前条规定的，处2000元以上8000元以下罚款。",
        "第三条 违反第二条规定的，处2000元以上8000元以下罚款。",
        "第三條 違反前條規定者，處2000元以上8000元以下罰款。",
    ],
)
def test_the_fine_is_quoted_beside_the_rule_that_it_is_for(sanction: str, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([written("docks", _PAPER.format(sanction=sanction))], tiny_embedder)
    answer = assistant.ask(Question("澄湖市船坞经营者在夜间喷漆罚多少钱？")).result
    assert isinstance(answer, Answer), answer.text
    assert answer.outcome is Outcome.ANSWERED
    quotes = [marked.citation.words for marked in answer.citations]
    assert any("不得在夜间喷漆" in words for words in quotes)
    assert any("8000元" in words for words in quotes)


@pytest.mark.parametrize(
    "sanction",
    [
        "第三条 违反《治安处罚办法》第二条规定的，处2000元以上8000元以下罚款。",
        "第三条 占用航道的，处2000元以上8000元以下罚款。",
    ],
)
def test_a_fine_for_something_else_is_none_for_the_rule(sanction: str, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([written("docks", _PAPER.format(sanction=sanction))], tiny_embedder)
    assert assistant.read(Question("澄湖市船坞经营者在夜间喷漆罚多少钱？")).referring is None
