"""Aggregates scores over questions: overall, by file, difficulty, type and kind of refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evals.measures.names import (
    AREA,
    CONTROL,
    LENGTH,
    MEASURES,
    NAMES,
    NEEDLESS,
    STRUCTURE,
    SUCCESS,
    counts,
    failed_by,
)
from evals.measures.risk import selective
from evals.measures.stats import Interval, Statistic, bootstrap, mean, median, percentile
from evals.model import Expect, Report, Result

# The measures that say whether a reply is right, the first of them that could be judged.
_DECIDES = {Expect.ANSWER: (SUCCESS,), Expect.CORRECT: ("corrected", "outcome")}
PERCENTILES = (50, 90, 95, 99, 100)  # 100 is the slowest question, which has no interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean (of the answer length the median) over `judged` questions, and its 95 % interval."""

    value: float
    judged: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Group:
    """A group of questions. A measure that could judge none of them has no figure."""

    name: str
    questions: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Refusals:
    """Results of the questions of one type to be refused, corrected or answered as small talk."""

    type: str
    questions: int
    outcome_right: Figure | None
    corrected: Figure | None  # right outcome with the facts that correct the premise
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class KindRow:
    """Results of the questions of one type about one kind of fact or claim; `looks_like` is for controls."""

    type: str
    looks_like: str
    kind: str
    questions: int
    right: Figure | None


def overall(report: Report) -> dict[str, Figure]:
    """Returns the figures over the questions that count for each, in the order of `measures.NAMES`.

    Questions about a paper's outline count only for the promises of every reply.
    """
    found = {}
    for name in NAMES:
        asked = [r for r in report.results if counts(name, expect=r.item.expect, type=r.item.type)]
        figure = _figure(name, asked)
        if figure is not None:
            found[name] = figure
    risk = selective(report)
    if risk is not None:
        found[AREA] = Figure(risk.curve.area, risk.questions, risk.interval)
    return found


def by_file(report: Report) -> list[Group]:
    """Returns a group per file, then follow-ups of dialogues, structure questions, and all.

    Questions about a paper's outline (type structure) count in their own group only.
    """
    plain = _plain(report)
    groups = [
        _group(name, [result for result in plain if result.case.set == name])
        for name in dict.fromkeys(result.case.set for result in plain)
    ]
    follow_ups = [result for result in plain if result.turn > 0]
    structure = [result for result in _answerable(report) if result.item.type == STRUCTURE]
    apart = [
        _group(name, some) for name, some in (("follow-ups", follow_ups), ("structure", structure)) if some
    ]
    return [*groups, *apart, *([_group("all", plain)] if plain else [])]


def by_difficulty(report: Report) -> list[Group]:
    """Returns the groups easy, paraphrase and hard, without structure questions."""
    return _split(_plain(report), ("easy", "paraphrase", "hard"), lambda result: result.item.difficulty)


def by_type(report: Report) -> list[Group]:
    """Returns a group for every type of question, without structure questions."""
    plain = _plain(report)
    names = sorted({result.item.type for result in plain})
    return _split(plain, names, lambda result: result.item.type)


def by_turn(report: Report) -> list[Group]:
    """Returns a group for the first turns of the dialogues, one for the second, and so on."""
    turns = [result for result in _answerable(report) if len(result.case.items) > 1]
    numbers = sorted({result.turn for result in turns})
    return [
        _group(f"turn {number + 1}", [result for result in turns if result.turn == number])
        for number in numbers
    ]


def refusals(report: Report) -> list[Refusals]:
    """Returns the results of the questions to be refused, corrected or answered as small talk."""
    asked = [result for result in report.results if result.item.expect is not Expect.ANSWER]
    rows = [
        _refusals(kind, [result for result in asked if result.item.type == kind])
        for kind in dict.fromkeys(result.item.type for result in asked)
    ]
    must = [result for result in asked if result.item.expect is Expect.REFUSE]
    return [*rows, *([_refusals("all that must be refused", must)] if must else [])]


def kinds(report: Report) -> list[KindRow]:
    """Returns the results by kind of missing fact, of false claim and of control, where the sets name one.

    Right is a right outcome, for a claim with the facts that correct it, and for a control all three.
    """
    found: dict[tuple[str, str, str], list[Result]] = {}
    for result in report.results:
        item = result.item
        if item.kind:
            found.setdefault((item.type, item.looks_like, item.kind), []).append(result)
    return [KindRow(*key, len(found[key]), _right_share(found[key])) for key in sorted(found)]


def needless(report: Report) -> list[Group]:
    """Returns what was said without need about controls, other questions to answer, and all of them."""
    plain = _plain(report)
    controls = [result for result in plain if result.item.type == CONTROL]
    others = [result for result in plain if result.item.type != CONTROL]
    groups = [_group(name, some) for name, some in (("controls", controls), ("others", others)) if some]
    groups += [_group("all", plain)] if len(groups) > 1 else []
    return [
        Group(
            group.name,
            group.questions,
            {name: group.figures[name] for name in NEEDLESS if name in group.figures},
        )
        for group in groups
    ]


def latency(report: Report) -> dict[str, float]:
    """Returns milliseconds per question at each percentile (nearest rank); empty without questions."""
    taken = np.array([result.milliseconds for result in report.results])
    return {f"p{share}": percentile(share)(taken) for share in PERCENTILES if len(taken)}


def latency_figures(report: Report) -> dict[str, Figure]:
    """Returns the percentiles of `latency` with their intervals, without the slowest question."""
    taken = [result.milliseconds for result in report.results]
    clusters = [result.cluster for result in report.results]
    shares = [share for share in PERCENTILES if share < 100 and taken]
    return {f"p{share}": _made(tuple(taken), tuple(clusters), percentile(share)) for share in shares}


def failed(result: Result) -> tuple[str, ...]:
    """Returns the names of the measures that the reply to a question fails."""
    return failed_by(result.scores)


def _answerable(report: Report) -> list[Result]:
    return [result for result in report.results if result.item.expect is Expect.ANSWER]


def _plain(report: Report) -> list[Result]:
    return [result for result in _answerable(report) if result.item.type != STRUCTURE]


def _split(results: Sequence[Result], names: Sequence[str], key: Callable[[Result], str]) -> list[Group]:
    groups = [_group(name, [result for result in results if key(result) == name]) for name in names]
    return [group for group in groups if group.questions]


def _group(name: str, results: Sequence[Result]) -> Group:
    figures = {measure: _figure(measure, results) for measure in MEASURES}
    return Group(name, len(results), {name: figure for name, figure in figures.items() if figure is not None})


def _figure(measure: str, results: Iterable[Result]) -> Figure | None:
    judged = [(result.cluster, result.scores[measure]) for result in results if measure in result.scores]
    return _of(judged, median if measure == LENGTH else mean)


def _right_share(results: Iterable[Result]) -> Figure | None:
    """Returns the share of right replies by the measure that decides for what is expected."""
    judged = []
    for result in results:
        names = _DECIDES.get(result.item.expect, ("outcome",))
        score = next((result.scores[name] for name in names if name in result.scores), None)
        if score is not None:
            judged.append((result.cluster, score))
    return _of(judged, mean)


def _of(judged: Sequence[tuple[str, float]], statistic: Statistic) -> Figure | None:
    if not judged:
        return None
    return _made(tuple(score for _, score in judged), tuple(cluster for cluster, _ in judged), statistic)


@lru_cache(maxsize=1024)
def _made(values: tuple[float, ...], clusters: tuple[str, ...], statistic: Statistic) -> Figure:
    """Computes a figure; cached, as every form of the report shows it and intervals are slow."""
    interval = bootstrap(values, statistic=statistic, clusters=clusters)
    return Figure(statistic(np.array(values)), len(values), interval)


def _refusals(kind: str, results: Sequence[Result]) -> Refusals:
    outcomes = Counter(result.observed.outcome.value for result in results)
    right, corrected = _figure("outcome", results), _figure("corrected", results)
    return Refusals(kind, len(results), right, corrected, dict(outcomes.most_common()))
