"""Computes the figures of a public set with their intervals, and formats them as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from statistics import median as median_of

import numpy as np

from evals.measures.risk import risk_coverage
from evals.measures.stats import Array, bootstrap, mean, median, percentile
from evals.measures.summary import Figure
from evals.public.asking import ANSWERS, BROKEN, QUOTED, Asked
from evals.public.refusal_curve import RefusalCurve, refusal_curve_of
from evals.public.retrieval import RETRIEVAL, TRAPPED, Ranked
from evals.public.run import PublicReport
from evals.report.tables import NONE, Table

_PERCENTILES = (50, 95, 99)
_RESAMPLES = 500  # of the area under a curve, which is slower than a mean


def search_figures(ranked: Sequence[Ranked]) -> dict[str, Figure]:
    """Returns the search figures of one query file, in display order."""
    return _figures([one.scores for one in ranked], (*RETRIEVAL, TRAPPED))


def answer_figures(asked: Iterable[Asked]) -> dict[str, Figure]:
    """Returns the figures over the questions with known answers."""
    return _figures([one.scores for one in asked], ANSWERS)


def area(asked: Iterable[Asked]) -> Figure | None:
    """Returns the area under the risk–coverage curve (`evals.measures.risk`) over the judged questions."""
    points = [
        (one.confidence - float(one.refused), one.right and not one.refused)
        for one in asked
        if one.right is not None
    ]
    if not points:
        return None

    def of(rows: Array) -> float:
        return risk_coverage([(float(sure), bool(right)) for sure, right in rows]).area

    values = [(sure, float(right)) for sure, right in points]
    return Figure(
        risk_coverage(points).area, len(points), bootstrap(values, statistic=of, resamples=_RESAMPLES)
    )


def tables(report: PublicReport) -> list[Table]:
    """Returns all figures of a public set as tables."""
    found = [_search(report), _answers(report), _refusals(report), _latency(report)]
    return [table for table in found if table.rows]


def _figures(scores: Sequence[Mapping[str, float]], names: Sequence[str]) -> dict[str, Figure]:
    found = {}
    for name in names:
        values = [one[name] for one in scores if name in one]
        if values and name == QUOTED:
            found[name] = Figure(median_of(values), len(values), bootstrap(values, statistic=median))
        elif values:
            found[name] = Figure(fmean(values), len(values), bootstrap(values, statistic=mean))
    return found


def _search(report: PublicReport) -> Table:
    figures = [search_figures(ranked) for _, ranked in report.ranked]
    rows = [("questions", *(str(len(ranked)) for _, ranked in report.ranked))]
    rows += [
        (name, *(_cell(name, found.get(name)) for found in figures))
        for name in (*RETRIEVAL, TRAPPED)
        if any(name in found for found in figures)
    ]
    title = f"{report.name}: search among {report.lines} lines"
    return Table(title, ("", *(name for name, _ in report.ranked)), tuple(rows))


def _answers(report: PublicReport) -> Table:
    rows = [
        (name, _cell(name, figure), str(figure.judged))
        for name, figure in answer_figures(report.asked).items()
    ]
    broken = sum(one.outcome == BROKEN for one in report.asked)
    if broken:
        rows.append(("replies that broke a promise", str(broken), str(len(report.asked))))
    return Table(f"{report.name}: answers", ("", "figure", "questions"), tuple(rows))


def _refusals(report: PublicReport) -> Table:
    found = refusal_curve_of(report.asked)
    rows = _refusal_rows(found) if found is not None else []
    curve = area(report.asked)
    if curve is not None:
        rows.append(("risk–coverage area", _cell("", curve), str(curve.judged)))
    return Table(f"{report.name}: refusals", ("", "figure", "questions"), tuple(rows))


def _refusal_rows(found: RefusalCurve) -> list[tuple[str, str, str]]:
    every = str(found.answerable + found.unanswerable)
    rows = [
        ("refused without need", _cell("", found.false_refusals), str(found.answerable)),
        ("refused with reason", _cell("", found.refused), str(found.unanswerable)),
    ]
    rows += [
        (
            f"refused with reason, {rate:.0%} without need",
            NONE if share is None else f"{share:.3f}",
            every,
        )
        for rate, share in found.at.items()
    ]
    return [*rows, ("ROC area of the confidence", f"{found.area:.3f}", every)]


def _latency(report: PublicReport) -> Table:
    timed = [(f"search {name}", [one.milliseconds for one in ranked]) for name, ranked in report.ranked]
    timed.append(("ask", [one.milliseconds for one in report.asked]))
    rows = [
        (name, *(f"{percentile(share)(np.asarray(taken)):.1f}" for share in _PERCENTILES))
        for name, taken in timed
        if taken
    ]
    columns = ("", *(f"p{share}" for share in _PERCENTILES))
    return Table(f"{report.name}: milliseconds a question", columns, tuple(rows))


def _cell(name: str, figure: Figure | None) -> str:
    if figure is None:
        return NONE
    digits = 0 if name == QUOTED else 3
    low, high = figure.interval.low, figure.interval.high
    return f"{figure.value:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"
