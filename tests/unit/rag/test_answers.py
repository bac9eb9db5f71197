"""Kinds of questions and the outcomes of their answers, over the five papers."""

from __future__ import annotations

import pytest

from corpus.model import Status
from rag.assistant import Assistant
from rag.model import Answer, Outcome, Question, Refusal


def _answer(assistant: Assistant, text: str) -> Answer:
    result = assistant.ask(Question(text)).result
    assert isinstance(result, Answer), result.text
    return result


def _quotes(answer: Answer) -> list[str]:
    return [marked.citation.words for marked in answer.citations]


@pytest.mark.parametrize(
    "question", ["浙江第（六）条全文", "浙江第（六）条主要讲什么？", "浙江第（六）条的内容"]
)
def test_a_clause_asked_for_as_such_is_quoted_whole(assistant: Assistant, question: str) -> None:
    (quote,) = _quotes(_answer(assistant, question))
    assert quote.startswith("（六）支持开展临床试验项目。")
    assert quote.endswith("（责任单位：省卫生健康委、省财政厅、省经信厅）")


def test_a_chapter_asked_for_as_such_brings_the_headings_below(assistant: Assistant) -> None:
    quotes = _quotes(_answer(assistant, "湖南意见的第五部分讲什么？"))
    assert quotes == ["五、强化要素保障", "（十六）强化人才保障。", "（十七）加大金融支持。"]


def test_papers_looked_for_by_a_figure_hold_it(assistant: Assistant) -> None:
    answer = _answer(assistant, "5000万元是哪个文件规定的？")
    assert {marked.citation.document.id for marked in answer.citations} <= {"hunan", "yiyang"}
    assert all(
        "5000万元" in marked.citation.document.text_of(marked.citation.clause) for marked in answer.citations
    )


@pytest.mark.parametrize(
    "question", ["益阳的文件是不是已经失效了？", "广东这个方案是草案吗？", "益阳那份文件还有效吗？"]
)
def test_the_status_of_an_issued_paper_is_answered_with_number_and_date(
    assistant: Assistant, question: str
) -> None:
    answer = _answer(assistant, question)
    assert "为正式文件" in answer.text
    (document,) = {marked.citation.document.id for marked in answer.citations}
    assert assistant.status(assistant.document(document)) is Status.IN_FORCE
    number = assistant.document(document).head.doc_number
    assert number is not None
    assert number.value in _quotes(answer)


def test_a_draft_is_no_issued_paper(assistant: Assistant) -> None:
    answer = _answer(assistant, "浙江那份文件正式印发了吗？")
    assert "正式文件" not in answer.text
    assert answer.warnings == ("draft",)


def test_a_wrong_year_of_issue_is_corrected(assistant: Assistant) -> None:
    answer = _answer(assistant, "湖南文件是2021年发布的吧？")
    assert answer.outcome is Outcome.CORRECTED
    assert _quotes(answer) == ["2026年2月14日"]


def test_a_title_without_its_brackets_names_the_paper(assistant: Assistant) -> None:
    answer = _answer(assistant, "关于进一步推动广东生物医药产业高质量发展的行动方案第十条讲什么")
    assert [marked.citation.clause.label for marked in answer.citations] == ["十、"]


def test_a_region_without_a_paper_beside_one_with_is_named(assistant: Assistant) -> None:
    answer = _answer(assistant, "北京和浙江的医院多久召开一次药事会？")
    assert answer.outcome is Outcome.PARTIAL
    assert "北京：没有收录适用的文件。" in answer.text


def test_facts_of_a_paper_are_called_by_name(assistant: Assistant) -> None:
    text = _answer(assistant, "益阳29号文签发和印发是同一天吗？").text
    assert "成文日期“2017年12月10日”" in text
    assert "印发日期“2017年12月12日”" in text


def test_a_paper_outside_the_filter_is_not_answered_from_another(assistant: Assistant) -> None:
    result = assistant.ask(Question("湖南首次获批的创新药奖多少？", documents=("zhejiang",))).result
    assert isinstance(result, Refusal)
    assert "不在本次提问限定的范围内" in result.text


def test_a_place_below_the_filtered_province_is_answered_from_it(assistant: Assistant) -> None:
    answer = assistant.ask(Question("安化的中药材企业能拿奖补吗？", documents=("hunan",))).result
    assert {passage.document.id for passage in answer.passages} == {"hunan"}
