"""Fits the weights of `rag.confidence` and prints them: `python -m evals.calibrate PATH… [--folds 5]`.

Answerable questions are held against those that must be refused. Questions that never reach the confidence
(small talk, instructions, regions no paper covers, facts of the head) are left out, as they do not depend on
it. The share of refusals at each threshold is cross-validated, so that no question is judged by weights that
were fitted on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.cases import load_sets
from evals.model import Case, Expect
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.confidence import Signals
from rag.intent import Act
from rag.model import Question, Turn
from rag.reading import Reading
from rag.settings import load_settings

Array = npt.NDArray[np.float64]

# Signals that are weighed; the coverage only names the reason of a refusal.
_WEIGHED = tuple(f.name for f in fields(Signals) if f.name != "coverage")
_STEPS = 4000
_RATE = 0.5
_PENALTY = 3.0  # L2, divided by the number of questions
_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic model."""

    weights: Array
    bias: float

    def probability(self, signals: Array) -> Array:
        result: Array = 1 / (1 + np.exp(-(signals @ self.weights + self.bias)))
        return result


def fit(signals: Array, answerable: Array) -> Weights:
    """Logistic regression by gradient descent; both classes weigh the same, however few questions one has."""
    weights, bias = np.zeros(signals.shape[1]), 0.0
    share = np.where(answerable == 1, 0.5 / answerable.sum(), 0.5 / (1 - answerable).sum())
    for _ in range(_STEPS):
        error = (Weights(weights, bias).probability(signals) - answerable) * share
        weights = weights - _RATE * (signals.T @ error + _PENALTY * weights / len(answerable))
        bias -= _RATE * float(error.sum())
    return Weights(weights, bias)


def cross_validated(signals: Array, answerable: Array, *, folds: int, seed: int = 0) -> Array:
    """The probability of every question by weights that were fitted without it."""
    order = np.random.default_rng(seed).permutation(len(answerable))
    found = np.zeros(len(answerable))
    for fold in range(folds):
        held_out = order[fold::folds]
        rest = np.setdiff1d(order, held_out)
        found[held_out] = fit(signals[rest], answerable[rest]).probability(signals[held_out])
    return found


def collect(assistant: Assistant, cases: Sequence[Case]) -> tuple[Array, Array]:
    """The signals of every question that depends on them, and 1 where it is answerable."""
    rows: list[list[float]] = []
    answerable: list[float] = []
    for case in cases:
        history: list[Turn] = []
        for item in case.items:
            question = Question(item.question, history=tuple(history))
            reading = assistant.read(question)
            if _depends(reading):
                rows.append([getattr(reading.signals, name) for name in _WEIGHED])
                answerable.append(float(item.expect is not Expect.REFUSE))
            answer = assistant.ask(question).result.text
            history += [Turn("user", item.question), Turn("assistant", answer)]
    return np.array(rows), np.array(answerable)


def _depends(reading: Reading) -> bool:
    asked = reading.understanding
    reached = asked.scope.named or not (asked.scope.uncovered or asked.scope.unknown)
    return asked.act is Act.QUESTION and reached and not asked.only_fields and not asked.addressed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, help="test sets")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    signals, answerable = collect(open_assistant(load_settings()), load_sets(options.paths))
    fitted = fit(signals, answerable)
    print(f"{len(answerable)} questions, {int(answerable.sum())} answerable")
    for name, weight in zip(_WEIGHED, fitted.weights, strict=True):
        print(f"{name:>12} {weight:6.2f}")
    print(f"{'bias':>12} {fitted.bias:6.2f}")
    found = cross_validated(signals, answerable, folds=options.folds)
    print("threshold  refused of those to refuse  of those to answer   (cross-validated)")
    for threshold in _THRESHOLDS:
        right = float((found[answerable == 0] < threshold).mean())
        wrong = float((found[answerable == 1] < threshold).mean())
        print(f"{threshold:9.1f} {right:27.3f} {wrong:19.3f}")


if __name__ == "__main__":
    main()
