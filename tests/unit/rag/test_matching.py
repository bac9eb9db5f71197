"""Matching of facts with an enterprise, by what people say of themselves and by attributes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from matched import TODAY, city, city_facts, city_matcher, group_of, said, why

from corpus.model import Status
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.model import DoesNotApply, Source, ToConfirm
from rag.matching.profile import Event, Profile

_RENOVATION = "按设备投资的10%给予补助"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("益阳的企业，租的是国企的门面，属于小微企业", "承租国有企业经营性房产"),
        ("益阳公司，去年在新三板挂牌", "新三板挂牌"),
        ("益阳的厂，主营业务收入首次突破10亿元", "首次突破10亿元"),
        ("益阳的药厂做技术改造，项目符合条件", _RENOVATION),
        ("益阳安化县的公司", "给予60万元奖励"),
        ("益阳安化，新发展了中药材种植基地600亩", "500亩以上"),
    ],
)
def test_what_is_said_in_everyday_words_meets_the_conditions(sentence: str, quote: str) -> None:
    assert group_of(said(sentence), quote)[0] == "applies"


@pytest.mark.parametrize(
    ("sentence", "quote", "reason"),
    [
        ("长沙的企业，去年在新三板挂牌", "新三板挂牌", "region"),
        ("益阳公司，去年在新三板挂牌", "主板上市", "condition"),
        ("益阳的厂，主营业务收入首次突破8亿元", "首次突破10亿元", "threshold"),
        ("益阳的公司，产品是第二类医疗器械，不是创新药", "审批时限压缩", "class"),
        ("益阳资阳区的公司", "给予60万元奖励", "region"),
    ],
)
def test_what_excludes_a_fact_is_told_with_its_quote(sentence: str, quote: str, reason: str) -> None:
    group, match = group_of(said(sentence), quote)
    assert group == "does_not_apply"
    assert reason in why(match)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("益阳的企业，想去新三板挂牌", "新三板挂牌"),
        ("益阳的企业，打算做技术改造", _RENOVATION),
        ("益阳的药厂做技术改造", _RENOVATION),
        ("益阳的企业，主营业务收入30亿元", "首次突破10亿元"),
        ("我们做技术改造，项目符合条件", _RENOVATION),
        ("益阳的科技企业孵化器", "有条件的县"),
        ("益阳的企业", "承租国有企业经营性房产"),
    ],
)
def test_what_is_not_known_is_asked_and_never_certain(sentence: str, quote: str) -> None:
    group, match = group_of(said(sentence), quote)
    assert group == "to_confirm"
    assert isinstance(match.verdict, ToConfirm)
    assert all(question.quote.words in city().document.text for question in match.verdict.questions)


def test_duties_of_others_rules_and_targets_are_not_offered() -> None:
    matches = said("益阳的企业")
    with pytest.raises(LookupError):
        group_of(matches, "应当在5个工作日内完成备案")
    with pytest.raises(LookupError):
        group_of(matches, "总额不超过")
    assert group_of(said("益阳的一家医院"), "应当在5个工作日内完成备案")[0] == "applies"


def test_rules_of_the_paper_come_with_every_sum() -> None:
    _, match = group_of(said("益阳公司，去年在新三板挂牌"), "新三板挂牌")
    quotes = [rule.quote.words for rule in match.rules]
    assert any("总额不超过1000万元" in words for words in quotes)
    assert any("有效期至2028年12月31日" in words for words in quotes)


def test_the_day_counts() -> None:
    sentence = "益阳公司，去年在新三板挂牌"
    assert group_of(said(sentence, as_of=date(2028, 12, 31)), "新三板挂牌")[0] == "applies"
    group, match = group_of(said(sentence, as_of=date(2029, 1, 1)), "新三板挂牌")
    assert group == "does_not_apply"
    assert why(match) == {"expired"}
    assert isinstance(match.verdict, DoesNotApply)
    assert match.verdict.otherwise is not None


def test_a_sum_is_worked_out_from_the_numbers_of_paper_and_request() -> None:
    sentence = "益阳的药厂技术改造，设备投资8000万元，项目符合条件"
    _, match = group_of(said(sentence), _RENOVATION)
    calculation = match.calculation
    assert calculation is not None
    assert calculation.result == Decimal(5_000_000)
    rate, base = calculation.factors
    assert (rate.source, base.source) == (Source.PAPER, Source.REQUEST)
    assert rate.span is not None
    assert rate.span.of(city().document.text) == "10%"
    assert base.span is not None
    assert base.span.of(sentence) == "8000万元"
    assert calculation.cap is not None
    assert calculation.cap.words == "500万元"


def test_a_sum_for_each_unit_is_multiplied() -> None:
    _, match = group_of(said("益阳安化，新发展了中药材种植基地600亩"), "500亩以上")
    assert match.calculation is not None
    assert match.calculation.result == Decimal(120_000)


def test_attributes_and_sentence_lead_to_the_same_verdicts() -> None:
    matcher = city_matcher()
    by_sentence = matcher.match(Profile(sentence="益阳市的中型企业，去年在新三板挂牌"))
    by_attributes = matcher.match(
        Profile(place="益阳市", type="企业", size="中型", events=(Event("去年在新三板挂牌"),))
    )
    for quote in ("新三板挂牌", "主板上市", _RENOVATION, "给予60万元奖励"):
        assert group_of(by_sentence, quote)[0] == group_of(by_attributes, quote)[0]


def test_an_attribute_counts_instead_of_the_sentence() -> None:
    matches = city_matcher().match(Profile(place="长沙市", sentence="益阳公司，去年在新三板挂牌"))
    assert group_of(matches, "新三板挂牌")[0] == "does_not_apply"


def test_every_quote_is_the_papers_own_text() -> None:
    text = city().document.text
    matches = said("益阳的药厂技术改造，设备投资8000万元，不是创新药，没有上市")
    for match in (*matches.applies, *matches.to_confirm, *matches.does_not_apply()):
        verdict = match.verdict
        quotes = [rule.quote for rule in match.rules]
        match verdict:
            case ToConfirm(questions, known):
                quotes += [one.quote for one in questions] + list(known)
            case DoesNotApply(reasons):
                quotes += [one.quote for one in reasons]
        assert quotes
        assert all(quote.span.of(text) == quote.words for quote in quotes)


@pytest.mark.parametrize(("sales", "given"), [("6亿元", 150_000), ("1亿元", 50_000), ("12亿元", 250_000)])
def test_of_a_list_of_steps_the_one_that_is_reached_applies(sales: str, given: int) -> None:
    matches = said(f"益阳的批发公司，年销售额{sales}")
    steps = [one for one in matches.applies if "年销售额达到" in one.found.quote]
    assert [amount.value for one in steps for amount in one.found.fact.amounts] == [given]
    missed = [one for one in matches.does_not_apply() if "年销售额达到" in one.found.quote]
    assert [why(one) for one in missed] == [{"threshold"}, {"threshold"}]


def test_a_bank_is_no_enterprise_of_a_field() -> None:
    bank = said("益阳的一家银行，去年在新三板挂牌")
    assert group_of(bank, "新三板挂牌")[0] == "applies"
    assert group_of(bank, "年销售额达到")[0] != "applies"


def test_names_of_recognitions_have_to_be_said_in_full() -> None:
    group, _ = group_of(said("益阳的企业，首次认定为省级工程研究中心"), "首次认定为国家级、省级企业技术中心")
    assert group != "applies"


def test_a_list_of_levels_shares_the_name_behind_it() -> None:
    quote = "首次认定为国家级、省级企业技术中心"
    for sentence in ("益阳的企业，首次认定为省级瞪羚企业", "益阳的企业，首次认定为国家级示范企业"):
        assert group_of(said(sentence), quote)[0] != "applies"
    matches = said("益阳的企业，首次认定为省级企业技术中心")
    assert [one.found.fact.amounts[0].value for one in matches.applies if quote in one.found.quote] == [
        300_000
    ]


def test_a_draft_that_would_give_something_is_told() -> None:
    document, facts = city().document, city_facts()
    head = replace(document.head, status=Status.DRAFT)
    draft = Matcher(FactCatalogue.of([replace(document, head=head)], today=TODAY, facts=[facts]))
    here = draft.match(Profile(sentence="益阳的企业，去年在新三板挂牌"))
    in_force = said("益阳的企业，去年在新三板挂牌")
    (told,) = here.drafts
    assert (told.applies, told.to_confirm) == (len(in_force.applies), len(in_force.to_confirm))
    assert told.applies > 0
    assert (len(here.applies), len(here.to_confirm), in_force.drafts) == (0, 0, ())
    assert draft.match(Profile(place="长沙市")).drafts == ()
