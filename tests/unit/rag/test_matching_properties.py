"""Properties of matching: what becomes known decides only what was open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matched import city_matcher

from rag.matching.model import Applies, DoesNotApply, ToConfirm, Verdict, Why
from rag.matching.profile import Event, Profile

_VALUES: Mapping[str, tuple[Any, ...]] = {
    "place": ("益阳市", "湖南省益阳市安化县", "长沙市", "湖南省", "浙江省杭州市"),
    "type": ("企业", "医院", "科技企业孵化器", "融资担保公司"),
    "industry": ("生物医药", "软件", "农业"),
    "product": ("创新药", "第三类创新医疗器械", "仿制药", "中药材"),
    "stage": ("已获批", "申报临床"),
    "size": ("大型", "中型", "小微企业"),
    "revenue": (Decimal(500_000_000), Decimal(1_000_000_000), Decimal(3_000_000_000)),
    "investment": (Decimal(80_000_000),),
    "events": ((Event("在新三板挂牌"),), (Event("租了国企的门面"), Event("技术改造"))),
    "titles": (("省级企业技术中心",), ("国家级企业技术中心",), ("首次认定为市级企业技术中心",)),
}
# Which aspect of a verdict an attribute answers for. Events, titles and stages may be in the words of any.
_ASPECTS: Mapping[str, set[str]] = {
    "place": {"place"},
    "type": {"type"},
    "industry": {"industry"},
    "product": {"product", "industry"},
    "size": {"size"},
    "revenue": {"revenue", "figures"},
    "investment": {"investment", "figures"},
}

# None says what or where the asker is, so an attribute that becomes known later contradicts none of them.
_SENTENCES = (
    "你好",
    ".",
    "x",
    "？",
    "想了解政策",
    "去年在新三板挂牌",
    "打算做技术改造",
    "建了500亩",
    "能拿多少钱",
    "去年首次认定为市级企业技术中心",
    "首次认定为国家级、省级企业技术中心",
)

_profiles = st.builds(
    Profile,
    **{name: st.none() | st.sampled_from(values) for name, values in _VALUES.items()},
    sentence=st.none() | st.sampled_from(_SENTENCES),
)


def _verdicts(profile: Profile) -> dict[str, Verdict]:
    matches = city_matcher().match(profile)
    every = (*matches.applies, *matches.to_confirm, *matches.does_not_apply())
    return {match.found.key: match.verdict for match in every}


@given(profile=_profiles, data=st.data())
def test_an_attribute_that_becomes_known_moves_only_what_was_to_confirm(
    profile: Profile, data: st.DataObject
) -> None:
    unknown = [
        one.name for one in fields(Profile) if one.name in _VALUES and getattr(profile, one.name) is None
    ]
    if not unknown:
        return
    name = data.draw(st.sampled_from(unknown))
    more = replace(profile, **{name: data.draw(st.sampled_from(_VALUES[name]))})
    before, after = _verdicts(profile), _verdicts(more)
    for key, verdict in before.items():
        if not isinstance(verdict, ToConfirm) and key in after:
            assert type(after[key]) is type(verdict)


@given(profile=_profiles, data=st.data())
def test_a_changed_attribute_changes_only_verdicts_that_depend_on_it(
    profile: Profile, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(_ASPECTS)))
    changed = replace(profile, **{name: data.draw(st.sampled_from(_VALUES[name]))})
    before, after = _verdicts(replace(profile, **{name: None})), _verdicts(changed)
    for key, verdict in before.items():
        if key in after and type(after[key]) is not type(verdict):
            assert isinstance(verdict, ToConfirm)
            assert _ASPECTS[name] & {one.value for question in verdict.questions for one in question.aspects}


@given(profile=_profiles)
def test_an_empty_attribute_is_the_same_as_an_unknown_one(profile: Profile) -> None:
    empty: dict[str, Any] = {
        one.name: "" if one.name not in ("events", "titles") else ()
        for one in fields(Profile)
        if getattr(profile, one.name) is None and one.name not in ("revenue", "investment")
    }
    assert _kinds(replace(profile, **empty)) == _kinds(profile)


def _kinds(profile: Profile) -> dict[str, type[Applies | ToConfirm | DoesNotApply]]:
    return {key: type(verdict) for key, verdict in _verdicts(profile).items()}


@given(profile=_profiles, data=st.data())
def test_who_says_the_words_of_a_condition_is_not_asked_for_it_again(
    profile: Profile, data: st.DataObject
) -> None:
    before = _verdicts(profile)
    asked = [
        question
        for verdict in before.values()
        if isinstance(verdict, ToConfirm)
        for question in verdict.questions
        if question.aspect is not None and question.why is not Why.REGION and len(question.quote.words) > 3
    ]
    if not asked:
        return
    words = data.draw(st.sampled_from(asked)).quote.words
    after = _verdicts(replace(profile, events=(*(profile.events or ()), Event(words))))
    for key, verdict in after.items():
        if isinstance(verdict, ToConfirm):
            assert words not in [one.quote.words for one in verdict.questions if one.aspect is not None]
        if not isinstance(before[key], ToConfirm):
            assert type(verdict) is type(before[key])


def test_a_denial_with_the_words_of_a_condition_does_not_meet_it() -> None:
    said = Profile(place="益阳市", type="企业", events=(Event("没有首次认定为国家级企业技术中心"),))
    centres = [verdict for key, verdict in _verdicts(said).items() if "第一条" in key]
    assert centres
    assert not any(isinstance(verdict, Applies) for verdict in centres)


@pytest.mark.parametrize("sentence", ["你好", ".", "x", "？", "想了解政策"])
def test_a_sentence_without_a_word_on_the_asker_decides_nothing(sentence: str) -> None:
    assert _kinds(Profile(sentence=sentence)) == _kinds(Profile())


_OF_A_FIELD = ("益阳的公司，承接CDMO代工", "益阳的制药厂，做创新药", "益阳的批发公司", "益阳一家银行")


@pytest.mark.parametrize("sentence", _OF_A_FIELD)
@pytest.mark.parametrize(
    "more",
    [
        {"type": "企业"},
        {"industry": "生物医药"},
        {"product": "药品"},
        {"place": "益阳市"},
        {"type": "企业", "industry": "生物医药", "product": "药品"},
    ],
)
def test_an_attribute_that_says_less_than_the_sentence_takes_nothing_back(
    sentence: str, more: dict[str, Any]
) -> None:
    before, after = _kinds(Profile(sentence=sentence)), _kinds(Profile(sentence=sentence, **more))
    for key, kind in before.items():
        if kind is not ToConfirm and key in after:
            assert after[key] is kind


@pytest.mark.parametrize("sentence", _SENTENCES)
@pytest.mark.parametrize("body", _VALUES["type"])
def test_a_type_that_becomes_known_after_a_sentence_moves_only_what_was_to_confirm(
    sentence: str, body: str
) -> None:
    before, after = _kinds(Profile(sentence=sentence)), _kinds(Profile(sentence=sentence, type=body))
    for key, kind in before.items():
        if kind is not ToConfirm and key in after:
            assert after[key] is kind
