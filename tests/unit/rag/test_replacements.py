"""What replaced papers changed in their facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from replaced_papers import FIRST, ID, LATER, LATER_ID, SECOND, opened, take

from corpus.facts.comparing.fields import FactField
from corpus.facts.model import Fact, FactKind
from corpus.store.audit import Action
from corpus.store.papers import Store
from rag.facts.fact_filter import IN_FORCE, FactFilter
from rag.facts.replacements import Replacement, Replacements, Replacing, Side

_TODAY = date(2026, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as made:
        yield made


def _found(store: Store) -> Replacements:
    return Replacements(*opened(store, today=_TODAY))


def _limits(one: Replacement) -> list[tuple[list[str], list[str]]]:
    """The words of time limits that changed."""
    return [
        ([*map(one.old.facts.excerpts.words, field.old)], [*map(one.new.facts.excerpts.words, field.new)])
        for change in one.differences.changed
        for field in change.fields
        if field.field is FactField.TIME_LIMIT
    ]


def _quotes(side: Side, facts: Sequence[Fact]) -> list[str]:
    """The words of the time limits among facts."""
    return [side.facts.excerpts.words(one.quote) for one in facts if one.kind is FactKind.TIME_LIMIT]


def test_a_new_version_is_compared_with_the_one_before(store: Store) -> None:
    take(store, FIRST)
    assert _found(store).of(ID) == []
    take(store, SECOND)
    (one,) = _found(store).of(ID)
    assert (one.how, one.old.version, one.new.version) == (Replacing.VERSION, 1, 0)
    assert _limits(one) == [(["20个工作日"], ["15个工作日"])]
    assert (one.differences.added, one.differences.removed) == ((), ())


def test_facts_of_a_day_are_those_of_the_newest_version_of_the_papers_in_force_then(store: Store) -> None:
    for text in (FIRST, SECOND, LATER):
        take(store, text)
    _, facts = opened(store, today=_TODAY)
    for day, paper, words in (
        (date(2024, 6, 1), ID, "15个工作日"),
        (date(2026, 3, 1), LATER_ID, "8个工作日"),
    ):
        found = facts.select(FactFilter(as_of=day, statuses=IN_FORCE))
        assert {one.head.id for one in found} == {paper}
        limits = [one.fact.limit for one in found if one.fact.limit is not None]
        periods = [found[0].words(one.period.span) for one in limits if one.period is not None]
        assert periods[0] == words


def test_its_time_is_that_of_the_line_in_the_audit(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    (one,) = _found(store).of(ID)
    line = store.audit.lines(ID)[-1]
    assert line.action is Action.NEW_VERSION
    assert one.at is not None
    assert abs((one.at - line.at).total_seconds()) < 60


def test_a_repeal_is_compared_on_both_papers(store: Store) -> None:
    take(store, SECOND)
    take(store, LATER)
    (on_later,), (on_old,) = _found(store).of(LATER_ID), _found(store).of(ID)
    for one in (on_later, on_old):
        assert (one.how, one.old.head.id, one.new.head.id) == (Replacing.REPEAL, ID, LATER_ID)
        assert _limits(one) == [(["15个工作日"], ["8个工作日"])]
        assert _quotes(one.new, one.differences.added) == ["竹林权属登记自受理之日起5个工作日内办结"]
        assert _quotes(one.old, one.differences.removed) == ["竹制品备案自受理之日起10个工作日内办结"]
    assert on_later.at == on_old.at is not None


def test_the_latest_come_first_and_only_of_the_papers_asked_for(store: Store) -> None:
    for text in (FIRST, SECOND, LATER):
        take(store, text)
    found = _found(store)
    latest = found.latest(None, most=10)
    assert [(one.how, one.new.head.id) for one in latest] == [
        (Replacing.REPEAL, LATER_ID),
        (Replacing.VERSION, ID),
    ]
    assert [one.at for one in latest] == sorted((one.at for one in latest if one.at), reverse=True)
    assert len(found.latest(None, most=1)) == 1
    assert [one.new.head.id for one in found.latest(frozenset([ID]), most=10)] == [ID]
    assert found.latest(frozenset(), most=10) == []


def test_a_version_that_is_not_in_use_replaces_nothing(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    store.use_version(ID, 1, reason="误传")
    assert _found(store).latest(None, most=10) == []
    assert _found(store).of(ID) == []


def test_a_withdrawn_paper_is_in_no_list(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    store.withdrawals.withdraw(ID, reason="误传")
    assert store.latest_versions(most=10) == ()
    assert _found(store).latest(None, most=10) == []


@pytest.mark.parametrize("is_hidden", [True, False])
def test_what_an_editor_corrected_is_no_change_of_the_paper(store: Store, *, is_hidden: bool) -> None:
    take(store, FIRST)
    paper = opened(store, today=_TODAY)[1].paper(ID)
    fact = next(
        one.fact for one in paper.facts.facts if "10个工作日" in paper.facts.excerpts.words(one.fact.quote)
    )
    if is_hidden:
        store.fact_corrections.hide(ID, fact.id, reason="r")
    else:
        (place,) = store.fact_corrections.places(ID, fact.id, "备案自受理")
        store.fact_corrections.correct(ID, fact.id, "limit.what", [place], reason="r")
    take(store, SECOND)
    (one,) = _found(store).of(ID)
    assert _limits(one) == [(["20个工作日"], ["15个工作日"])]
    assert len(one.differences.changed) == 1
    assert (one.differences.added, one.differences.removed) == ((), ())
    (told,) = _found(store).latest(None, most=10)
    assert told.differences == one.differences


def test_what_is_hidden_in_the_replaced_paper_is_not_told_as_new(store: Store) -> None:
    take(store, FIRST)
    take(
        store,
        LATER.replace(
            "登记。竹林权属登记自受理之日起5个工作日内办结", "备案。竹制品备案自受理之日起10个工作日内办结"
        ),
    )
    paper = opened(store, today=_TODAY)[1].paper(ID)
    fact = next(
        one.fact for one in paper.facts.facts if "10个工作日" in paper.facts.excerpts.words(one.fact.quote)
    )
    store.fact_corrections.hide(ID, fact.id, reason="r")
    (one,) = _found(store).of(LATER_ID)
    assert _quotes(one.new, one.differences.added) == []


def test_whether_there_can_be_replacements_is_known_without_facts(store: Store) -> None:
    take(store, FIRST)
    assert not _found(store).are_possible(ID)
    take(store, LATER)
    assert _found(store).are_possible(ID)
    assert _found(store).are_possible(LATER_ID)


def test_an_earlier_version_is_a_replacement(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    assert _found(store).are_possible(ID)
