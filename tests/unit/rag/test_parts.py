"""Questions of several parts: each is answered, or named as not found."""

from __future__ import annotations

import pytest
from assembled import assistant_over, clause_named, paper, written
from hypothesis import given
from hypothesis import strategies as st

from index.model import Embedder
from rag.answer.wording.phrases import phrases_for
from rag.assistant import Assistant
from rag.model import Answer, Language, Outcome, Question, Refusal, Sentence, Turn
from rag.numbers.number_guard import elided
from rag.question.parts import asked_in_turn, asking_spans, parts_of

_CAP = "湖南省首次获得药品注册批件的创新药一次性奖补多少万元？"
_FARE = "武汉地铁几点收班？"


def _answer(assistant: Assistant, text: str, *history: Turn) -> Answer:
    result = assistant.ask(Question(text, history=history)).result
    assert isinstance(result, Answer), result.text
    return result


def _documents(answer: Answer) -> list[str]:
    return list(dict.fromkeys(marked.citation.document.id for marked in answer.citations))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("药事会多久开一次？另外出租车驾照怎么考？", ["药事会多久开一次？", "出租车驾照怎么考？"]),
        (
            "医疗器械审评多少个工作日，养老院开办审批又要多少天",
            ["医疗器械审评多少个工作日，", "养老院开办审批又要多少天"],
        ),
        ("创新药奖多少？我家开餐馆，贷款能贷几万", ["创新药奖多少？", "我家开餐馆，贷款能贷几万"]),
        ("益阳的目標是多少？還有去哪裡辦健康證", ["益阳的目標是多少？", "去哪裡辦健康證"]),
        (
            "What is the cap in Hunan, and how do I renew a driving licence?",
            ["What is the cap in Hunan,", "how do I renew a driving licence?"],
        ),
    ],
)
def test_a_question_about_several_matters_has_a_part_for_each(question: str, parts: list[str]) -> None:
    assert [part.text for part in parts_of(question, most=4)] == parts


@pytest.mark.parametrize(
    "question",
    [
        "创新药首次获批奖多少，几天能批下来？",
        "潇湘财银贷是什么，企业怎么申请？",
        "谁牵头，谁配合？",
        "创新药和医疗器械分别奖多少？",
        "广东的上限是多少？这个上限包括市里的钱吗？",
        "优先扶持哪几类品种，比如独家药算不算？",
        "《关于创新药奖多少，医疗器械奖多少的问答》讲了什么？",
        "How much does Guangdong pay, and what is the cap?",
        "什么",
        "",
    ],
)
def test_a_question_about_one_matter_stays_whole(question: str) -> None:
    (part,) = parts_of(question, most=4)
    assert part.text == question


@given(
    st.lists(st.sampled_from([_CAP, _FARE, "，", "另外", "和", "“", "”", "a", "1,000", " ", "吗"])).map(
        "".join
    )
)
def test_parts_are_slices_in_order(question: str) -> None:
    parts = parts_of(question, most=4)
    assert 1 <= len(parts) <= 4
    for part in (*parts, *asked_in_turn(question)):
        assert part.text == question[part.span.start : part.span.end]
    ends = [part.span.end for part in parts]
    assert all(end <= part.span.start for end, part in zip(ends, parts[1:], strict=False))


def test_what_asks_begins_with_what_leads_to_it() -> None:
    text = "我们在宜昌。补贴几万？另外几天办结？"
    assert [text[span.start : span.end] for span in asking_spans(text)] == [
        "我们在宜昌。补贴几万？",
        "另外几天办结？",
    ]


@pytest.mark.parametrize("question", [f"{_CAP}{_FARE}", f"{_FARE}还有，{_CAP}"])
def test_a_part_without_a_provision_is_named_beside_the_quotes(assistant: Assistant, question: str) -> None:
    answer = _answer(assistant, question)
    assert answer.outcome is Outcome.PARTIAL
    assert _documents(answer) == ["hunan"]
    assert any("500万元" in marked.citation.words for marked in answer.citations)
    assert answer.text.splitlines()[-1] == "关于“武汉地铁几点收班”，收录的文件中没有找到规定。"


def test_the_line_is_in_the_language_of_the_question(assistant: Assistant) -> None:
    traditional = _answer(
        assistant, "湖南省首次獲得藥品註冊批件的創新藥一次性獎補多少萬元？另外武漢地鐵幾點收班？"
    )
    assert "關於“武漢地鐵幾點收班”，收錄的" in traditional.text
    assert phrases_for(Language.ENGLISH).part_not_found.format(words="x").startswith("On “x” I found no")


def test_parts_are_sent_sentence_by_sentence(assistant: Assistant) -> None:
    question = Question(f"{_CAP}浙江药事会多久开一次？{_FARE}")
    sentences = [event for event in assistant.stream(question) if isinstance(event, Sentence)]
    answer = _answer(assistant, question.text)
    assert "".join(sentence.text for sentence in sentences) == answer.text
    assert len(sentences) >= 3


def test_each_part_is_answered_from_its_own_paper(assistant: Assistant) -> None:
    answer = _answer(assistant, f"{_CAP}浙江三级医院药事会多久开一次？")
    assert answer.outcome is Outcome.ANSWERED
    assert _documents(answer) == ["hunan", "zhejiang"]


def test_a_part_without_a_place_is_about_that_of_the_part_before(assistant: Assistant) -> None:
    answer = _answer(assistant, f"{_CAP}另外，国家级科技创新中心每年奖补多少？")
    assert _documents(answer) == ["hunan"]


def test_a_part_takes_the_place_of_the_conversation(assistant: Assistant) -> None:
    history = (Turn("user", "湖南的文件有效期多久？"), Turn("assistant", "五年。"))
    answer = _answer(assistant, f"首次获得药品注册批件的创新药一次性奖补多少万元？{_FARE}", *history)
    assert _documents(answer) == ["hunan"]
    assert "关于“武汉地铁几点收班”" in answer.text


def test_figures_of_the_user_are_not_repeated_as_if_they_were_the_papers(assistant: Assistant) -> None:
    answer = _answer(assistant, f"{_CAP}汕头玩具厂投了7777万元，出口退税几个点？")
    assert "关于“汕头玩具厂投了…，出口退税几个点”" in answer.text


def test_a_figure_that_a_quote_states_may_be_repeated() -> None:
    document = paper("hunan")
    clause = clause_named(document, "一、（四）")
    assert elided("500万元和7777万元", [(document, clause)]) == "500万元和…"


def test_of_many_parts_the_first_are_answered(assistant: Assistant) -> None:
    answer = _answer(assistant, f"{_CAP}{_FARE}玩具厂出口退税几个点？公务员体检几天出结果？婚姻登记去哪办？")
    assert answer.outcome is Outcome.PARTIAL
    assert "婚姻登记" not in answer.text
    assert "请分开提问" in answer.text


def test_a_question_of_which_no_part_is_found_is_refused(assistant: Assistant) -> None:
    result = assistant.ask(Question(f"{_FARE}汕头玩具厂的出口退税怎么办理？")).result
    assert isinstance(result, Refusal)


@pytest.mark.parametrize(("mark", "outcome"), [("，", Outcome.REFUSED), ("？", Outcome.PARTIAL)])
def test_what_goes_on_after_a_comma_is_no_answer_to_a_matter_not_found(
    assistant: Assistant, mark: str, outcome: Outcome
) -> None:
    result = assistant.ask(Question(f"幼儿园学费怎么减免{mark}浙江给贷款贴息吗？")).result
    assert result.outcome is outcome


def test_what_is_not_found_of_one_matter_is_named_too(assistant: Assistant) -> None:
    question = "广东技术改造项目新设备购置额的奖励比例多少，钱多久能打到账上？"
    answer = _answer(assistant, question)
    assert _documents(answer) == ["guangdong"]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("浙江和益阳的伦理审查几周完成？", "湖南省益阳市：未检索到相关规定。"),
        ("湖南首次获批的创新药奖多少，江苏呢？", "江苏：没有收录适用的文件。"),
    ],
)
def test_a_place_without_a_provision_has_a_line(assistant: Assistant, question: str, line: str) -> None:
    answer = _answer(assistant, question)
    assert answer.outcome is Outcome.PARTIAL
    assert line in answer.text.splitlines()


def test_how_many_clauses_are_left_out_is_said(assistant: Assistant) -> None:
    addresses = "、".join(f"第{n}条" for n in "一二三四五六七八")
    answer = _answer(assistant, f"广东{addresses}讲了什么？")
    assert len(answer.citations) == 6
    assert answer.text.endswith("另有2项没有列出，请见原文。")


def test_metadata_asked_for_beside_a_matter_does_not_replace_it(assistant: Assistant) -> None:
    answer = _answer(assistant, f"{_CAP[:-1]}、有效期几年、由哪些部门负责？")
    cited = [(marked.citation.clause.label, marked.citation.words) for marked in answer.citations]
    assert {label for label, _ in cited} == {"（四）", "附则"}
    assert any("500万元" in words for _, words in cited)
    assert any("省工业和信息化厅" in words for _, words in cited)
    assert any("有效期5年" in words for _, words in cited)


def test_a_term_that_a_paper_leaves_open_is_said_to_be_open(tiny_embedder: Embedder) -> None:
    text = (
        "澄湖市人民政府关于支持船舶修理业的若干意见\n一、支持修船。对新建船坞给予补助。\n"
        "二、本意见自2025年3月1日起施行。\n"
    )
    assistant = assistant_over([written("ships", text)], tiny_embedder)
    answer = _answer(assistant, "《澄湖市人民政府关于支持船舶修理业的若干意见》的有效期是几年？")
    assert answer.outcome is Outcome.PARTIAL
    assert "没有写明有效期" in answer.text
    since = _answer(assistant, "《澄湖市人民政府关于支持船舶修理业的若干意见》从哪天开始施行？")
    assert since.outcome is Outcome.ANSWERED
    assert "没有写明" not in since.text


def test_a_city_that_only_the_province_answers_for_is_named_as_silent(assistant: Assistant) -> None:
    answer = _answer(assistant, "益阳首次获批的创新药奖补多少万元？")
    assert "500万元" in answer.text
    assert phrases_for(Language.CHINESE).not_found.format(region="湖南省益阳市") in answer.text
