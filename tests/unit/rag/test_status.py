"""Statuses: the answer states that a paper is repealed or expired."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from assembled import assistant_over, written
from promises import broken

from corpus.head.corrections import corrected
from corpus.head.paper_head import PaperHead
from corpus.head.status import effective
from corpus.model import Correction, Document, HeadField, Status
from index.model import Embedder
from rag.assistant import Assistant
from rag.model import Answer, Outcome, Question

_OLD = """甘政办发〔2019〕8号

甘肃省人民政府办公厅关于促进种业发展的若干意见

各市州人民政府：

一、加大扶持力度

（一）支持育种创新。对通过国家审定的玉米新品种，每个给予不超过80万元一次性奖励。（省农业农村厅负责）

（二）支持基地建设。对新认定的制种基地，每个奖补200万元。（省财政厅负责）

本意见自2019年5月1日起施行，有效期5年。

甘肃省人民政府办公厅

2019年4月20日
"""
_NEW = """甘政办发〔2023〕11号

甘肃省人民政府办公厅关于推进种业振兴的若干意见

各市州人民政府：

一、加大扶持力度

（一）支持品种选育。对通过国家审定的玉米新品种，每个给予不超过120万元一次性奖励。（省农业农村厅负责）

（二）支持种子检验。对检验机构每年补助30万元。（省市场监管局负责）

本意见自2023年9月1日起施行，有效期5年。《甘肃省人民政府办公厅关于促进种业发展的若干意见》（甘政办发〔2019〕8号）同时废止。

甘肃省人民政府办公厅

2023年8月15日
"""


@pytest.fixture(scope="module")
def old() -> Document:
    return written("old", _OLD)


@pytest.fixture(scope="module")
def new() -> Document:
    return written("new", _NEW)


def _answer(assistant: Assistant, text: str) -> Answer:
    reply = assistant.ask(Question(text))
    assert broken(reply, assistant) == []
    assert isinstance(reply.result, Answer)
    return reply.result


def test_a_paper_that_another_repeals(old: Document, new: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([old, new], tiny_embedder, today=date(2023, 10, 1))
    assert (assistant.status(old), assistant.status(new)) == (Status.REPEALED, Status.IN_FORCE)
    answer = _answer(assistant, "甘政办发〔2019〕8号对玉米新品种奖励多少？")
    *quoted, repeal = (marked.citation for marked in answer.citations)
    assert {citation.status for citation in quoted} == {Status.REPEALED}
    assert "（甘政办发〔2019〕8号）同时废止" in repeal.words
    assert answer.warnings == ("repealed",)
    assert "《甘肃关于促进种业发展的若干意见》" in answer.text  # both papers are 甘肃若干意见
    assert "已被废止" in answer.text
    assert "”（注意：该文件已被废止）" in answer.text
    assert answer.text.count("已被废止") == 1


def test_alone_it_is_in_force_until_its_time_is_up(old: Document, tiny_embedder: Embedder) -> None:
    question = "甘肃对玉米新品种奖励多少？"
    last = _answer(assistant_over([old], tiny_embedder, today=date(2024, 4, 30)), question)
    assert last.warnings == ()
    assert "注意" not in last.text
    after = _answer(assistant_over([old], tiny_embedder, today=date(2024, 5, 2)), question)
    assert after.warnings == ("expired",)
    assert "已过有效期" in after.text


def test_an_expired_paper_in_english(old: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([old], tiny_embedder, today=date(2030, 1, 1))
    assert "has expired" in _answer(assistant, "What is the document number of the Gansu paper?").text


def test_a_question_after_the_status_quotes_what_proves_it(
    old: Document, new: Document, tiny_embedder: Embedder
) -> None:
    assistant = assistant_over([old, new], tiny_embedder, today=date(2023, 10, 1))
    answer = _answer(assistant, "甘政办发〔2019〕8号还有效吗？")
    assert "repealed" in answer.warnings
    assert "已被废止" in answer.text


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("甘政办发〔2019〕8号还在执行期内，我们今年还是按它报，行吗？", Outcome.CORRECTED),
        ("甘政办发〔2019〕8号还有效吗？", Outcome.ANSWERED),
    ],
)
def test_the_clause_that_repeals_a_paper_which_is_not_stored_is_quoted(
    new: Document, tiny_embedder: Embedder, question: str, outcome: Outcome
) -> None:
    answer = _answer(assistant_over([new], tiny_embedder, today=date(2023, 10, 1)), question)
    assert answer.outcome is outcome
    assert answer.text.startswith("问题所说的文件已被废止。")
    assert "（甘政办发〔2019〕8号）同时废止" in answer.citations[0].citation.words


def test_a_term_that_the_question_asserts_is_corrected(new: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([new], tiny_embedder, today=date(2023, 10, 1))
    answer = _answer(assistant, "甘肃种业振兴的新意见只管三年，2026年就到期了吧？")
    assert answer.outcome is Outcome.CORRECTED
    assert "有效期5年" in answer.citations[0].citation.words


def test_the_only_answer_is_in_an_expired_paper(tiny_embedder: Embedder) -> None:
    expired = written(
        "expired",
        "鹤泽市民政局关于公布2025年最低生活保障标准的通知\n\n鹤民规〔2025〕3号\n\n各区人民政府：\n一、标准\n"
        "全市城乡最低生活保障标准为每人每月1187元。\n二、执行时间\n本通知自2025年1月1日起执行，有效期1年。\n"
        "鹤泽市民政局\n2024年12月20日\n",
    )
    current = written(
        "current",
        "鹤泽市急难救助实施细则\n\n鹤府办规〔2023〕8号\n\n第一条 为解决群众突发性困难，制定本细则。\n\n"
        "第二条 急难救助标准人均不超过本市3个月最低生活保障标准。\n\n"
        "第三条 本细则自2023年7月1日起施行，有效期5年。\n",
    )
    assistant = assistant_over([expired, current], tiny_embedder, today=date(2026, 11, 29))
    for question in ("鹤泽市2025年最低生活保障标准每人每月多少钱？", "鹤泽市最低生活保障标准是多少？"):
        answer = _answer(assistant, question)
        assert "1187元" in answer.citations[0].citation.words
        assert "有效期1年" in answer.text
        assert "已过有效期" in answer.text
    # The paper in force answers what it is about.
    helped = _answer(assistant, "鹤泽市急难救助标准人均不超过多少？")
    assert helped.citations[0].citation.document.id == "current"


def test_the_term_of_a_permit_is_not_that_of_the_paper(tiny_embedder: Embedder) -> None:
    text = (
        "栖岭市内河采砂管理规定\n\n第一条 为加强内河采砂管理，制定本规定。\n\n"
        "第二条 采砂许可证有效期不超过十个月。\n\n"
        "第三条 采砂许可证期满三十五日前可以申请延续。\n\n第四条 本规定自2021年6月1日起施行，有效期五年。\n"
    )
    assistant = assistant_over([written("sand", text)], tiny_embedder, today=date(2023, 10, 1))
    permit = _answer(assistant, "栖岭市采砂许可证有效期多久？").text
    assert "十个月" in permit
    assert "五年" not in permit
    assert "五年" in _answer(assistant, "栖岭市内河采砂管理规定有效期多久？").text


def test_what_a_paper_repeals_is_quoted(old: Document, new: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([old, new], tiny_embedder, today=date(2023, 10, 1))
    answer = _answer(assistant, "甘政办发〔2023〕11号废止了哪个文件？")
    assert any("甘政办发〔2019〕8号）同时废止" in marked.citation.words for marked in answer.citations)


def test_where_papers_of_a_region_differ_the_one_in_force_comes_first(
    old: Document, new: Document, tiny_embedder: Embedder
) -> None:
    assistant = assistant_over([old, new], tiny_embedder, today=date(2023, 10, 1))
    # The words of the old paper, which the new one words differently.
    words = "支持育种创新，玉米新品种奖励多少？"
    assert assistant.search(f"甘肃{words}", k=5)[0].document.id == "new"
    assert assistant.search(f"甘政办发〔2019〕8号{words}", k=5)[0].document.id == "old"


def test_several_papers_of_one_region_are_not_compared(
    old: Document, new: Document, tiny_embedder: Embedder
) -> None:
    assistant = assistant_over([old, new], tiny_embedder, today=date(2023, 10, 1))
    answer = _answer(assistant, "甘肃对检验机构补助多少？")
    assert {marked.citation.document.id for marked in answer.citations} == {"new"}
    assert answer.warnings == ()


def _status_of_old(old: Document, repealer: str) -> Status:
    today = date(2023, 10, 1)  # before the old paper expires
    papers = (old, written("new", repealer))
    return effective(PaperHead.of(old), map(PaperHead.of, papers), today=today)


def test_a_draft_repeals_nothing_and_no_paper_repeals_a_later_one(old: Document) -> None:
    assert _status_of_old(old, _NEW) is Status.REPEALED
    draft = _NEW.replace("若干意见\n", "若干意见（征求意见稿）\n", 1)
    assert _status_of_old(old, draft) is not Status.REPEALED
    earlier = _NEW.replace("2023年8月15日", "2018年8月15日")
    assert _status_of_old(old, earlier) is not Status.REPEALED


_PART = """甘政办发〔2023〕20号

甘肃省人民政府办公厅关于调整制种基地奖补的通知

各市州人民政府：

一、对新认定的制种基地，每个奖补260万元。

二、《甘肃省人民政府办公厅关于促进种业发展的若干意见》（甘政办发〔2019〕8号）第一条同时废止。

本通知自2023年9月1日起施行。

甘肃省人民政府办公厅

2023年8月20日
"""
_LONGER = """甘政办发〔2024〕30号

甘肃省人民政府办公厅关于延长种业发展若干意见有效期的通知

各市州人民政府：

经评估，《甘肃省人民政府办公厅关于促进种业发展的若干意见》（甘政办发〔2019〕8号）有效期延长至2026年12月31日。

甘肃省人民政府办公厅

2024年3月20日
"""


def test_an_article_that_another_paper_repeals(old: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([old, written("part", _PART)], tiny_embedder, today=date(2023, 10, 1))
    assert assistant.status(old) is Status.IN_FORCE
    answer = _answer(assistant, "甘政办发〔2019〕8号对玉米新品种奖励多少？")
    assert answer.text.count("（注意：第一条已由《") == 1
    assert "第二点废止：“" in answer.text
    assert "第一条同时废止" in answer.citations[-1].citation.words
    before = assistant_over([old, written("part", _PART)], tiny_embedder, today=date(2023, 8, 25))
    assert "注意" not in _answer(before, "甘政办发〔2019〕8号对玉米新品种奖励多少？").text


def test_a_paper_whose_term_is_extended(old: Document, tiny_embedder: Embedder) -> None:
    assistant = assistant_over([old, written("longer", _LONGER)], tiny_embedder, today=date(2025, 1, 1))
    answer = _answer(assistant, "甘肃对玉米新品种奖励多少？")
    assert answer.warnings == ()
    assert "（该文件的有效期已由《" in answer.text
    assert "延长至2026年12月31日" in answer.citations[-1].citation.words


def test_a_status_that_an_editor_has_set(old: Document, new: Document, tiny_embedder: Embedder) -> None:
    made = Correction(HeadField.STATUS, "in_force", "仍在执行", datetime(2023, 9, 5, tzinfo=UTC))
    kept = corrected(old, [made])
    assistant = assistant_over([kept, new], tiny_embedder, today=date(2023, 10, 1))
    answer = _answer(assistant, "甘政办发〔2019〕8号对玉米新品种奖励多少？")
    assert "废止）" not in answer.text.split("（注意：该文件的文件状态已由编辑更正为“现行有效”）")[0]
    assert answer.text.count("已由编辑更正为“现行有效”") == 1


@pytest.mark.parametrize(("end", "said"), [("", 1), ("\n本意见有效期10年。\n", 0)])
def test_a_paper_without_an_end_whose_goals_are_of_years_gone(
    end: str, said: int, tiny_embedder: Embedder
) -> None:
    text = _OLD.replace("一、加大扶持力度", "到2020年，培育新品种50个。\n\n一、加大扶持力度")
    text = text.replace("\n本意见自2019年5月1日起施行，有效期5年。\n", end)
    assistant = assistant_over([written("goals", text)], tiny_embedder, today=date(2024, 1, 1))
    answer = _answer(assistant, "甘肃对玉米新品种奖励多少？")
    assert answer.text.count("所列目标的年份均已过去") == said
    before = assistant_over([written("goals", text)], tiny_embedder, today=date(2020, 1, 1))
    assert "年份均已过去" not in _answer(before, "甘肃对玉米新品种奖励多少？").text
