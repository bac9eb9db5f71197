"""Prepares the figures of a run for display: cards, rows with intervals, tables, outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.measures import summary
from evals.measures.metrics import outcome_right
from evals.measures.names import AREA, LENGTH, LESS_IS_BETTER, MEASURES, SUCCESS
from evals.measures.summary import Figure, Group
from evals.model import Expect, Report, Result
from rag.model import Outcome

_NO_ANSWER = "What has no answer: right outcome"
# Measures on the cards, with explanations.
_HEADLINE = {
    SUCCESS: "facts, document and article all right",
    "facts": "every key fact is in the answer",
    "R@5": "evidence among the first five clauses",
    "nDCG@10": "how high the evidence ranks",
    "quotes verbatim": "occur in the paper verbatim",
    "number guard": "amounts, dates and numbers occur in cited clauses",
    "citation precision": "of the cited clauses belong to the answer",
    "citation recall": "of the expected clauses are cited",
    "foreign sentences": "quoted from a paper not asked about",
    "refusal precision": "of the refusals were due",
    "refusal recall": "of what nothing answers is refused",
    "false refusal": "refused although the papers answer",
    "corrected": "false premises, with the facts that correct them",
    AREA: "mean share of wrong answers, highest confidence first",
    LENGTH: "characters, median",
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure with its interval. `track` has per cent for shares; None for other figures."""

    name: str
    value: str
    interval: str
    judged: int
    track: tuple[float, ...] | None  # low, value, high
    says: str
    less_is_better: bool


@dataclass(frozen=True, slots=True)
class Successes:
    """Rows of gauges under titles; their tracks span `floor` to 1."""

    floor: str
    blocks: tuple[tuple[str, tuple[Gauge, ...]], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of measures (rows) by groups (columns); a cell is None where nothing could be judged."""

    title: str
    groups: tuple[tuple[str, int], ...]  # name, questions
    rows: tuple[tuple[str, tuple[Gauge | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of questions with an outcome, and how many of them are right."""

    count: int
    right: int

    @property
    def tone(self) -> str:
        if not self.count:
            return "none"
        if self.right == self.count:
            return "right"
        return "mixed" if self.right else "wrong"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Questions of one expectation and type, by their outcome."""

    expect: Expect
    type: str
    questions: int
    cells: tuple[Cell, ...]


def gauge(name: str, figure: Figure, *, floor: float = 0.0) -> Gauge:
    """Returns the figure for display; its track spans `floor` to 1."""
    low, high = figure.interval.low, figure.interval.high
    digits = 0 if name == LENGTH else 3
    places = tuple(_percent(share, floor) for share in (low, figure.value, high))
    track = None if name == LENGTH else places
    interval = f"{low:.{digits}f}–{high:.{digits}f}"
    less = name in LESS_IS_BETTER
    says = _HEADLINE.get(name, "")
    return Gauge(name, f"{figure.value:.{digits}f}", interval, figure.judged, track, says, less)


def headline(report: Report) -> list[Gauge]:
    """Returns the figures that are shown first."""
    figures = summary.overall(report)
    return [gauge(name, figures[name]) for name in _HEADLINE if name in figures]


def successes(report: Report, blocks: Mapping[str, Sequence[Group]]) -> Successes:
    """Returns how often all was right, one row per group, and the outcome of the unanswerable, by type.

    All rows are on one scale.
    """
    judged = {
        title: [(group.name, group.figures[SUCCESS]) for group in groups if SUCCESS in group.figures]
        for title, groups in blocks.items()
    }
    refusals = [(row.type, row.outcome_right) for row in summary.refusals(report)]
    judged[_NO_ANSWER] = [(kind, figure) for kind, figure in refusals if figure is not None]
    lows = [figure.interval.low for rows in judged.values() for _, figure in rows]
    floor = min(0.9, int(10 * min(lows, default=0.0)) / 10)
    drawn = (
        (title, tuple(gauge(name, figure, floor=floor) for name, figure in rows))
        for title, rows in judged.items()
    )
    return Successes(f"{floor:.1f}", tuple((title, rows) for title, rows in drawn if rows))


def grid(title: str, groups: Sequence[Group]) -> Grid:
    """Returns every figure of every group."""
    shown = [measure for measure in MEASURES if any(measure in group.figures for group in groups)]
    rows = [(measure, tuple(_cell(measure, group.figures) for group in groups)) for measure in shown]
    return Grid(title, tuple((group.name, group.questions) for group in groups), tuple(rows))


def outcomes(report: Report) -> tuple[tuple[Outcome, ...], list[Outcomes]]:
    """Returns the outcomes that occur, and a row per expectation: one for the answerable, others by type."""
    seen = [outcome for outcome in Outcome if any(r.observed.outcome is outcome for r in report.results)]
    kinds: dict[tuple[Expect, str], list[Result]] = {}
    for result in sorted(report.results, key=lambda result: list(Expect).index(result.item.expect)):
        expect = result.item.expect
        kind = "all types" if expect is Expect.ANSWER else result.item.type
        kinds.setdefault((expect, kind), []).append(result)
    rows = [
        Outcomes(expect, kind, len(some), tuple(_count(some, outcome) for outcome in seen))
        for (expect, kind), some in kinds.items()
    ]
    return tuple(seen), rows


def _count(results: Iterable[Result], outcome: Outcome) -> Cell:
    right = Counter(_is_right(result) for result in results if result.observed.outcome is outcome)
    return Cell(right.total(), right[True])


def _is_right(result: Result) -> bool:
    return outcome_right(result.item, result.observed) == 1.0


def _cell(measure: str, figures: Mapping[str, Figure]) -> Gauge | None:
    return gauge(measure, figures[measure]) if measure in figures else None


def _percent(share: float, floor: float) -> float:
    return round(100 * min(1.0, max(0.0, share - floor) / (1 - floor)), 2)
