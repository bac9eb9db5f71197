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

_MARKED = ("p50", "p90", "p95", "p99")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, with a text alternative."""

    title: str
    words: str
    svg: Markup


def drawn(report: Report) -> list[Plot]:
    """Returns the plots for which the run has data."""
    found = [_risk(report), _ranks(report), _latency(report), _lengths(report)]
    return [plot for plot in found if plot is not None]


def _risk(report: Report) -> Plot | None:
    chosen = selective(report)
    if chosen is None:
        return None
    curve, sure = chosen.curve, chosen.interval
    words = f"Area {curve.area:.3f} (95 %: {sure.low:.3f}–{sure.high:.3f}); less is better."
    if chosen.operating is not None:
        coverage, risk = chosen.operating
        threshold = report.provenance.threshold
        at = f" at the threshold {threshold}" if threshold is not None else ""
        words += (
            f" The dot{at}: {coverage:.1%} of {chosen.questions} questions answered, {risk:.1%} of those "
            "wrong. Beyond it are the refusals, which count as wrong."
        )
    svg = plots.risk_coverage(curve.coverage, curve.risk, operating=chosen.operating)
    return Plot("What it costs to answer more", words, Markup(svg))


def _ranks(report: Report) -> Plot | None:
    judged = [result for result in report.results if "RR@10" in result.scores]
    if not judged:
        return None
    places = Counter(evidence_rank(result.item, result.observed.hits) for result in judged)
    counts = {str(place): places[place] for place in range(1, HITS + 1)} | {"none": places[None]}
    words = (
        f"First in {places[1]} of {len(judged)} questions, among the first {HITS} in "
        f"{len(judged) - places[None]}, not found in {places[None]}."
    )
    return Plot("Where the evidence was found", words, Markup(plots.ranks(counts)))


def _latency(report: Report) -> Plot | None:
    taken = summary.latency(report)
    if not taken:
        return None
    marked = {name: taken[name] for name in _MARKED}
    sure = summary.latency_figures(report)
    words = ", ".join(
        f"{name} {figure.value:.0f} ms ({figure.interval.low:.0f}–{figure.interval.high:.0f})"
        for name, figure in sure.items()
    )
    words += f", the slowest {max(taken.values()):.0f} ms. The last bar counts all values beyond the axis."
    values = [result.milliseconds for result in report.results]
    svg = plots.distribution(values, marked, unit="milliseconds a question", name="latency")
    return Plot("How long a question takes", words, Markup(svg))


def _lengths(report: Report) -> Plot | None:
    values = [result.scores[LENGTH] for result in report.results if LENGTH in result.scores]
    if len(values) < 2:
        return None
    low, middle, high = quantiles(values, n=4, method="inclusive")
    longest = quantiles(values, n=20, method="inclusive")[-1]
    marked = {"25 %": low, "median": middle, "75 %": high, "95 %": longest}
    words = (
        f"Half of the answers have {low:.0f} to {high:.0f} characters, the median has {middle:.0f}. "
        "The last bar counts all values beyond the axis."
    )
    svg = plots.distribution(values, marked, unit="characters of an answer", name="length")
    return Plot("How long an answer is", words, Markup(svg))
