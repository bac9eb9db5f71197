"""The risk–coverage curve: the share of wrong answers against the share of questions answered.

El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 11, 2010. The area
under the curve (AURC) is that of Geifman & El-Yaniv, "Selective Classification for Deep Neural Networks",
NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evals.measures.stats import Array, Interval, bootstrap
from evals.model import Expect, Report, Result


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """One step for every confidence, the highest first.

    With the threshold `threshold[i]` the share `coverage[i]` of the questions is answered, and the share
    `risk[i]` of those answers is wrong. `area` is the mean risk over all coverages from 1/n to 1: lower is
    better. Errors among answers of equal confidence are spread evenly over them.
    """

    threshold: tuple[float, ...]
    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float


@dataclass(frozen=True, slots=True)
class Selective:
    """The curve of a run, the interval of its area, and the operating point of the program.

    A refusal ranks below every answer, whatever its confidence, and counts as wrong, as the answer that was
    withheld is unknown. Its threshold on the curve is its confidence minus 1, which is below 0.
    """

    curve: RiskCoverage
    interval: Interval  # 95 %, of the area
    operating: tuple[float, float] | None  # coverage and risk of the answers given; None without any
    questions: int


def risk_coverage(points: Sequence[tuple[float, bool]]) -> RiskCoverage:
    """Computes the curve of (confidence, right) pairs. Raises ValueError without any."""
    if not points:
        raise ValueError("a risk–coverage curve needs at least one question")
    rows = np.array(points, dtype=np.float64)
    thresholds, ends, wrong = _steps(rows)
    steps = zip(thresholds, ends / len(rows), wrong / ends, strict=True)
    threshold, coverage, risk = zip(*((float(t), float(c), float(r)) for t, c, r in steps), strict=True)
    return RiskCoverage(threshold, coverage, risk, _area(rows))


def selective(report: Report) -> Selective | None:
    """Computes the curve of a run over the questions to answer, correct or refuse; None without confidences.

    An answer is right with the right facts, document and article, a correction with the correcting facts. An
    answer that no measure can judge is left out.
    """
    judged = [(result, right) for result in report.results if (right := _right(result)) is not None]
    if not judged or any(result.observed.confidence is None for result, _ in judged):
        return None
    points = tuple((_rank(result), right) for result, right in judged)
    clusters = tuple(result.cluster for result, _ in judged)
    answers = [right for result, right in judged if result.observed.answered]
    operating = (len(answers) / len(judged), answers.count(False) / len(answers)) if answers else None
    return Selective(risk_coverage(points), _interval(points, clusters), operating, len(judged))


@lru_cache(maxsize=16)
def _interval(points: tuple[tuple[float, bool], ...], clusters: tuple[str, ...]) -> Interval:
    """Returns the interval of the area; cached, as every form of a report shows it."""
    return bootstrap(points, statistic=_area, clusters=clusters)


def _right(result: Result) -> bool | None:
    scores = result.scores
    if result.item.expect is Expect.SMALLTALK:
        return None
    if not result.observed.answered:
        return False
    match result.item.expect:
        case Expect.ANSWER:
            return scores["all three"] == 1.0 if "all three" in scores else None
        case Expect.CORRECT:
            return scores.get("corrected") == 1.0
        case _:
            return scores.get("outcome") == 1.0


def _rank(result: Result) -> float:
    confidence = result.observed.confidence or 0.0
    return confidence if result.observed.answered else confidence - 1.0


def _steps(rows: Array) -> tuple[Array, Array, Array]:
    """Returns each confidence, the highest first, with the cumulative numbers of questions and errors."""
    ordered = rows[np.argsort(-rows[:, 0], kind="stable")]
    last = np.append(ordered[1:, 0] != ordered[:-1, 0], True)
    ends = (np.flatnonzero(last) + 1).astype(np.float64)
    wrong: Array = np.cumsum(1.0 - ordered[:, 1])[last]
    return ordered[last, 0], ends, wrong


def _area(rows: Array) -> float:
    _, ends, wrong = _steps(rows)
    answered = np.arange(1, len(rows) + 1)
    errors = np.interp(answered, np.append(0.0, ends), np.append(0.0, wrong))
    return float((errors / answered).mean())
