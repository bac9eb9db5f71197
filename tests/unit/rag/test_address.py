"""Clauses that a question names by number."""

from __future__ import annotations

from itertools import pairwise

import pytest
from assembled import even, five, five_listed, listed, paper
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Kind
from rag.model import Question
from rag.question.clause_addresses import addressed, addresses, label_number
from rag.question.understand import understand
from rag.ranking import TermWeights

_PIECES = [
    "第",
    "（",
    "）",
    "四",
    "二十八",
    "28",
    "条",
    "章",
    "款",
    "、",
    "．",
    "二",
    "一",
    "的",
    "和",
    "主要任务",
    "里",
]
_NUMBERED = [
    (document.id, clause.id, "".join(clause.path))
    for document in five()
    for clause in document.clauses
    if clause.kind in (Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM)
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)))
def test_any_text_is_taken(text: str) -> None:
    found = addresses(text)
    assert all(text[one.start : one.end] for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for document in five():
        clauses = addressed(document, text)
        assert len({clause.id for clause in clauses}) == len(clauses)
        assert bool(clauses) <= bool(found)


@pytest.mark.parametrize(("document_id", "clause_id", "path"), _NUMBERED)
def test_a_written_path_leads_to_its_clause_alone(document_id: str, clause_id: str, path: str) -> None:
    document = paper(document_id)
    for text in (path, f"文件{path}", f"{path}的责任单位是谁？", f"{path}里讲了什么"):
        assert [clause.id for clause in addressed(document, text)] == [clause_id]


@pytest.mark.parametrize(
    ("document_id", "text", "expected"),
    [
        ("hunan", "第（四）条", ["一、（四）"]),
        ("hunan", "第四条", ["一、（四）"]),
        ("hunan", "第４条", ["一、（四）"]),
        ("hunan", "（十七）", ["五、（十七）"]),
        ("hunan", "第三章", ["三、"]),
        ("hunan", "第三部分", ["三、"]),
        ("hunan", "第十七条第二款", ["五、（十七）"]),
        ("hunan", "（三）（四）", ["一、（三）", "一、（四）"]),
        ("hunan", "第九十九条", []),
        ("hunan", "支持第一、二、三类医疗器械", []),
        ("hubei", "article 5", ["二、（五）"]),
        ("guangdong", "第二十八条", ["二十八、"]),
        ("guangdong", "第28条", ["二十八、"]),
        ("zhejiang", "第十七条和第十八条", ["六、（十七）", "七、（十八）"]),
        ("yiyang", "二、（一）1．", ["二、（一）1．"]),
        ("yiyang", "二、(一)1.", ["二、（一）1．"]),
        ("yiyang", "二（一）1", ["二、（一）1．"]),
        ("yiyang", "第二部分第（四）条", ["二、（四）"]),
        ("yiyang", "主要任务的（四）", ["二、（四）"]),
        ("yiyang", "主要任务的（四）和政策措施的（四）", ["二、（四）", "三、（四）"]),
        ("yiyang", "三、（二）和（三）", ["三、（二）", "三、（三）"]),
        ("yiyang", "（三）", ["一、（三）", "二、（三）", "三、（三）"]),
    ],
)
def test_addresses_as_people_write_them(document_id: str, text: str, expected: list[str]) -> None:
    assert [clause.id for clause in addressed(paper(document_id), text)] == expected


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("（四）", 4),
        ("第二十八条", 28),
        ("4．", 4),
        ("1.4", 4),
        ("③", 3),
        ("(12)", 12),
        ("附则", None),
        ("", None),
    ],
)
def test_the_number_of_a_label(label: str, number: int | None) -> None:
    assert label_number(label) == number


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("湘政办发〔2026〕15号第（四）条说了什么？", ["hunan#一、（四）"]),
        ("广东那个文件第二十八条", ["guangdong#二十八、"]),
        ("益阳文件的二、（一）1．由谁负责", ["yiyang#二、（一）1．"]),
        ("廣東第二十八條怎麼規定", ["guangdong#二十八、"]),
        ("What does Article 28 of the Guangdong plan say?", ["guangdong#二十八、"]),
        ("第二十八条说了什么", []),
    ],
)
def test_a_question_that_names_paper_and_article(question: str, expected: list[str]) -> None:
    understood = understand(Question(question), five_listed(), idf=even, counts=TermWeights())
    assert [clause.key for clause in understood.addressed] == expected
    assert not understood.missing_address


def test_an_article_the_paper_does_not_have_is_missed() -> None:
    assert understand(
        Question("湖南第九十九条"), five_listed(), idf=lambda _: 1.0, counts=TermWeights()
    ).missing_address


def test_where_one_paper_is_left_it_need_not_be_named() -> None:
    asked = Question("第二十八条说了什么", documents=("guangdong",))
    assert [c.key for c in understand(asked, five_listed(), idf=even, counts=TermWeights()).addressed] == [
        "guangdong#二十八、"
    ]
    alone = understand(
        Question("第二十八条说了什么"), listed(paper("guangdong")), idf=lambda _: 1.0, counts=TermWeights()
    )
    assert [c.key for c in alone.addressed] == ["guangdong#二十八、"]


@pytest.mark.parametrize(
    "question", ["湖南第{}条", "Hunan Article {}", "湘政办发〔2026〕{}号", "湖南奖{}万元吗"]
)
def test_numbers_without_end_are_no_error(question: str) -> None:
    understood = understand(
        Question(question.format("9" * 5000)), five_listed(), idf=lambda _: 1.0, counts=TermWeights()
    )
    assert not understood.addressed
