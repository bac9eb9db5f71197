"""Questions whose answer is in an attachment that the paper only names: the reply says so."""

from __future__ import annotations

import pytest
from assembled import assistant_over, written
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Kind
from index.model import Embedder
from rag.answer.content.plan import Plan, Quoted
from rag.answer.content.unread_attachments import with_unread
from rag.assistant import Assistant
from rag.evidence.sentences import EvidenceList
from rag.model import Answer, Outcome, Question

_TEXT = """岚陂市交通局关于渡船检验有关事项的通知
岚交规〔2029〕3号
各区交通局：
一、渡船每年检验两次。检验收费按船长分档，收费标准见附件2。
二、渡船逾期未检验的，罚款300元。
附件：1．检验项目表
2．检验收费标准
岚陂市交通局
2029年4月2日"""
_ATTACHED = f"{_TEXT}\n附件2\n检验收费标准\n一、船长不满10米的，每次收费80元。\n"


def _paper(text: str) -> Document:
    return written("lanbei", text)


@pytest.fixture(scope="module")
def assistant(tiny_embedder: Embedder, papers: tuple[Document, ...]) -> Assistant:
    return assistant_over((*papers, _paper(_TEXT)), tiny_embedder)


def test_the_reply_quotes_the_reference_and_says_that_the_attachment_is_not_stored(
    assistant: Assistant,
) -> None:
    answer = assistant.ask(Question("岚陂市渡船检验收费标准是多少？")).result
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.PARTIAL
    assert "收费标准见附件2" in answer.text
    assert "附件2“检验收费标准”" in answer.text
    assert "没有收录" in answer.text
    assert all(marked.citation.clause.kind is not Kind.ATTACHMENT for marked in answer.citations)


def test_a_clause_that_answers_is_not_called_unread(assistant: Assistant) -> None:
    answer = assistant.ask(Question("岚陂市渡船逾期未检验罚款多少？")).result
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.ANSWERED
    assert "300元" in answer.text
    assert "没有收录" not in answer.text


@given(st.sampled_from([_TEXT, _ATTACHED]), st.integers(0, 20), st.sampled_from(Outcome))
def test_only_a_paper_without_the_attachment_lacks_it(text: str, at: int, outcome: Outcome) -> None:
    document = _paper(text)
    clause = document.clauses[at % len(document.clauses)]
    plan = Plan(outcome, (Quoted(document, clause, (clause.span,)),))
    found = with_unread(plan, EvidenceList(()))
    assert bool(found.quoted)
    if text == _ATTACHED:
        assert all(one.number != 2 for _, one in found.unread)
    if not found.unread:
        assert found == plan
    else:
        assert found.outcome is Outcome.PARTIAL
