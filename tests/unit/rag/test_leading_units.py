"""An answer that rests on the order of the units also quotes the rule that makes the first of them lead."""

from __future__ import annotations

import pytest
from assembled import assistant_over, written
from promises import broken

from corpus.structure.leading_rule import leading_rule
from index.model import Embedder
from rag.model import Answer, Question

_RULE = "位列第一的为牵头单位，下同"
_PAPER = f"""宁夏回族自治区人民政府关于支持枸杞产业发展的若干措施
宁政发〔2024〕8号
一、扩大枸杞种植面积，建设标准化基地。（责任单位：自治区林草局、自治区财政厅，{_RULE}）
二、建设枸杞数据库，开放检测数据。（责任单位：自治区数据局、自治区药监局）
三、举办枸杞博览会，扩大出口。（牵头单位：自治区商务厅；配合单位：自治区贸促会）
"""
_WITHOUT = _PAPER.replace(f"，{_RULE}", "")


def _answer(paper: str, question: str, embedder: Embedder) -> Answer:
    assistant = assistant_over([written("wolfberry", paper)], embedder)
    reply = assistant.ask(Question(question))
    assert broken(reply, assistant) == []
    assert isinstance(reply.result, Answer)
    return reply.result


@pytest.mark.parametrize(
    ("question", "first", "rule"),
    [
        ("宁夏建设枸杞数据库由哪个部门牵头？", "自治区数据局。", True),
        ("宁夏扩大枸杞种植面积由哪个部门牵头？", "自治区林草局。", True),  # in the quote itself
        ("宁夏举办枸杞博览会由哪个部门牵头？", "自治区商务厅。", False),  # the clause names it
        ("宁夏建设枸杞数据库由哪些部门负责？", "自治区数据局、自治区药监局。", False),
    ],
)
def test_the_rule_is_quoted_where_the_answer_rests_on_it(
    tiny_embedder: Embedder, question: str, first: str, rule: bool
) -> None:
    answer = _answer(_PAPER, question, tiny_embedder)
    assert answer.text.startswith(first)
    quotes = [marked.citation.words for marked in answer.citations]
    assert any(_RULE in quote for quote in quotes) is rule
    assert sum(_RULE in quote for quote in quotes) <= 1


def test_no_unit_leads_where_the_paper_has_no_such_rule(tiny_embedder: Embedder) -> None:
    answer = _answer(_WITHOUT, "宁夏建设枸杞数据库由哪个部门牵头？", tiny_embedder)
    assert len(answer.citations) == 1
    assert leading_rule(written("wolfberry", _WITHOUT)) is None


def test_the_rule_is_found_in_a_sentence_of_its_own() -> None:
    document = written(
        "wolfberry", _WITHOUT + "四、附则。本措施各项任务责任单位中排第一位的为牵头单位。自印发之日起施行。\n"
    )
    rule = leading_rule(document)
    assert rule is not None
    assert rule.span.of(document.text) == "本措施各项任务责任单位中排第一位的为牵头单位。"
