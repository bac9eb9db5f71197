"""Conditions that a profile meets in other words, and those that have to be said as they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matched import TODAY, group_of

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from index.model import Embedder
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.meaning import Meaning
from rag.matching.model import Applies, Matches, ToConfirm
from rag.matching.profile import Profile

_PAPER = """益阳市人民政府关于支持科技创新的若干措施
益政发〔2026〕8号
各区县人民政府：
为支持科技创新，制定本措施。
第一条 对牵头组建创新联合体并承接攻关任务的企业，给予80万元补助。
第二条 对新认定的国家级、省级绿色数据中心，分别给予100万元、30万元奖励。
第三条 对跨行业跨领域工业互联网平台，给予200万元奖励；对特定行业工业互联网平台，给予60万元奖励。
第四条 对首次获评三星级、四星级、五星级的上云企业，分别奖励10万元、20万元、40万元。
第五条 支持6月底前完成扩能改造，取得产品注册证的企业，给予70万元补助。
第六条 对参与制定行业标准且没有列入失信名单的企业，给予15万元奖励。
益阳市人民政府
2026年1月1日
"""
# The tiny embedder compares pairs of characters, so that its cosines are lower than those of a model.
_LEAST = (0.45, 0.6)


@cache
def _document() -> Document:
    return parse(load(_PAPER.encode(), name="paper.txt"), document_id="paper")


@cache
def _catalogue() -> FactCatalogue:
    return FactCatalogue.of([_document()], today=TODAY)


@pytest.fixture(scope="module")
def matcher(tiny_embedder: Embedder) -> Matcher:
    return Matcher(_catalogue(), meaning=Meaning(tiny_embedder, least=_LEAST))


def _said(matcher: Matcher, sentence: str) -> Matches:
    return matcher.match(Profile(sentence=sentence))


def test_what_is_said_in_other_words_applies_and_is_told_with_both(matcher: Matcher) -> None:
    sentence = "我们公司在益阳，牵头组了创新联合体，承接了攻关"
    group, match = group_of(_said(matcher, sentence), "给予80万元补助")
    assert group == "applies"
    assert isinstance(match.verdict, Applies)
    assert match.verdict.understood
    for met in match.verdict.understood:
        assert all(words in sentence for words in met.said.split("，"))
        assert met.quote.span.of(_document().text) == met.quote.words


def test_without_vectors_words_alone_decide() -> None:
    words_alone = Matcher(_catalogue())
    sentence = "我们公司在益阳，牵头组了创新联合体，承接了攻关"
    assert group_of(_said(words_alone, sentence), "给予80万元补助")[0] == "to_confirm"


def test_a_model_without_fitted_figures_is_not_used(tiny_embedder: Embedder) -> None:
    assert Meaning.by(tiny_embedder) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "我们公司在益阳，没有牵头组创新联合体，没有承接攻关",
        "我们公司在益阳，打算牵头组创新联合体，承接攻关",
        "我们公司在益阳，能不能牵头组创新联合体，承接攻关？",
        "我们公司在益阳",
    ],
)
def test_a_denial_an_intention_or_a_question_meets_nothing(matcher: Matcher, sentence: str) -> None:
    assert group_of(_said(matcher, sentence), "给予80万元补助")[0] != "applies"


def _sums(matches: Matches) -> set[str]:
    text = _document().text
    return {amount.span.of(text) for match in matches.applies for amount in match.found.fact.amounts}


@pytest.mark.parametrize(
    ("sentence", "sums"),
    [
        ("益阳的省级绿色数据中心，今年刚认定", {"30万元"}),
        ("益阳的企业，建设了跨行业跨领域工业互联网平台", {"200万元"}),
        ("益阳的企业，建设了特定行业的工业互联网平台", {"60万元"}),
        ("益阳的企业，建设了面向茶叶的工业互联网平台", set()),
        ("益阳的企业，今年首次获评四星级上云企业", {"20万元"}),
        ("益阳的企业，5月完成扩能改造，取得了产品注册证", set()),
    ],
)
def test_of_facts_that_differ_in_some_words_only_the_one_whose_words_are_said_applies(
    matcher: Matcher, sentence: str, sums: set[str]
) -> None:
    assert _sums(_said(matcher, sentence)) == sums


_CLAUSES = (
    "我们公司在益阳",
    "我们公司在长沙",
    "牵头组了创新联合体",
    "承接了攻关",
    "没有承接攻关任务",
    "建设了工业互联网平台",
    "参与制定了行业标准",
    "不在失信名单里",
    "今年刚认定为绿色数据中心",
    "首次获评上云企业",
    "打算参与制定行业标准",
)


def _groups(matches: Matches) -> Iterator[tuple[str, str]]:
    for name, group in (("applies", matches.applies), ("to_confirm", matches.to_confirm)):
        yield from ((match.found.key, name) for match in group)
    yield from ((match.found.key, "other") for match in matches.does_not_apply())


@settings(max_examples=40)
@given(clauses=st.lists(st.sampled_from(_CLAUSES), min_size=1, max_size=5))
def test_vectors_only_turn_what_is_to_confirm_into_what_applies(matcher: Matcher, clauses: list[str]) -> None:
    sentence = "，".join(clauses)
    before, after = (
        dict(_groups(_said(Matcher(_catalogue()), sentence))),
        dict(_groups(_said(matcher, sentence))),
    )
    assert before.keys() == after.keys()
    changed = {(before[key], after[key]) for key in before if before[key] != after[key]}
    assert changed <= {("to_confirm", "applies")}


def test_questions_of_what_stays_open_are_the_same_with_vectors(matcher: Matcher) -> None:
    sentence = "我们公司在益阳，牵头组了创新联合体"
    for with_vectors in (matcher, Matcher(_catalogue())):
        _, match = group_of(_said(with_vectors, sentence), "四星级")
        assert isinstance(match.verdict, ToConfirm)
        assert not match.verdict.understood


def test_an_attribute_in_which_nothing_is_found_is_told() -> None:
    profile = Profile(place="桃花源里", size="巨无霸", stage="八字还没一撇", industry="软件", type="企业")
    told = _said_of(profile)
    assert told == {"place": "桃花源里", "size": "巨无霸", "stage": "八字还没一撇"}
    assert _said_of(Profile(place="益阳", size="小微企业", stage="已获批")) == {}


def _said_of(profile: Profile) -> dict[str, str]:
    found = Matcher(_catalogue()).match(profile).not_understood
    return {one.aspect.value: one.words for one in found}
