"""A document number that no paper has, in a question about a paper whose number resembles it."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.model import Answer, Language, Outcome, Question, Reason, Refusal


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("湘政办发〔2026〕51号就是湖南生物医药那份若干意见吧，帮我核对一下", "湘政办发〔2026〕15号"),
        ("广东的生物医药行动方案是粤府〔2024〕11号，没错吧？", "粤府办〔2024〕11号"),
        ("湖北的实施意见鄂政办发〔2042〕48号对龙头企业有什么要求？", "鄂政办发〔2024〕48号"),
        ("益阳那份意见落实的是哪些奖励政策，是“湘政办发〔2017〕53号”吧？", "湘政办发〔2017〕35号"),
    ],
)
def test_is_corrected_with_the_number_that_is_stated(
    assistant: Assistant, question: str, number: str
) -> None:
    answer = assistant.ask(Question(question)).result
    assert isinstance(answer, Answer), answer.text
    assert answer.outcome is Outcome.CORRECTED
    assert answer.text.startswith("问题中的文号与收录的文件不一致，以文件原文为准。\n")
    assert any(number in marked.citation.words for marked in answer.citations)


def test_is_corrected_beside_the_answer(assistant: Assistant) -> None:
    asked = Question("湖北的“鄂政办发〔2024〕84号”里，到2027年全省生物医药产业营业收入要达到多少？")
    answer = assistant.ask(asked).result
    assert isinstance(answer, Answer), answer.text
    first, *others = (marked.citation.words for marked in answer.citations)
    assert "鄂政办发〔2024〕48号" in first
    assert any("2500亿元" in words for words in others)


@pytest.mark.parametrize(
    ("question", "lead", "language"),
    [
        (
            "湖南那份若干意見是湘政辦發〔2026〕51號嗎？",
            "問題中的文號與收錄的文件不一致",
            Language.TRADITIONAL,
        ),
        (
            "Is the paper of Hunan on the biomedical industry, 湘政办发〔2026〕51号, still valid?",
            "No paper on file has the document number",
            Language.ENGLISH,
        ),
    ],
)
def test_the_correction_is_in_the_language_of_the_question(
    assistant: Assistant, question: str, lead: str, language: Language
) -> None:
    answer = assistant.ask(Question(question)).result
    assert isinstance(answer, Answer), answer.text
    assert answer.language is language
    assert answer.text.startswith(lead)


@pytest.mark.parametrize(
    "question",
    [
        "湖南湘政办发〔2021〕44号还有效吗？",  # cited, as repealed
        "湘政办发〔2026〕15号什么时候开始实施？",
        "湘政办发[2026]015号什么时候开始实施？",
        "益阳的文件落实湘政办发〔2017〕35号的什么奖励？",
    ],
)
def test_a_number_that_a_paper_has_or_cites_is_no_mistake(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Question(question)).result
    assert isinstance(answer, Answer), answer.text
    assert "文号与收录的文件不一致" not in answer.text


@pytest.mark.parametrize(
    "question", ["湘政办发〔2026〕51号第（四）条说什么？", "国发〔2019〕3号有哪些奖励？"]
)
def test_a_number_alone_stays_unknown(assistant: Assistant, question: str) -> None:
    refusal = assistant.ask(Question(question)).result
    assert isinstance(refusal, Refusal), refusal.text
    assert refusal.reason is Reason.UNKNOWN_DOCUMENT
