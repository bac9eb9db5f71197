"""The questions that the reader is trained on, and the pairs made of them."""

from __future__ import annotations

from random import Random

import pytest

from evals.public.files import SpanLine
from index.model import Verdict
from tools.reader.pairs import (
    HELD_OUT,
    Article,
    Label,
    Pair,
    drawn,
    edited,
    question_pairs,
    sentences,
    span_pairs,
)
from tools.reader.questions import (
    REGION,
    WITH_CLAUSES,
    WRITTEN,
    Question,
    Type,
    read_clauses,
    read_questions,
)

_ARTICLE = """企业应当自变更之日起三十日内办理登记；逾期不办理的，处二万元罚款。
登记机关应当在五日内作出决定。收费标准另行公布。"""
_OTHERS = ("个人所得税按年计算。", "表1", "纳税人应当依法申报。", "住房补贴按月发放。")
_SEEDS = range(20)


def _made(type_: Type, *, seed: int = 0, **words: str) -> list[Pair]:
    text = words.pop("question", "变更后30日内要办登记吗，三十日够不够？")
    question = Question.model_validate({"article": "CL1", "type": type_, "question": text, **words})
    return question_pairs(question, Article("", _ARTICLE), others=_OTHERS, rng=Random(seed))


def _labels(pairs: list[Pair]) -> dict[str, tuple[Label, ...]]:
    return {pair.sentence: pair.labels for pair in pairs}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_question_names_its_words(name: str) -> None:
    questions = read_questions(name)
    assert len(questions) > 1000
    for question in questions:
        assert bool(question.words) is (question.type is not Type.MATTER)
        assert bool(question.right) is (question.type is Type.FALSE_CLAIM)
        assert question.right in question.quote
        assert bool(question.matter) is (question.type is Type.MATTER)


def test_the_labels_are_in_the_order_of_the_verdicts() -> None:
    assert [label.name.lower() for label in Label] == list(Verdict.__dataclass_fields__)


def test_parts_between_semicolons_are_sentences() -> None:
    assert sentences(_ARTICLE)[:2] == [
        "企业应当自变更之日起三十日内办理登记；",
        "逾期不办理的，处二万元罚款。",
    ]
    assert "".join(sentences(_ARTICLE)) == _ARTICLE.replace("\n", "")


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_sentence_with_the_answer_answers(seed: int) -> None:
    pairs = _made(Type.STATED, answer="三十日内", seed=seed)
    assert [pair.sentence for pair in pairs if pair.label is Label.ANSWERS] == [sentences(_ARTICLE)[0]]
    assert all(pair.concerned is (pair.label is Label.ANSWERS) for pair in pairs)
    assert {pair.labels for pair in pairs} <= {(Label.ANSWERS,), (Label.UNSTATED, Label.OTHER)}


@pytest.mark.parametrize("seed", _SEEDS)
def test_no_sentence_of_the_article_answers_what_it_does_not_state(seed: int) -> None:
    pairs = _made(Type.NOT_STATED, near="收费标准另行公布", seed=seed)
    assert {pair.labels for pair in pairs} == {(Label.UNSTATED,), (Label.UNSTATED, Label.OTHER)}
    assert pairs[0].sentence == "收费标准另行公布。"


def test_a_false_claim_is_contradicted_by_its_quote() -> None:
    for seed in _SEEDS:
        labels = _labels(_made(Type.FALSE_CLAIM, quote="处二万元罚款", right="二万元", seed=seed))
        assert labels.pop("逾期不办理的，处二万元罚款。") == (Label.CONTRADICTS,)
        assert set(labels.values()) == {(Label.UNSTATED, Label.OTHER)}


def test_a_true_claim_is_not_contradicted_and_sometimes_is_by_its_sentence_with_another_number() -> None:
    made = [_made(Type.TRUE_CLAIM, quote="三十日内办理登记", seed=seed) for seed in _SEEDS]
    assert all(pairs[0].labels == (Label.ANSWERS, Label.UNSTATED) for pairs in made)
    wrong = [pair.sentence for pairs in made for pair in pairs if pair.label is Label.CONTRADICTS]
    assert 0 < len(wrong) < len(made)
    assert all(sentence != sentences(_ARTICLE)[0] and "三十日" not in sentence for sentence in wrong)


def test_a_question_of_another_office_gets_two_sentences_of_other_articles_and_no_name_of_a_region() -> None:
    pairs = _made(Type.MATTER, question=f"{REGION}的公司登记收费吗？", matter="登记收费")
    assert _labels(pairs) == {_OTHERS[0]: (Label.OTHER,), _OTHERS[2]: (Label.OTHER,)}
    assert all(pair.question == "的公司登记收费吗？" for pair in pairs)


def test_a_question_about_another_matter_than_a_written_clause_is_put_to_its_sentences() -> None:
    question = Question(article="a", type=Type.MATTER, question="托育机构一个托位补多少？", matter="托育")
    pairs = question_pairs(question, Article("中药 奖补", _ARTICLE), rng=Random(0))
    assert len(pairs) == 2
    assert all(pair.labels == (Label.OTHER,) for pair in pairs)
    assert all(pair.sentence.removeprefix("中药 奖补：") in sentences(_ARTICLE) for pair in pairs)


def test_a_sentence_is_read_after_its_context() -> None:
    question = Question(article="a", type=Type.STATED, question="几天办好？", answer="五日内")
    pairs = question_pairs(question, Article("企业登记 程序", _ARTICLE), rng=Random(0))
    assert pairs[0].sentence == "企业登记 程序：登记机关应当在五日内作出决定。"


def test_a_sentence_of_another_paper_shares_words_with_the_question() -> None:
    pool = ("道路照明按月检查。", "对托育机构按托位给予补贴。", "本办法自印发之日起施行。")
    assert drawn("养老机构每张床位给予多少补贴？", pool, rng=Random(0)) == pool[1]


@pytest.mark.parametrize("name", WITH_CLAUSES)
def test_written_clauses_have_questions(name: str) -> None:
    clauses = {clause.id: clause for clause in read_clauses(name)}
    questions = read_questions(name)
    assert {question.article for question in questions} == set(clauses)
    assert all(question.words in clauses[question.article].text for question in questions)


@pytest.mark.parametrize(
    ("type_", "words", "answering", "conflicting"),
    [
        (Type.STATED, {"answer": "三十日内"}, "三十日内", ""),
        (Type.NOT_STATED, {"near": "收费标准另行公布"}, "", ""),
        (Type.FALSE_CLAIM, {"quote": "处二万元罚款", "right": "二万元"}, None, "二万元"),
        (Type.TRUE_CLAIM, {"quote": "处二万元罚款"}, None, ""),
    ],
)
def test_the_words_that_decide_are_known(
    type_: Type, words: dict[str, str], answering: str | None, conflicting: str | None
) -> None:
    pairs = [pair for seed in _SEEDS for pair in _made(type_, seed=seed, **words)]
    for pair in pairs:
        if not pair.concerned:
            assert (pair.answering, pair.conflicting) == ("", "")
        elif pair.labels != (Label.CONTRADICTS,) or type_ is Type.FALSE_CLAIM:
            assert (pair.answering, pair.conflicting) == (answering, conflicting)
            assert all(words in pair.sentence for words in (answering, conflicting) if words)
        else:  # a true claim whose sentence was changed
            assert pair.conflicting is None


def test_a_question_whose_words_are_in_no_sentence_gives_no_pair() -> None:
    assert _made(Type.STATED, answer="六个月") == []


def test_words_over_several_sentences_are_found() -> None:
    both = "三十日内办理登记；逾期不办理的，处二万元罚款"
    assert _made(Type.FALSE_CLAIM, quote=both, right="二万元")[0].label is Label.CONTRADICTS


@pytest.mark.parametrize(
    ("sentence", "question"),
    [("补贴20万元。", "是20万元吧？"), ("在五日内答复。", "五日答复？"), ("应当备案。", "要备案吗？")],
)
@pytest.mark.parametrize("seed", _SEEDS)
def test_an_edited_sentence_differs(sentence: str, question: str, seed: int) -> None:
    changed = edited(sentence, question, Random(seed))
    assert changed is not None
    assert changed != sentence


def test_a_sentence_without_anything_to_change_is_not_edited() -> None:
    assert edited("本办法由财政厅解释。", "谁来解释？", Random(0)) is None


def test_about_one_article_of_twelve_is_held_out_and_no_pair_of_other_sets() -> None:
    names = {question.article for name in WRITTEN for question in read_questions(name)}
    pairs = [Pair("问？", "答。", (Label.OTHER,), article=name) for name in names]
    share = sum(pair.held_out for pair in pairs) / len(pairs)
    assert 0.5 / HELD_OUT < share < 2 / HELD_OUT
    assert not Pair("问？", "答。", (Label.OTHER,)).held_out


def test_spans_give_answers_and_unstated_sentences_of_the_same_text() -> None:
    texts = {"a": "长江长六千三百公里。它流入东海。", "b": "没有答案的一段话。"}
    spans = [
        SpanLine(id="1", doc="a", question="长江流入哪里？", answers=["东海"]),
        SpanLine(id="2", doc="b", question="？", answers=["东海"]),
    ]
    for seed in _SEEDS:
        labels = {pair.label: pair.sentence for pair in span_pairs(spans, texts, rng=Random(seed))}
        assert labels[Label.ANSWERS] == "它流入东海。"
        assert labels[Label.UNSTATED] == "长江长六千三百公里。"


def test_the_same_seed_gives_the_same_pairs() -> None:
    for type_, words in ((Type.STATED, {"answer": "三十日内"}), (Type.TRUE_CLAIM, {"quote": "三十日内"})):
        assert _made(type_, seed=3, **words) == _made(type_, seed=3, **words)
