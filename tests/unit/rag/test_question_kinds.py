"""What the words of a question ask for, and whether they assert something."""

from __future__ import annotations

import pytest
from asked import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from rag.question.kinds import BUCKETS, FactKind, buckets, packaged_kinds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("牵头的是哪个局？", FactKind.DEPARTMENT),
        ("申报要带哪些资料", FactKind.MATERIALS),
        ("补贴比例是百分之几？", FactKind.PERCENTAGE),
        ("咨询电话是多少", FactKind.CONTACT),
        ("每家企业给多少钱？", FactKind.AMOUNT),
        ("多少天能批下来？", FactKind.DURATION),
        ("多久评审一次？", FactKind.FREQUENCY),
    ],
)
def test_the_kind_asked_for_is_told(question: str, kind: FactKind) -> None:
    assert packaged_kinds().asked(question).kind is kind


@pytest.mark.parametrize(
    ("asserting", "asking"),
    [
        ("这项补贴一年给200万，对吧？", "这项补贴一年给多少？"),
        ("听说不用备案了，那我直接开？", "开业要备案吗，怎么备案？"),
        ("既然由财政局牵头，材料就送财政局？", "哪个部门牵头？"),
    ],
)
def test_an_assertion_is_told_from_a_question(asserting: str, asking: str) -> None:
    model = packaged_kinds()
    assert model.asked(asserting).asserts > 0.8
    assert model.asked(asking).asserts < 0.3


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_has_probabilities(text: str) -> None:
    asked = packaged_kinds().asked(text)
    assert sum(asked.kinds.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= share <= 1 for share in (*asked.kinds.values(), asked.asserts))


@given(st.text())
def test_which_number_it_is_makes_no_difference(text: str) -> None:
    assert buckets(f"{text}补20万") == buckets(f"{text}补3.5万") or text[-1:].isdigit() or text.endswith(".")


@given(st.text(max_size=1000))
def test_buckets_are_in_range_and_each_once(text: str) -> None:
    found = buckets(text)
    assert len(set(found)) == len(found)
    assert all(0 <= bucket < BUCKETS for bucket in found)
    assert len(found) <= 3 * 402
