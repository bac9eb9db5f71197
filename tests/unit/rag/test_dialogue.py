"""Rewriting of follow-up questions."""

from __future__ import annotations

import pytest
from assembled import clause_named, five, five_listed, listed, paper, written
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Clause, Document
from rag.language.citation_names import clause_of, source_name
from rag.language.short_names import running_name
from rag.model import Language, Question, Turn
from rag.question.dialogue.cited_clauses import cited_in
from rag.question.dialogue.follow_up import context_of, standalone
from rag.question.intent import Want
from rag.question.understand import Understanding, understand
from rag.ranking import TermWeights

_REWARD = clause_named(paper("hunan"), "一、（四）")
_ANSWER = f"{clause_of(running_name(paper('hunan'), five_listed()), _REWARD)}：“…”"
_HISTORY = (Turn("user", "湖南首次获批的创新药奖多少？"), Turn("assistant", _ANSWER))
_turns = st.builds(Turn, st.sampled_from(["user", "assistant", "system"]), st.text(max_size=30))
_CLAUSES = [(document, clause) for document in five() for clause in document.clauses]


def _after(text: str, *history: Turn) -> Understanding:
    return understand(
        Question(text, history=history or _HISTORY), five_listed(), idf=lambda _: 1.0, counts=TermWeights()
    )


@given(st.text(max_size=30), st.lists(_turns, max_size=4))
def test_any_dialogue_is_taken(text: str, history: list[Turn]) -> None:
    alone = standalone(text, context_of(history, five_listed()), five_listed())
    letters = ["".join(filter(str.isalnum, words)) for words in (text, alone.sentence)]
    assert alone.rewritten == (letters[0] != letters[1])
    assert alone.text.endswith(alone.carried)


@given(st.text(max_size=60))
def test_without_a_history_a_question_stays_as_it_is(text: str) -> None:
    alone = standalone(text, context_of((), five_listed()), five_listed())
    assert (alone.text, alone.rewritten, alone.sentence) == (text, False, text)
    assert (alone.carried, alone.cited) == ("", ())


@pytest.mark.parametrize(
    ("text", "document_id"),
    [
        ("浙江呢？", "zhejiang"),
        ("那廣東呢？", "guangdong"),
        ("益阳怎么样", "yiyang"),
        ("湖北", "hubei"),
        ("湖北那边呢？", "hubei"),
    ],
)
def test_another_place_for_the_same_question(text: str, document_id: str) -> None:
    understood = _after(text)
    assert understood.scope.preferred == (document_id,)
    assert understood.rewritten
    assert "创新药" in understood.text
    assert "湖南" not in understood.text
    assert understood.cited == ()
    # The earlier question is asked again in its words, and not only its subject added to these.
    assert understood.text.endswith("首次获批的创新药奖多少？")
    assert understood.wants == (Want.MONEY,)
    assert understood.carried == ""


@pytest.mark.parametrize("text", ["由哪个部门负责？", "这条由谁负责？", "资金从哪来？", "由哪個部門負責？"])
def test_a_question_that_refers_to_the_one_before(text: str) -> None:
    understood = _after(text)
    assert understood.scope.preferred == ("hunan",)
    assert [clause.key for clause in understood.cited] == [_REWARD.key]
    assert "创新药" in understood.text


@pytest.mark.parametrize("text", ["广东医院药事会多久召开一次？", "粤府办〔2024〕11号第二十八条讲了什么？"])
def test_a_question_of_its_own_is_left_alone(text: str) -> None:
    understood = _after(text)
    assert understood.text == text
    assert not understood.rewritten
    assert understood.cited == ()


def test_the_place_stays_while_the_matter_changes() -> None:
    understood = _after("生物医药中小微企业的单户在保余额上限是多少？")
    assert understood.scope.preferred == ("hunan",)
    assert "创新药" not in understood.text


def test_the_place_of_the_one_paper_quoted_stays() -> None:
    history = (Turn("user", "首次获批的创新药奖多少？"), Turn("assistant", _ANSWER))
    assert _after("由哪个部门负责？", *history).scope.preferred == ("hunan",)


def test_a_chain_of_follow_ups_keeps_matter_and_place() -> None:
    history = (*_HISTORY, Turn("user", "浙江呢？"), Turn("assistant", "…"))
    understood = _after("由哪个部门负责？", *history)
    assert understood.scope.preferred == ("zhejiang",)
    assert "创新药" in understood.text


@given(st.sampled_from(_CLAUSES), st.booleans(), st.sampled_from(Language))
def test_an_answer_says_what_it_quoted(
    place: tuple[Document, Clause], in_full: bool, language: Language
) -> None:
    document, clause = place
    name = source_name(document) if in_full else running_name(document, five_listed())
    found = cited_in(f"{clause_of(name, clause, language)}：“…”", five_listed())
    assert clause.label in [one.label for one in found]
    assert {one.document_id for one in found} == {document.id}


def test_words_that_only_look_like_an_answer_quote_nothing() -> None:
    assert cited_in("（四）", five_listed()) == ()
    assert cited_in("《湖南实施意见》（四）", five_listed()) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("浙江呢？", "浙江首次获批的创新药奖多少？"),
        ("由哪个部门负责？", "湖南首次获批的创新药奖，由哪个部门负责？"),
        ("那第三类创新器械呢？", "湖南第三类创新器械奖多少？"),
        ("广东呢？私立医院也要吗？", "广东首次获批的创新药奖多少？私立医院也要吗？"),
        ("生物医药中小微企业的单户在保余额上限是多少？", "湖南生物医药中小微企业的单户在保余额上限是多少？"),
        ("现在还有效吗？", "湘政办发〔2026〕15号现在还有效吗？"),
        ("那浙江廣東哪個多？", "首次獲批的創新藥獎，浙江廣東哪個多？"),
        ("What about devices?", "湖南首次获批的创新药奖多少？ What about devices?"),
    ],
)
def test_the_question_as_understood_is_a_sentence(text: str, sentence: str) -> None:
    assert _after(text).sentence == sentence


def test_another_matter_drops_the_one_before() -> None:
    keeping, mining = (
        written(name, f"苇川市{what}规定\n\n第一条 为加强{what}管理，制定本规定。\n\n第二条 {clause}\n")
        for name, what, clause in (
            ("dogs", "养犬", "养犬登记费每只每年六十元。"),
            ("sand", "采砂", "采砂许可证使用期限不超过十个月。"),
        )
    )
    history = (Turn("user", "苇川市采砂许可证能用多久？"), Turn("assistant", "不超过十个月。"))
    for text, sentence in (
        ("那养犬登记费呢？", "苇川市养犬登记费是多少？"),
        ("那养犬呢，最多养几只？", "苇川市养犬最多养几只？"),
    ):
        alone = standalone(text, context_of(history, listed(keeping, mining)), listed(keeping, mining))
        assert (alone.sentence, alone.carried) == (sentence, "")


def test_a_fact_about_the_paper_is_asked_of_the_paper_last_quoted() -> None:
    history = (Turn("user", "首次获批的创新药奖多少？"), Turn("assistant", _ANSWER))
    for text in ("现在还有效吗？", "其有效期呢？"):
        understood = _after(text, *history)
        assert understood.scope.preferred == ("hunan",)
        assert understood.scope.by_number
        assert understood.carried == ""


def test_a_paper_with_a_title_in_its_title_is_asked_about_again() -> None:
    title = "苇川市人民政府关于修改《停车管理办法》的决定"
    changed = written("changed", f"{title}\n\n一、停车费每小时五元。\n\n二、本决定自2024年1月1日起施行。\n")
    clause = next(clause for clause in changed.clauses if clause.path == ("一、",))
    papers = listed(changed)
    answer = f"{clause_of(running_name(changed, papers), clause)}：“停车费每小时五元。”"
    history = (Turn("user", "停车费是多少？"), Turn("assistant", answer))
    again = understand(
        Question("现在还有效吗？", history=history), papers, idf=lambda _: 1.0, counts=TermWeights()
    )
    assert again.scope.preferred == ("changed",)
    assert again.scope.unknown == ()
