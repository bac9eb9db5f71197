"""The figures of a run on facts as tables, and what misses its bar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from evals.facts.figures import figures
from evals.facts.model import FactReport, Split
from evals.measures.bars import Judged, fact_bars, judged_by
from evals.measures.fact_names import (
    FACETED_MEASURES,
    FACT_MEASURES,
    PROFILE_MEASURES,
    PROMISES_OF_FACTS,
    TABLE_MEASURES,
)
from evals.measures.summary import Figure
from evals.report import tables
from evals.report.tables import Table
from evals.report.wording import Wording

_FEWEST = 10  # things by which a figure is held against its bar
_PARTS = (
    ("facts_part", FACT_MEASURES),
    ("profiles_part", PROFILE_MEASURES),
    ("faceted_part", FACETED_MEASURES),
    ("tables_part", TABLE_MEASURES),
)


def judged(report: FactReport) -> list[Judged]:
    """Returns the figures that have a bar. A run with one that is not met has not passed.

    A figure over few things says nothing about its bar, unless it is a promise.
    """
    found = judged_by(fact_bars(), figures(report.scores))
    return [one for one in found if one.figure.judged >= _FEWEST or one.bar.measure in PROMISES_OF_FACTS]


def as_tables(report: FactReport, words: Wording) -> list[Table]:
    """Returns bars and figures as tables."""
    halves = [figures(report.scores, split=half) for half in Split]
    whole = figures(report.scores)
    shown = [_part(title, names, whole, halves, words) for title, names in _PARTS]
    return [table for table in (_bars(report, words), *shown, _by_paper(report, words)) if table.rows]


def missed_in_words(report: FactReport, words: Wording) -> list[str]:
    """Returns each figure that misses its bar, with its value and the bar."""
    return [
        words(
            "missed",
            {
                "name": words.measure(one.bar.measure),
                "value": tables.number("", one.figure.value),
                "bar": tables.bar_in_words(one.bar, words),
            },
        )
        for one in judged(report)
        if not one.met
    ]


def _bars(report: FactReport, words: Wording) -> Table:
    rows = tuple(
        (
            words.measure(one.bar.measure),
            *_cells(one.figure),
            tables.bar_in_words(one.bar, words),
            words("yes" if one.met else "no"),
        )
        for one in judged(report)
    )
    columns = ("measure", "figure", "interval", "judged_column", "bar", "met")
    return Table(words("bars"), tuple(map(words, columns)), rows)


def _part(
    title: str,
    names: Sequence[str],
    whole: Mapping[str, Figure],
    halves: Sequence[Mapping[str, Figure]],
    words: Wording,
) -> Table:
    rows = tuple(
        (
            words.measure(name),
            *_cells(whole[name]),
            *(tables.number("", half[name].value) if name in half else tables.NONE for half in halves),
        )
        for name in names
        if name in whole
    )
    columns = ("measure", "figure", "interval", "judged_column", "dev_half", "test_half")
    return Table(words(title), tuple(map(words, columns)), rows)


def _by_paper(report: FactReport, words: Wording) -> Table:
    """Returns the figures of facts that have a bar, paper by paper."""
    values = defaultdict[tuple[str, str], list[float]](list)
    for score in report.scores:
        if score.measure in FACT_MEASURES and score.measure in fact_bars():
            values[score.measure, score.cluster[0]].append(score.value)
    papers = sorted({paper for _, paper in values})
    rows = tuple(
        (
            words.measure(name),
            *(
                f"{tables.number('', fmean(own))} ({len(own)})"
                if (own := values.get((name, paper)))
                else tables.NONE
                for paper in papers
            ),
        )
        for name in FACT_MEASURES
        if any((name, paper) in values for paper in papers)
    )
    return Table(words("facts_by_paper"), (words("measure"), *papers), rows)


def _cells(figure: Figure) -> tuple[str, str, str]:
    return tables.number("", figure.value), tables.span("", figure.interval), str(figure.judged)
