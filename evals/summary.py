"""Figures over many questions: plain numbers by file, by difficulty and by kind of refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from statistics import fmean, median

from evals.model import Expect, Report, Result
from evals.observe import HITS
from evals.score import BUDGETS, RANKS
from evals.stats import Interval, bootstrap
from evals.stats import mean as mean_of
from evals.stats import median as median_of

LENGTH = "answer length"
# Measures of questions that the papers answer, in the order they are shown.
MEASURES: tuple[str, ...] = (
    *(f"recall@{k}" for k in RANKS),
    "MRR",
    *(f"recall in {size}" for size in BUDGETS),
    f"all papers@{HITS}",
    "facts",
    "document",
    "article",
    "all three",
    "document set",
    "quotes verbatim",
    "foreign sentences",
    "citation precision",
    "false refusal",
    LENGTH,
)
PERCENTILES = (50, 90, 95, 99, 100)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean (a median for the answer length) over `judged` questions, and its 95 % interval."""

    value: float
    judged: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Group:
    """Questions looked at together. A measure that could judge none of them has no figure."""

    name: str
    questions: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Refusals:
    """Questions of one type that should not simply be answered, and what came of them."""

    type: str
    questions: int
    outcome_right: float
    corrected: Figure | None  # right outcome with the facts that correct the premise
    outcomes: dict[str, int]


def by_file(report: Report) -> list[Group]:
    """A group a file, then follow-ups of dialogues, structure questions apart, and all.

    Questions about a paper's outline (type structure) count in their own group only.
    """
    plain = _plain(report)
    groups = [
        _group(name, [result for result in plain if result.case.set == name])
        for name in dict.fromkeys(result.case.set for result in plain)
    ]
    follow_ups = [result for result in plain if result.turn > 0]
    structure = [result for result in _answerable(report) if result.item.type == "structure"]
    apart = [
        _group(name, some) for name, some in (("follow-ups", follow_ups), ("structure", structure)) if some
    ]
    return [*groups, *apart, *([_group("all", plain)] if plain else [])]


def by_difficulty(report: Report) -> list[Group]:
    """Groups easy, paraphrase and hard, without structure questions."""
    return _split(_plain(report), ("easy", "paraphrase", "hard"), lambda result: result.item.difficulty)


def by_type(report: Report) -> list[Group]:
    """A group for every type of question, without structure questions."""
    plain = _plain(report)
    names = sorted({result.item.type for result in plain})
    return _split(plain, names, lambda result: result.item.type)


def refusals(report: Report) -> list[Refusals]:
    """What came of the questions that should be refused, corrected or answered as small talk."""
    asked = [result for result in report.results if result.item.expect is not Expect.ANSWER]
    rows = [
        _refusals(kind, [result for result in asked if result.item.type == kind])
        for kind in dict.fromkeys(result.item.type for result in asked)
    ]
    must = [result for result in asked if result.item.expect is Expect.REFUSE]
    return [*rows, *([_refusals("all that must be refused", must)] if must else [])]


def latency(report: Report) -> dict[str, float]:
    """Milliseconds a question at each percentile (nearest rank); empty without questions."""
    taken = sorted(result.milliseconds for result in report.results)
    return {f"p{share}": taken[ceil(share / 100 * len(taken)) - 1] for share in PERCENTILES} if taken else {}


def verbatim(report: Report) -> Figure | None:
    """Share of verbatim quotes over every reply, refusals with what they offer included."""
    return _figure("quotes verbatim", report.results)


def failed(result: Result) -> tuple[str, ...]:
    """Names of the measures by which the reply to a question is wrong."""
    scores = result.scores
    zero = (
        "recall@5",
        f"all papers@{HITS}",
        "facts",
        "document",
        "article",
        "document set",
        "outcome",
        "corrected",
    )
    names = [name for name in zero if scores.get(name) == 0.0]
    if scores.get("quotes verbatim", 1.0) < 1.0:
        names.append("quotes verbatim")
    if scores.get("false refusal") == 1.0:
        names.append("false refusal")
    return tuple(names)


def _answerable(report: Report) -> list[Result]:
    return [result for result in report.results if result.item.expect is Expect.ANSWER]


def _plain(report: Report) -> list[Result]:
    return [result for result in _answerable(report) if result.item.type != "structure"]


def _split(results: Sequence[Result], names: Sequence[str], key: Callable[[Result], str]) -> list[Group]:
    groups = [_group(name, [result for result in results if key(result) == name]) for name in names]
    return [group for group in groups if group.questions]


def _group(name: str, results: Sequence[Result]) -> Group:
    figures = {measure: _figure(measure, results) for measure in MEASURES}
    return Group(name, len(results), {name: figure for name, figure in figures.items() if figure is not None})


def _figure(measure: str, results: Iterable[Result]) -> Figure | None:
    judged = [result for result in results if measure in result.scores]
    if not judged:
        return None
    values = tuple(result.scores[measure] for result in judged)
    # Turns of a dialogue and near-duplicates of a question are not independent of each other.
    clusters = tuple(result.cluster for result in judged)
    return _made(values, clusters, measure == LENGTH)


@lru_cache(maxsize=1024)
def _made(values: tuple[float, ...], clusters: tuple[str, ...], by_median: bool) -> Figure:
    """Kept, as every form of the report shows the same figures and intervals take a while."""
    interval = bootstrap(values, statistic=median_of if by_median else mean_of, clusters=clusters)
    return Figure(median(values) if by_median else fmean(values), len(values), interval)


def _refusals(kind: str, results: Sequence[Result]) -> Refusals:
    outcomes = Counter(result.observed.outcome.value for result in results)
    right = fmean(result.scores["outcome"] for result in results)
    return Refusals(kind, len(results), right, _figure("corrected", results), dict(outcomes.most_common()))
