"""What the measures of facts, verdicts and tables count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from evals_facts import LABELLED
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.model import FactKind
from evals.facts.figures import figures
from evals.facts.model import (
    Field,
    Group,
    LabelledPaper,
    ProfileCase,
    Score,
    Split,
    Stated,
    Sum,
    TableCase,
    Verdicts,
)
from evals.facts.pairing import figures_of, group_of, overlap, pairs
from evals.facts.scoring import score_paper, score_profile, score_table

_SUM = Sum(Decimal(5_000_000), "max")
_MONEY = next(fact for paper in LABELLED for fact in paper.facts if fact.kind == "money" and fact.sums)


def _measured(paper: LabelledPaper, extracted: Sequence[Stated]) -> dict[str, float]:
    return _values(score_paper(paper, extracted).scores)


def _values(scores: Sequence[Score]) -> dict[str, float]:
    return {name: figure.value for name, figure in figures(scores).items()}


@pytest.mark.parametrize("paper", LABELLED, ids=lambda paper: paper.document.id)
def test_labels_agree_with_themselves(paper: LabelledPaper) -> None:
    found = score_paper(paper, paper.facts)
    assert set(_values(found.scores).values()) == {1.0}
    assert (found.misses, found.ids) == ((), {fact.id: fact.id for fact in paper.facts})


@pytest.mark.parametrize("paper", LABELLED, ids=lambda paper: paper.document.id)
def test_a_fact_that_is_missing_lowers_recall_alone(paper: LabelledPaper) -> None:
    gone = next(fact for fact in paper.facts if fact.kind == "money")
    found = _measured(paper, [fact for fact in paper.facts if fact != gone])
    assert found["money recall"] < 1.0
    assert {value for name, value in found.items() if name != "money recall"} == {1.0}


def test_a_fact_too_many_lowers_precision_unless_careful_readers_differ_on_it() -> None:
    paper = LABELLED[0]
    more = replace(_MONEY, id="more", quote="另外给予一笔补助。", sums=(Sum(Decimal(7), "exact"),))
    found = _measured(paper, [*paper.facts, more])
    assert found["money precision"] < 1.0 == found["money recall"]
    neutral = replace(paper, neutral=(replace(more, id="neutral"),))
    assert _measured(neutral, [*paper.facts, more])["money precision"] == 1.0


def test_a_bound_beneficiary_or_sum_that_is_wrong_is_told_apart() -> None:
    fact = replace(_MONEY, sums=(_SUM,), rate=None, words={Field.BENEFICIARY: frozenset({"规上企业"})})
    paper = replace(LABELLED[0], facts=(fact,), neutral=())
    bound = _measured(paper, [replace(fact, sums=(replace(_SUM, bound="exact"),))])
    assert (bound["money recall"], bound["bound exact"]) == (1.0, 0.0)
    who = _measured(paper, [replace(fact, words={Field.BENEFICIARY: frozenset({"新增规上企业"})})])
    assert (who["beneficiary exact"], who["beneficiary near"]) == (0.0, 1.0)
    other = _measured(paper, [replace(fact, sums=(replace(_SUM, value=Decimal(50)),))])
    assert (other["money recall"], other["money precision"]) == (0.0, 0.0)


def test_one_of_two_sums_makes_a_pair_that_is_not_right() -> None:
    fact = replace(_MONEY, sums=(_SUM, replace(_SUM, value=Decimal(3))), rate=None)
    (pair,) = pairs([fact], [replace(fact, sums=(_SUM,))])
    assert not pair.is_exact


_FACTS = st.sampled_from([fact for paper in LABELLED for fact in paper.facts][:60])


@given(st.lists(_FACTS, max_size=12), st.lists(_FACTS, max_size=12))
def test_a_pair_is_of_one_group_and_no_fact_is_in_two(one: list[Stated], other: list[Stated]) -> None:
    made = pairs(one, other)
    assert len({pair.labelled for pair in made}) == len({pair.extracted for pair in made}) == len(made)
    for pair in made:
        first, second = one[pair.labelled], other[pair.extracted]
        assert group_of(first) is group_of(second)
        assert pair.is_exact is (figures_of(first) == figures_of(second))


@given(st.text("资金补助奖励", max_size=12), st.text("资金补助奖励", max_size=12))
def test_the_overlap_of_quotes_is_a_symmetric_share(one: str, other: str) -> None:
    assert overlap(one, other) == overlap(other, one)
    assert 0.0 <= overlap(one, other) <= 1.0


_PROFILE = ProfileCase(
    id="p",
    text="",
    facets={},
    as_of=date(2026, 11, 30),
    applies=frozenset("ab"),
    may=frozenset("cd"),
    stale=frozenset("d"),
    wrong=frozenset("ef"),
    rules=frozenset("r"),
    optional=frozenset(),
)
_IDS = {name.upper(): name for name in "abcdefr"}


def _shown(applies: str, to_confirm: str = "", rules: str = "") -> dict[str, float]:
    shown = Verdicts(frozenset(applies), frozenset(to_confirm), frozenset(rules))
    return _values(score_profile(_PROFILE, shown, _IDS)[0])


def test_what_is_said_to_an_enterprise_is_counted_by_what_it_should_be() -> None:
    assert _shown("AB", "CD", "R") == {
        "applies found": 1.0,
        "applies shown as uncertain": 0.0,
        "wrong shown as applying": 0.0,
        "wrong shown as uncertain": 0.0,
        "uncertain shown as applying": 0.0,
        "rules told": 1.0,
    }
    wrong = _shown("ACE", "BF")
    assert (wrong["applies found"], wrong["applies shown as uncertain"]) == (0.5, 0.5)
    assert (wrong["wrong shown as applying"], wrong["wrong shown as uncertain"]) == (0.5, 0.5)
    assert (wrong["uncertain shown as applying"], wrong["rules told"]) == (1.0, 0.0)


def test_a_stale_fact_may_be_shown_as_applying_and_one_without_label_does_not_count() -> None:
    assert _shown("ABD?", "C", "R") == _shown("AB", "CD", "R")


def _listed(case: TableCase, listed: str) -> dict[str, float]:
    return _values(score_table(case, frozenset(listed), _IDS)[0])


def test_a_table_is_counted_by_its_rows() -> None:
    case = TableCase("t", "？", frozenset("ab"), frozenset("c"), is_none=False)
    assert _listed(case, "ABC") == {"table recall": 1.0, "table precision": 1.0}
    assert _listed(case, "A?") == {"table recall": 0.5, "table precision": 0.5}
    assert _listed(case, "") == {"table recall": 0.0}


def test_a_table_of_nothing_is_right_when_nothing_is_listed() -> None:
    case = TableCase("t", "？", frozenset(), frozenset("c"), is_none=True)
    assert _listed(case, "") == _listed(case, "C") == {"tables of nothing right": 1.0}
    assert _listed(case, "A") == {"tables of nothing right": 0.0}


def test_the_halves_are_measured_apart() -> None:
    scores = [
        Score("money recall", value, half, ("a", "b"))
        for value, half in ((1.0, Split.DEV), (0.0, Split.TEST))
    ]
    assert [figures(scores, split=half)["money recall"].value for half in Split] == [1.0, 0.0]
    assert figures(scores)["money recall"].value == 0.5


def test_of_a_paper_that_is_labelled_in_part_only_those_kinds_are_scored() -> None:
    limit = replace(
        _MONEY, id="limit", kind=FactKind.TIME_LIMIT, sums=(), rate=None, limit=(Decimal(3), "日")
    )
    paper = replace(LABELLED[0], facts=(_MONEY, limit), neutral=(), groups=frozenset({Group.TIME_LIMIT}))
    assert not paper.is_complete
    found = score_paper(paper, [])
    assert _values(found.scores) == {"time_limit recall": 0.0}
    both = score_paper(paper, [_MONEY, limit, replace(_MONEY, id="more", quote="另有一笔。")])
    assert _values(both.scores) == {"time_limit recall": 1.0, "time_limit precision": 1.0}
    assert both.ids == {_MONEY.id: _MONEY.id, "limit": "limit"}
