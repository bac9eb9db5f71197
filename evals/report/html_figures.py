"""Prepares the figures of a run for display: cards, rows with intervals, tables, outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evals.measures import bars, summary
from evals.measures.metrics import outcome_right
from evals.measures.names import AREA, LENGTH, LESS_IS_BETTER, MEASURES, NEEDLESS, SUCCESS
from evals.measures.summary import Figure, Group
from evals.model import Expect, Report, Result
from evals.report.tables import bar_in_words, type_name
from evals.report.wording import Wording
from rag.model import Outcome

# Measures on the cards; the texts of the report explain each.
_HEADLINE = (
    SUCCESS,
    "facts",
    "R@5",
    "nDCG@10",
    "quotes verbatim",
    "number guard",
    "citation precision",
    "citation recall",
    "foreign sentences",
    "missing part named",
    "refusal precision",
    "refusal recall",
    "false refusal",
    *NEEDLESS,
    "corrected",
    AREA,
    LENGTH,
)


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
    bar: str = ""  # in words; empty where the figure has none
    missed: bool = False  # the figure misses its bar


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


def gauge(measure: str, figure: Figure, *, words: Wording, name: str = "", floor: float = 0.0) -> Gauge:
    """Returns the figure for display, named `name` or by its measure; its track spans `floor` to 1."""
    low, high = figure.interval.low, figure.interval.high
    digits = 0 if measure == LENGTH else 3
    places = tuple(_percent(share, floor) for share in (low, figure.value, high))
    track = None if measure == LENGTH else places
    interval = f"{low:.{digits}f}–{high:.{digits}f}"
    less = measure in LESS_IS_BETTER
    says = words.texts.get(f"says.{measure}", "")
    shown = name or words.measure(measure)
    return Gauge(shown, f"{figure.value:.{digits}f}", interval, figure.judged, track, says, less)


def headline(report: Report, words: Wording) -> list[Gauge]:
    """Returns the figures that are shown first, with their bars."""
    figures = summary.overall(report)
    judged = {one.bar.measure: one for one in bars.judged(report)}
    return [
        _with_bar(gauge(name, figures[name], words=words), judged.get(name), words)
        for name in _HEADLINE
        if name in figures
    ]


def _with_bar(shown: Gauge, judged: bars.Judged | None, words: Wording) -> Gauge:
    if judged is None:
        return shown
    return replace(shown, bar=bar_in_words(judged.bar, words), missed=not judged.met)


def successes(report: Report, blocks: Sequence[tuple[str, Sequence[Group]]], words: Wording) -> Successes:
    """Returns how often all was right, one row per group, and the outcome of the unanswerable, by type.

    All rows are on one scale.
    """
    judged = {
        title: [(group.name, group.figures[SUCCESS]) for group in groups if SUCCESS in group.figures]
        for title, groups in blocks
    }
    refusals = [(type_name(row.type, words), row.outcome_right) for row in summary.refusals(report)]
    judged[words("no_answer")] = [(kind, figure) for kind, figure in refusals if figure is not None]
    lows = [figure.interval.low for rows in judged.values() for _, figure in rows]
    floor = min(0.9, int(10 * min(lows, default=0.0)) / 10)
    drawn = (
        (title, tuple(gauge("", figure, words=words, name=name, floor=floor) for name, figure in rows))
        for title, rows in judged.items()
    )
    return Successes(f"{floor:.1f}", tuple((title, rows) for title, rows in drawn if rows))


def grid(title: str, groups: Sequence[Group], words: Wording) -> Grid:
    """Returns every figure of every group."""
    shown = [measure for measure in MEASURES if any(measure in group.figures for group in groups)]
    rows = [
        (words.measure(measure), tuple(_cell(measure, group.figures, words) for group in groups))
        for measure in shown
    ]
    return Grid(title, tuple((group.name, group.questions) for group in groups), tuple(rows))


def outcomes(report: Report, words: Wording) -> tuple[tuple[Outcome, ...], list[Outcomes]]:
    """Returns the outcomes that occur, and a row per expectation: one for the answerable, others by type."""
    seen = [outcome for outcome in Outcome if any(r.observed.outcome is outcome for r in report.results)]
    kinds: dict[tuple[Expect, str], list[Result]] = {}
    for result in sorted(report.results, key=lambda result: list(Expect).index(result.item.expect)):
        expect = result.item.expect
        kind = words("all_types") if expect is Expect.ANSWER else type_name(result.item.type, words)
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


def _cell(measure: str, figures: Mapping[str, Figure], words: Wording) -> Gauge | None:
    return gauge(measure, figures[measure], words=words) if measure in figures else None


def _percent(share: float, floor: float) -> float:
    return round(100 * min(1.0, max(0.0, share - floor) / (1 - floor)), 2)
