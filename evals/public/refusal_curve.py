"""Measures how well the confidence separates questions that the corpus answers from those it does not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from evals.measures.stats import bootstrap
from evals.measures.summary import Figure
from evals.public.asking import Asked

RATES = (0.02, 0.05, 0.1)  # shares of false refusals at which the share of refusals is reported


@dataclass(frozen=True, slots=True)
class RefusalCurve:
    """How well a threshold separates answerable from unanswerable questions."""

    answerable: int
    unanswerable: int
    false_refusals: Figure  # share of the answerable refused at the configured threshold
    refused: Figure  # share of the unanswerable refused at that threshold
    at: Mapping[float, float | None]  # share of false refusals → refused; None where it cannot be reached
    area: float  # probability that an answerable question has the higher confidence (ROC AUC)


def refusal_curve_of(asked: Iterable[Asked], *, rates: Sequence[float] = RATES) -> RefusalCurve | None:
    """Computes the refusal curve; None where either kind of question is absent."""
    everything = list(asked)
    good = sorted(one.sureness for one in everything if one.answerable)
    bad = [one.sureness for one in everything if not one.answerable]
    if not good or not bad:
        return None
    return RefusalCurve(
        answerable=len(good),
        unanswerable=len(bad),
        false_refusals=_share([one.refused for one in everything if one.answerable]),
        refused=_share([one.refused for one in everything if not one.answerable]),
        at={rate: _refused_at(good, bad, rate) for rate in rates},
        area=_area(good, bad),
    )


def _share(refused: Sequence[bool]) -> Figure:
    values = [float(one) for one in refused]
    return Figure(fmean(values), len(values), bootstrap(values))


def _refused_at(good: Sequence[float], bad: Sequence[float], rate: float) -> float | None:
    """Returns the share of `bad` below the highest threshold that refuses at most `rate` of `good`."""
    threshold = good[int(rate * len(good) + 1e-9)]
    return None if threshold <= 0 else fmean(one < threshold for one in bad)


def _area(good: Sequence[float], bad: Sequence[float]) -> float:
    """Returns the ROC AUC (Hanley & McNeil, "The meaning and use of the area…", Radiology 143, 1982)."""
    wins = sum(bisect_right(good, one) + bisect_left(good, one) for one in bad)
    return 1 - wins / (2 * len(good) * len(bad))
