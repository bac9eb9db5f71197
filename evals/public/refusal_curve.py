"""What the confidences are worth for telling questions that the corpus answers from those it does not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from evals.measures.stats import bootstrap
from evals.measures.summary import Figure
from evals.public.asking import Asked

RATES = (0.02, 0.05, 0.1)  # shares of false refusals at which the refusals are told


@dataclass(frozen=True, slots=True)
class RefusalCurve:
    """How well a threshold parts the questions that the corpus answers from those it does not."""

    answerable: int
    unanswerable: int
    false_refusals: Figure  # share of the answerable refused at the threshold that is set
    refused: Figure  # share of the unanswerable refused at that threshold
    at: Mapping[float, float | None]  # share of false refusals → refused; None where it cannot be had
    area: float  # chance that an answerable question is surer than an unanswerable one (ROC AUC)


def refusal_curve_of(asked: Iterable[Asked], *, rates: Sequence[float] = RATES) -> RefusalCurve | None:
    """What the confidences are worth for refusing; None where either kind of question is absent."""
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
    """Share of `bad` below the highest threshold that refuses at most `rate` of `good`, in order."""
    threshold = good[int(rate * len(good) + 1e-9)]
    return None if threshold <= 0 else fmean(one < threshold for one in bad)


def _area(good: Sequence[float], bad: Sequence[float]) -> float:
    """Hanley & McNeil, "The meaning and use of the area under a ROC curve", Radiology 143, 1982."""
    wins = sum(bisect_right(good, one) + bisect_left(good, one) for one in bad)
    return 1 - wins / (2 * len(good) * len(bad))
