"""A question about another day is answered with the papers in force then."""

from __future__ import annotations

from datetime import date

import pytest
from assembled import assistant_over, written
from promises import broken

from corpus.model import Document, Status
from corpus.notation.days.named_days import named_day_in
from corpus.notation.phrase_table import PhraseTable
from index.model import Embedder
from rag.assistant import Assistant
from rag.model import Answer, AsOf, Question, Refusal, Reply, Turn
from rag.question.as_of import dated

_TODAY = date(2026, 6, 1)
_OLD = """陇政办发〔2019〕8号

陇东省人民政府办公厅关于促进菌业发展的若干意见

各市州人民政府：

一、加大扶持力度

（一）支持菌种选育。对通过国家审定的香菇新品种，每个给予不超过80万元一次性奖励。（省农业农村厅负责）

本意见自2019年5月1日起施行，有效期至2024年4月30日。

陇东省人民政府办公厅

2019年4月20日
"""
_NEW = """陇政办发〔2023〕11号

陇东省人民政府办公厅关于推进菌业振兴的若干意见

各市州人民政府：

一、加大扶持力度

（一）支持菌种选育。对通过国家审定的香菇新品种，每个给予不超过120万元一次性奖励。（省农业农村厅负责）

本意见自2023年9月1日起施行，有效期5年。《陇东省人民政府办公厅关于促进菌业发展的若干意见》（陇政办发〔2019〕8号）同时废止。

陇东省人民政府办公厅

2023年8月15日
"""
_ASKED = "陇东省对通过国家审定的香菇新品种奖励多少？"


@pytest.fixture(scope="module")
def papers() -> list[Document]:
    return [written("old", _OLD), written("new", _NEW)]


@pytest.fixture(scope="module")
def assistant(papers: list[Document], tiny_embedder: Embedder) -> Assistant:
    return assistant_over(papers, tiny_embedder, today=_TODAY)


def _amount(reply: Reply) -> str:
    return "".join(amount for amount in ("80万元", "120万元") if amount in reply.result.text)


@pytest.mark.parametrize(
    ("words", "day", "amount"),
    [
        (_ASKED, None, "120万元"),
        (f"按2022年的规定，{_ASKED}", date(2022, 12, 31), "80万元"),
        (f"2022年的时候{_ASKED}", date(2022, 12, 31), "80万元"),
        (f"按照2023年8月31日的政策，{_ASKED}", date(2023, 8, 31), "80万元"),
        (f"按照2023年9月1日的政策，{_ASKED}", date(2023, 9, 1), "120万元"),
        (f"四年前的时候{_ASKED}", date(2022, 6, 1), "80万元"),
        (f"去年，{_ASKED}", date(2025, 12, 31), "120万元"),
        (f"按2026年的规定，{_ASKED}", None, "120万元"),
        (f"As of 2022, {_ASKED}", date(2022, 12, 31), "80万元"),
    ],
)
def test_the_words_of_a_question_name_the_day(
    assistant: Assistant, words: str, day: date | None, amount: str
) -> None:
    reply = assistant.ask(Question(words))
    assert broken(reply, assistant) == []
    assert isinstance(reply.result, Answer)
    assert (reply.as_of, _amount(reply)) == (day, amount)


def test_the_request_names_the_day(assistant: Assistant) -> None:
    reply = assistant.ask(Question(f"按2025年的规定，{_ASKED}", as_of=AsOf(date(2020, 1, 1))))
    assert (reply.as_of, _amount(reply)) == (date(2020, 1, 1), "80万元")
    assert assistant.ask(Question(_ASKED, as_of=AsOf(_TODAY))).as_of is None


def test_the_reply_names_the_day_and_marks_a_paper_that_has_ended_since(assistant: Assistant) -> None:
    result = assistant.ask(Question(f"按2022年的规定，{_ASKED}")).result
    assert isinstance(result, Answer)
    assert result.text.startswith("以下按2022年12月31日的情况答复（以所问时期的最后一天为准）。\n")
    assert "”（注意：该文件后来已被废止，现已失效）" in result.text
    assert result.warnings == ("since_repealed",)
    assert {marked.citation.status for marked in result.citations} == {Status.IN_FORCE}


def test_a_day_that_has_not_come(assistant: Assistant) -> None:
    result = assistant.ask(Question(_ASKED, as_of=AsOf(date(2030, 1, 1)))).result
    assert "这一天还没有到" in result.text
    assert isinstance(result, Answer)
    assert "expired" in result.warnings
    far = assistant.ask(Question(f"按2090年的规定，{_ASKED}")).result
    assert isinstance(far, Refusal)
    assert "10年以后" in far.text


def test_before_the_first_paper_nothing_is_answered(assistant: Assistant) -> None:
    reply = assistant.ask(Question(f"按2012年的规定，{_ASKED}"))
    assert isinstance(reply.result, Refusal)
    assert "2012年12月31日" in reply.result.text
    assert "还没有发布" in reply.result.text
    assert (reply.as_of, reply.result.nearest) == (date(2012, 12, 31), ())


def test_a_paper_that_is_named_is_read_whatever_the_day(assistant: Assistant) -> None:
    result = assistant.ask(Question("按2020年的规定，陇政办发〔2023〕11号对香菇新品种奖励多少？")).result
    assert isinstance(result, Answer)
    assert result.warnings == ("not_yet_in_force",)
    assert "（注意：该文本在这一天以后才施行）" in result.text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("按2023年2月30日的规定，", "日期不存在"),
        ("按2020年的规定奖多少，按2024年的规定奖多少，", "分开提问"),
    ],
)
def test_days_that_cannot_be_answered_for(assistant: Assistant, words: str, says: str) -> None:
    result = assistant.ask(Question(words + _ASKED)).result
    assert isinstance(result, Refusal)
    assert says in result.text


@pytest.mark.parametrize(
    "words",
    [
        "到2027年目标是建成多少个基地？",
        "2025年低保标准是多少？",
        "按照2024年的低保标准每月多少？",
        "到2027年的时候要建成多少？",
        "《关于执行2021年的规定的通知》第三条是什么？",
        "去年获批的菌种能奖多少？",
        "2023年印发的办法有哪些？",
        "What are the goals for 2027?",
        "Did it come into force on 1 May 2023?",
        "以前年度的规定怎么衔接？",
    ],
)
def test_a_year_alone_is_no_day(words: str) -> None:
    asked = dated(Question(words), today=_TODAY)
    assert (asked.question.as_of, asked.question.text) == (None, words)


def _after(text: str, *earlier: str) -> Question:
    history = [
        Turn(role, words) for words in earlier for role, words in (("user", words), ("assistant", "。"))
    ]
    return Question(text, history=tuple(history))


def test_a_follow_up_keeps_the_day_until_the_present_is_asked_for(assistant: Assistant) -> None:
    first = f"按2022年的规定，{_ASKED}"
    assert assistant.ask(_after("那由谁负责？", first)).as_of == date(2022, 12, 31)
    assert assistant.ask(_after("有效期呢？", first, "那由谁负责？")).as_of == date(2022, 12, 31)
    assert assistant.ask(_after("那现在呢？", first)).as_of is None
    assert assistant.ask(_after("陇东省对检验检测机构有哪些补助政策？", first)).as_of is None


def test_the_same_question_for_another_day(assistant: Assistant) -> None:
    reply = assistant.ask(_after("那2022年呢？", _ASKED))
    assert (reply.as_of, _amount(reply), reply.result.rewritten) == (date(2022, 12, 31), "80万元", _ASKED)


def test_days_do_not_mix(assistant: Assistant) -> None:
    """More days than are kept, in turn, and today between them."""
    for year in (2020, 2024, 2021, 2025, 2022, 2019, 2020, 2024):
        reply = assistant.ask(Question(_ASKED, as_of=AsOf(date(year, 12, 31))))
        assert _amount(reply) == ("80万元" if year < 2023 else "120万元")
        assert _amount(assistant.ask(Question(_ASKED))) == "120万元"


def test_search_for_a_day(assistant: Assistant) -> None:
    then = assistant.search(_ASKED, k=5, as_of=date(2020, 1, 1))
    assert {passage.document.id for passage in then} == {"old"}
    assert assistant.search(_ASKED, k=1)[0].document.id == "new"


def test_the_phrases_agree_with_their_examples() -> None:
    assert PhraseTable.read("rag", "as_of.tsv").mistakes() == []


@pytest.mark.parametrize(
    ("text", "day", "is_last"),
    [
        ("２０２３年5月", date(2023, 5, 31), True),
        ("二〇二四年2月底", date(2024, 2, 29), True),
        ("2023/5/1", date(2023, 5, 1), False),
        ("May 1, 2023", date(2023, 5, 1), False),
        ("30 sep 2023", date(2023, 9, 30), False),
        ("2023年度", date(2023, 12, 31), True),
    ],
)
def test_named_days(text: str, day: date, is_last: bool) -> None:
    named = named_day_in(text)
    assert named is not None
    assert (named.day, named.is_last) == (day, is_last)


@pytest.mark.parametrize("text", ["", "2023-02-30", "2023年13月", "120235", "5月1日"])
def test_no_day(text: str) -> None:
    assert named_day_in(text) is None
