"""Clauses that only frame a paper are not quoted in place of those that say something."""

from __future__ import annotations

from datetime import date

import pytest
from assembled import assistant_over, clause_named, written

from corpus.model import Kind
from index.model import Embedder
from rag.evidence.framing import is_frame
from rag.model import Answer, Outcome, Question

_NOTICE = (
    "澄湖市科学技术局关于组织申报2026年船坞改造项目的通知\n澄科发〔2026〕5号\n各县科技局：\n"
    "现将2026年船坞改造项目申报有关事项通知如下。\n"
    "一、申报条件\n（一）申报单位应当注册满1年；\n（二）项目负责人年龄不超过55周岁。\n"
    "二、附则\n本通知自2026年1月1日起施行。\n澄湖市科学技术局\n2025年12月10日\n"
)
_DECISION = (
    "澄湖市人民政府关于废止部分文件的决定\n澄政发〔2026〕8号\n决定废止下列文件：\n"
    "一、《澄湖市船坞改造项目管理办法》（澄政发〔2020〕3号）\n"
    "二、《澄湖市渔港管理办法》（澄政发〔2019〕7号）\n"
    "澄湖市人民政府\n2026年3月1日\n"
)
_TABLE = (
    "澄湖市关于船坞收费的通知\n澄发改〔2025〕6号\n一、船坞收费按下表执行：\n"
    "项目\t单位\t收费标准（元）\n夜间停靠\t次\t35\n船体清洗\t平方米\t8\n"
    "二、本通知自2025年1月1日起施行。\n"
)


def test_titles_announcements_and_lists_of_papers_are_frames() -> None:
    notice, decision = written("notice", _NOTICE), written("decision", _DECISION)
    framing = {clause.kind for clause in notice.clauses if is_frame(notice, clause)}
    assert framing == {Kind.HEAD, Kind.PREAMBLE, Kind.SIGN_OFF}
    assert is_frame(decision, clause_named(decision, "一、"))
    assert is_frame(decision, clause_named(decision, "二、"))


def test_a_clause_that_only_cites_a_paper_is_no_frame() -> None:
    document = written(
        "rules", "澄湖市规定\n第一条 按照《澄湖市渔港管理办法》（澄政发〔2019〕7号）收费，每次十元。\n"
    )
    assert not is_frame(document, clause_named(document, "第一条"))


def test_the_rule_is_quoted_and_not_the_announcement(tiny_embedder: Embedder) -> None:
    assistant = assistant_over([written("notice", _NOTICE)], tiny_embedder, today=date(2026, 2, 1))
    ranked = assistant.read(Question("申报船坞改造项目的单位有什么条件？")).ranked
    framing = [is_frame(passage.document, passage.clause) for passage in ranked]
    assert framing == sorted(framing)
    assert not framing[0]


@pytest.mark.parametrize("question", ["夜间停靠一次收多少钱？", "澄湖市船坞夜间停靠收费多少钱？"])
def test_a_number_in_a_column_of_yuan_is_an_amount(question: str, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([written("fees", _TABLE)], tiny_embedder)
    answer = assistant.ask(Question(question)).result
    assert isinstance(answer, Answer), answer.text
    assert answer.outcome is Outcome.ANSWERED
    assert "夜间停靠\t次\t35" in answer.text
