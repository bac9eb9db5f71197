"""Selects the plots of a report and describes each in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import quantiles

from markupsafe import Markup

from evals.measures import summary
from evals.measures.metrics import evidence_rank
from evals.measures.names import HITS, LENGTH
from evals.measures.risk import selective
from evals.model import Report
from evals.report import plots
from evals.report.wording import Wording

_MARKED = ("p50", "p90", "p95", "p99")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, with a text alternative."""

    title: str
    words: str
    svg: Markup


def drawn(report: Report, words: Wording) -> list[Plot]:
    """Returns the plots for which the run has data."""
    found = [draw(report, words) for draw in (_risk, _ranks, _latency, _lengths)]
    return [plot for plot in found if plot is not None]


def _risk(report: Report, words: Wording) -> Plot | None:
    chosen = selective(report)
    if chosen is None:
        return None
    curve, sure = chosen.curve, chosen.interval
    low, high = f"{sure.low:.3f}", f"{sure.high:.3f}"
    said = words("plot.risk_says", {"area": f"{curve.area:.3f}", "low": low, "high": high})
    if chosen.operating is not None:
        coverage, risk = chosen.operating
        threshold = report.provenance.threshold
        said += words(
            "plot.risk_dot",
            {
                "at": words("plot.at", {"threshold": threshold}) if threshold is not None else "",
                "questions": chosen.questions,
                "coverage": f"{coverage:.1%}",
                "risk": f"{risk:.1%}",
            },
        )
    svg = plots.risk_coverage(
        curve.coverage,
        curve.risk,
        operating=chosen.operating,
        across=words("axis.answered"),
        up=words("axis.wrong"),
    )
    return Plot(words("plot.risk"), said, Markup(svg))


def _ranks(report: Report, words: Wording) -> Plot | None:
    judged = [result for result in report.results if "RR@10" in result.scores]
    if not judged:
        return None
    places = Counter(evidence_rank(result.item, result.observed.hits) for result in judged)
    counts = {str(place): places[place] for place in range(1, HITS + 1)}
    counts[words("axis.none")] = places[None]
    said = words(
        "plot.ranks_says",
        {
            "first": places[1],
            "judged": len(judged),
            "hits": HITS,
            "within": len(judged) - places[None],
            "lost": places[None],
        },
    )
    svg = plots.ranks(counts, across=words("axis.place"), up=words("axis.questions"))
    return Plot(words("plot.ranks"), said, Markup(svg))


def _latency(report: Report, words: Wording) -> Plot | None:
    taken = summary.latency(report)
    if not taken:
        return None
    marked = {name: taken[name] for name in _MARKED}
    sure = summary.latency_figures(report)
    said = words.joined(
        words(
            "plot.latency_one",
            {
                "name": name,
                "value": f"{figure.value:.0f}",
                "low": f"{figure.interval.low:.0f}",
                "high": f"{figure.interval.high:.0f}",
            },
        )
        for name, figure in sure.items()
    )
    said += words("plot.latency_says", {"slowest": f"{max(taken.values()):.0f}"})
    values = [result.milliseconds for result in report.results]
    svg = plots.distribution(
        values, marked, name="latency", across=words("axis.milliseconds"), up=words("axis.questions")
    )
    return Plot(words("plot.latency"), said, Markup(svg))


def _lengths(report: Report, words: Wording) -> Plot | None:
    values = [result.scores[LENGTH] for result in report.results if LENGTH in result.scores]
    if len(values) < 2:
        return None
    low, middle, high = quantiles(values, n=4, method="inclusive")
    longest = quantiles(values, n=20, method="inclusive")[-1]
    marked = {"25 %": low, words("axis.median"): middle, "75 %": high, "95 %": longest}
    said = words("plot.lengths_says", {"low": f"{low:.0f}", "high": f"{high:.0f}", "middle": f"{middle:.0f}"})
    svg = plots.distribution(
        values, marked, name="length", across=words("axis.characters"), up=words("axis.questions")
    )
    return Plot(words("plot.lengths"), said, Markup(svg))
