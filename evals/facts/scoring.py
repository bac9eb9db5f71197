"""Scores extracted facts, verdicts on enterprises, and tables, against the labels. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.facts.model import (
    Field,
    Group,
    LabelledPaper,
    Miss,
    ProfileCase,
    Score,
    Split,
    Stated,
    TableCase,
    Verdicts,
)
from evals.facts.pairing import group_of, pairs
from evals.measures import fact_names as names
from evals.measures.fact_names import (
    APPLIES,
    APPLIES_AS_MAY,
    BOUND,
    FREQUENCY,
    MAY_AS_APPLIES,
    NONE_RIGHT,
    RULES_TOLD,
    TABLE_PRECISION,
    TABLE_RECALL,
    TARGETS_AND_RULES,
    WRONG_AS_APPLIES,
    WRONG_AS_MAY,
    exact,
    near,
    precision,
    recall,
)

_TOGETHER = frozenset((Group.TARGET, Group.RULE))


@dataclass(frozen=True, slots=True)
class PaperScores:
    """The scores of a paper, what is wrong, and the ids of labelled facts by those of extracted ones."""

    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]
    ids: Mapping[str, str]


def score_paper(paper: LabelledPaper, extracted: Sequence[Stated]) -> PaperScores:
    """Scores the facts extracted from a paper, of the groups that are labelled in full."""
    made = pairs(paper.facts, extracted)
    ids = {extracted[one.extracted].id: paper.facts[one.labelled].id for one in made}
    taken = {one.extracted for one in made}
    left = [fact for j, fact in enumerate(extracted) if j not in taken]
    off = pairs(paper.neutral, left)
    ids |= {left[one.extracted].id: paper.neutral[one.labelled].id for one in off}
    right = {one.labelled for one in made if one.is_exact}
    found = {one.extracted for one in made if one.is_exact}
    passed_over = {left[one.extracted].id for one in off}
    scores, misses = list[Score](), list[Miss]()
    for i, fact in enumerate(paper.facts):
        if group_of(fact) not in paper.groups:
            continue
        scores += _counted(recall, fact, i in right, paper.split)
        if i not in right:
            misses.append(_miss(recall, fact, paper.split))
    for j, fact in enumerate(extracted):
        group = group_of(fact)
        if fact.id in passed_over or group is Group.OTHER or group not in paper.groups:
            continue
        scores += _counted(precision, fact, j in found, paper.split)
        if j not in found:
            misses.append(_miss(precision, fact, paper.split))
    for one in made:
        fact = paper.facts[one.labelled]
        if paper.is_complete:  # the fields of named facts are not labelled
            scores += _fields(fact, extracted[one.extracted], paper.split)
    return PaperScores(tuple(scores), tuple(misses), ids)


def score_profile(
    case: ProfileCase, shown: Verdicts, ids: Mapping[str, str], *, with_facets: bool = False
) -> tuple[list[Score], list[Miss]]:
    """Scores what is shown to an enterprise. `ids` are those of labelled facts by those of extracted ones.

    Extracted facts without a label are left out of account.
    """
    applies = _labelled(shown.applies, ids)
    to_confirm = _labelled(shown.to_confirm, ids) - applies
    told = _labelled(shown.rules, ids)
    certain = case.may - case.stale
    judged = (
        (APPLIES, case.applies, applies, True),
        (APPLIES_AS_MAY, case.applies, to_confirm, False),
        (WRONG_AS_APPLIES, case.wrong, applies, False),
        (WRONG_AS_MAY, case.wrong, to_confirm, False),
        (MAY_AS_APPLIES, certain, applies, False),
        (RULES_TOLD, case.rules, told, True),
    )
    scores, misses = list[Score](), list[Miss]()
    for words_alone, wanted, having, wants in judged:
        measure = names.with_facets(words_alone) if with_facets else words_alone
        for fact in sorted(wanted):
            has = fact in having
            scores.append(Score(measure, float(has), case.split, ("profile", case.id)))
            if has is not wants:
                misses.append(Miss(measure, case.id, fact, case.split))
    return scores, misses


def score_table(
    case: TableCase, listed: frozenset[str], ids: Mapping[str, str]
) -> tuple[list[Score], list[Miss]]:
    """Scores the facts that a table lists. One without a label counts as wrong."""
    facts = {ids.get(one, one) for one in listed}
    right = case.facts | case.optional
    place = ("table", case.id)
    wrong = [Miss(TABLE_PRECISION, case.id, fact, case.split) for fact in sorted(facts - right)]
    if case.is_none:
        return [Score(NONE_RIGHT, float(not wrong), case.split, place)], wrong
    scores = [Score(TABLE_RECALL, float(fact in facts), case.split, place) for fact in sorted(case.facts)]
    scores += [Score(TABLE_PRECISION, float(fact in right), case.split, place) for fact in sorted(facts)]
    lost = [Miss(TABLE_RECALL, case.id, fact, case.split) for fact in sorted(case.facts - facts)]
    return scores, [*lost, *wrong]


def _counted(name: Callable[[str], str], fact: Stated, is_right: bool, split: Split) -> Iterator[Score]:
    group = group_of(fact)
    yield Score(name(group.value), float(is_right), split, fact.cluster)
    if group in _TOGETHER:
        yield Score(name(TARGETS_AND_RULES), float(is_right), split, fact.cluster)


def _miss(name: Callable[[str], str], fact: Stated, split: Split) -> Miss:
    return Miss(name(group_of(fact).value), fact.id, fact.quote, split)


def _fields(fact: Stated, found: Stated, split: Split) -> Iterator[Score]:
    """Yields the scores of the fields of a pair that at least one of the two has."""

    def score(measure: str, value: float) -> Score:
        return Score(measure, value, split, fact.cluster)

    for field in Field:
        own, other = (one.words.get(field, frozenset()) for one in (fact, found))
        if own or other:
            yield score(exact(field.value), float(own == other))
            yield score(near(field.value), _near(own, other))
    if fact.sums:
        yield score(BOUND, float(_bounds(fact) == _bounds(found)))
    if fact.frequency or found.frequency:
        yield score(FREQUENCY, float(fact.frequency == found.frequency))


def _near(own: frozenset[str], other: frozenset[str]) -> float:
    """The share of the labelled phrases that contain an extracted one or are contained in one."""
    if not own or not other:
        return 0.0
    return sum(any(a in b or b in a for b in other) for a in own) / len(own)


def _bounds(fact: Stated) -> list[tuple[object, ...]]:
    return sorted((one.value, one.bound) for one in fact.sums)


def _labelled(shown: frozenset[str], ids: Mapping[str, str]) -> frozenset[str]:
    return frozenset(ids[one] for one in shown if one in ids)
