"""What a later paper changes in the facts of an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from written_facts import fact, money

from corpus.facts.comparing.differences import FactDifferences, compare_facts
from corpus.facts.comparing.fields import FactField, parts_of
from corpus.facts.excerpts import Excerpts
from corpus.facts.in_force import FactInForce, FactsInForce
from corpus.facts.model import Bound, Fact, FactKind, Rule, RuleKind

_OLD = (
    "对首次获批的创新药企业，给予不超过500万元一次性奖励。对新建检验检测中心，给予不超过80万元补助。"
    "对参加境外展会的企业，给予不超过10万元补助。本措施自2020年1月1日起施行，有效期3年。"
)
_NEW = (
    "对新建检验检测中心，给予不超过８０万元补助。对首次获批且在本市产业化的创新药企业，最高奖励800万元。"
    "对新增规模以上工业企业，奖励5万元。本措施自2023年1月1日起施行，有效期5年。"
)


def _paper(text: str, *facts: Fact) -> FactsInForce:
    spans = (span for one in facts for span in one.spans())
    return FactsInForce("paper", tuple(map(FactInForce, facts)), Excerpts.of(spans, text), {"一、": "一、"})


def _validity(text: str, quote: str, since: date, until: date) -> Fact:
    made = fact(text, quote, kind=FactKind.RULE)
    return replace(made, rule=Rule(RuleKind.VALIDITY, made.quote, since, until))


@pytest.fixture
def old() -> FactsInForce:
    return _paper(
        _OLD,
        fact(
            _OLD,
            "对首次获批的创新药企业，给予不超过500万元一次性奖励",
            who=["创新药企业"],
            amounts=["500万元"],
        ),
        fact(_OLD, "对新建检验检测中心，给予不超过80万元补助", who=["新建检验检测中心"], amounts=["80万元"]),
        fact(
            _OLD, "对参加境外展会的企业，给予不超过10万元补助", who=["参加境外展会的企业"], amounts=["10万元"]
        ),
        _validity(_OLD, "自2020年1月1日起施行，有效期3年", date(2020, 1, 1), date(2022, 12, 31)),
    )


@pytest.fixture
def new() -> FactsInForce:
    wide = fact(_NEW, "对新建检验检测中心，给予不超过８０万元补助", who=["新建检验检测中心"])
    return _paper(
        _NEW,
        replace(wide, amounts=(money(_NEW, "８０万元"),)),
        fact(
            _NEW,
            "对首次获批且在本市产业化的创新药企业，最高奖励800万元",
            who=["创新药企业"],
            on=["在本市产业化"],
            amounts=["800万元"],
        ),
        fact(_NEW, "对新增规模以上工业企业，奖励5万元", who=["新增规模以上工业企业"], amounts=["5万元"]),
        _validity(_NEW, "自2023年1月1日起施行，有效期5年", date(2023, 1, 1), date(2027, 12, 31)),
    )


def _words(
    found: FactDifferences, old: FactsInForce, new: FactsInForce
) -> list[tuple[str, list[str], list[str]]]:
    return [
        (field.field, [*map(old.excerpts.words, field.old)], [*map(new.excerpts.words, field.new)])
        for change in found.changed
        for field in change.fields
    ]


def test_limits_conditions_and_terms_that_changed_are_named(old: FactsInForce, new: FactsInForce) -> None:
    found = compare_facts(old, new)
    assert _words(found, old, new) == [
        (FactField.CONDITION, [], ["在本市产业化"]),
        (FactField.UPPER_LIMIT, ["500万元"], ["800万元"]),
        (FactField.VALIDITY, ["自2020年1月1日起施行，有效期3年"], ["自2023年1月1日起施行，有效期5年"]),
    ]
    assert found.unchanged == 1  # figures in full width are the same figures
    assert [one.quote.of(_NEW) for one in found.added] == ["对新增规模以上工业企业，奖励5万元"]
    assert [one.quote.of(_OLD) for one in found.removed] == ["对参加境外展会的企业，给予不超过10万元补助"]


def test_the_same_facts_do_not_differ(old: FactsInForce, new: FactsInForce) -> None:
    for edition in (old, new):
        found = compare_facts(edition, edition)
        assert not found
        assert found.unchanged == len(edition.facts)


def test_backwards_what_was_added_is_removed(old: FactsInForce, new: FactsInForce) -> None:
    there, back = compare_facts(old, new), compare_facts(new, old)
    assert there.added == back.removed
    assert there.removed == back.added
    assert {(one.old, one.new) for one in there.changed} == {(one.new, one.old) for one in back.changed}


def test_every_fact_is_counted_once(old: FactsInForce, new: FactsInForce) -> None:
    found = compare_facts(old, new)
    paired = found.unchanged + len(found.changed)
    assert paired + len(found.removed) == len(old.facts)
    assert paired + len(found.added) == len(new.facts)


def test_the_facts_of_a_list_are_paired_by_beneficiary() -> None:
    before = "对获评国家级、省级、市级平台的企业，分别给予300万元、200万元、100万元奖励。"
    after = "对获评国家级、省级、市级平台的企业，分别给予300万元、250万元、100万元奖励。"

    def listed(text: str, *sums: str) -> FactsInForce:
        quote = text.removesuffix("。")
        of = zip(("国家级", "省级", "市级"), sums, strict=True)
        return _paper(text, *(fact(text, quote, who=[who], amounts=[sum_]) for who, sum_ in of))

    old, new = listed(before, "300万元", "200万元", "100万元"), listed(after, "300万元", "250万元", "100万元")
    assert _words(compare_facts(old, new), old, new) == [(FactField.UPPER_LIMIT, ["200万元"], ["250万元"])]


def test_two_things_for_one_beneficiary_stay_apart() -> None:
    before = "企业参加境外展会的，给予展位费补助。"
    after = "企业引进博士后的，每人每年发放生活津贴。"
    old = _paper(before, fact(before, before.removesuffix("。"), who=["企业"]))
    new = _paper(after, fact(after, after.removesuffix("。"), who=["企业"]))
    found = compare_facts(old, new)
    assert (len(found.added), len(found.removed), found.changed) == (1, 1, ())


def test_kinds_are_not_paired() -> None:
    text = "对贷款企业给予支持。"
    loan = fact(text, "对贷款企业给予支持", kind=FactKind.LOAN, who=["贷款企业"])
    found = compare_facts(_paper(text, loan), _paper(text, replace(loan, kind=FactKind.MONEY)))
    assert (len(found.added), len(found.removed)) == (1, 1)


def test_a_sum_that_is_no_limit_any_more_is_said_in_both_fields() -> None:
    text = "对创新药企业给予500万元奖励。"
    limited = fact(text, "对创新药企业给予500万元奖励", who=["创新药企业"], amounts=["500万元"])
    exact = replace(limited, amounts=(money(text, "500万元", bound=Bound.EXACT),))
    (change,) = compare_facts(_paper(text, limited), _paper(text, exact)).changed
    assert [(field.field, bool(field.old), bool(field.new)) for field in change.fields] == [
        (FactField.UPPER_LIMIT, True, False),
        (FactField.AMOUNT, False, True),
    ]


def test_a_figure_that_no_field_has_is_not_passed_over() -> None:
    before = "对规模以上企业，按增速达到10%的标准给予支持。"
    after = before.replace("10%", "15%")
    old, new = (_paper(text, fact(text, text[:-1], who=["规模以上企业"])) for text in (before, after))
    (change,) = compare_facts(old, new).changed
    assert [field.field for field in change.fields] == [FactField.QUOTE]


def test_parts_are_spans_of_the_fact(old: FactsInForce) -> None:
    for one in old.facts:
        spans = set(one.fact.spans())
        assert {part.span for part in parts_of(one.fact, old.excerpts.words)} <= spans
