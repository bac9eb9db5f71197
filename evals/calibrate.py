"""Fits the weights of `rag.confidence` and prints them: `python -m evals.calibrate PATH… [--public FOLDER]`.

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

from evals.beir_files import load_public_set
from evals.beir_open import open_corpus
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
_PENALTY = 1.0  # L2, divided by the number of questions
_THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
_PUBLIC_SHARE = 1.0  # what a public set weighs beside the test sets
_SAMPLE = 700  # questions of each kind that are taken of a public set


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic model."""

    weights: Array
    bias: float

    def probability(self, signals: Array) -> Array:
        result: Array = 1 / (1 + np.exp(-(signals @ self.weights + self.bias)))
        return result


@dataclass(frozen=True, slots=True)
class Sample:
    """Signals of questions, 1 for those to answer, and what each question weighs."""

    signals: Array
    answerable: Array
    weights: Array

    def at(self, rows: npt.NDArray[np.int64]) -> Sample:
        """The questions of those rows."""
        return Sample(self.signals[rows], self.answerable[rows], self.weights[rows])


def sample_of(signals: Array, answerable: Array, *, share: float = 1.0) -> Sample:
    """Both classes weigh half of `share`, however few questions one has."""
    good = answerable == 1
    weights = np.where(good, share / 2 / max(1, good.sum()), share / 2 / max(1, (~good).sum()))
    return Sample(signals, answerable, weights)


def joined(samples: Sequence[Sample]) -> Sample:
    """All questions together, each sample with the weight it has."""
    return Sample(
        np.concatenate([sample.signals for sample in samples]),
        np.concatenate([sample.answerable for sample in samples]),
        np.concatenate([sample.weights for sample in samples]),
    )


def fit(sample: Sample) -> Weights:
    """Logistic regression by gradient descent."""
    weights, bias = np.zeros(sample.signals.shape[1]), 0.0
    share = sample.weights / sample.weights.sum()
    for _ in range(_STEPS):
        error = (Weights(weights, bias).probability(sample.signals) - sample.answerable) * share
        weights = weights - _RATE * (sample.signals.T @ error + _PENALTY * weights / len(share))
        bias -= _RATE * float(error.sum())
    return Weights(weights, bias)


def cross_validated(sample: Sample, *, folds: int, seed: int = 0) -> Array:
    """The probability of every question by weights that were fitted without it."""
    order = np.random.default_rng(seed).permutation(len(sample.answerable))
    found = np.zeros(len(order))
    for fold in range(folds):
        held_out = order[fold::folds]
        rest = np.setdiff1d(order, held_out)
        found[held_out] = fit(sample.at(rest)).probability(sample.signals[held_out])
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
                rows.append(_row(reading))
                answerable.append(float(item.expect is not Expect.REFUSE))
            answer = assistant.ask(question).result.text
            history += [Turn("user", item.question), Turn("assistant", answer)]
    return np.array(rows), np.array(answerable)


def collect_public(folder: Path) -> tuple[Array, Array]:
    """The same of a public set: questions with an answer span, and those whose paper is not in the corpus."""
    public = load_public_set(folder)
    assistant = open_corpus(public, settings=load_settings()).assistant
    draw = np.random.default_rng(0).permutation
    good = [line.question for line in public.spans]
    bad = [line.text for line in public.unanswerable]
    asked = [(good[i], 1.0) for i in draw(len(good))[:_SAMPLE]]
    asked += [(bad[i], 0.0) for i in draw(len(bad))[:_SAMPLE]]
    readings = [(assistant.read(Question(text)), answerable) for text, answerable in asked]
    kept = [(_row(reading), answerable) for reading, answerable in readings if _depends(reading)]
    return np.array([row for row, _ in kept]), np.array([answerable for _, answerable in kept])


def _row(reading: Reading) -> list[float]:
    return [getattr(reading.signals, name) for name in _WEIGHED]


def _depends(reading: Reading) -> bool:
    asked = reading.understanding
    reached = asked.scope.named or not (asked.scope.uncovered or asked.scope.unknown)
    return asked.act is Act.QUESTION and reached and not asked.only_fields and not asked.addressed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, help="test sets")
    parser.add_argument("--public", type=Path, help="a public set with spans.jsonl and unanswerable.jsonl")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    own = sample_of(*collect(open_assistant(load_settings()), load_sets(options.paths)))
    samples = [own]
    if options.public is not None:
        samples.append(sample_of(*collect_public(options.public), share=_PUBLIC_SHARE))
    everything = joined(samples)
    fitted = fit(everything)
    for name, weight in zip(_WEIGHED, fitted.weights, strict=True):
        print(f"{name:>12} {weight:6.2f}")
    print(f"{'bias':>12} {fitted.bias:6.2f}")
    found = cross_validated(everything, folds=options.folds)
    parts = np.split(found, [len(own.answerable)])
    for name, sample, part in zip(("test sets", "public set"), samples, parts, strict=False):
        _print_thresholds(name, part, sample.answerable)


def _print_thresholds(name: str, found: Array, answerable: Array) -> None:
    print(f"{name}: {len(answerable)} questions, {int(answerable.sum())} to answer (cross-validated)")
    print("threshold  refused of those to refuse  of those to answer")
    for threshold in _THRESHOLDS:
        right = float((found[answerable == 0] < threshold).mean())
        wrong = float((found[answerable == 1] < threshold).mean())
        print(f"{threshold:9.2f} {right:27.3f} {wrong:19.3f}")


if __name__ == "__main__":
    main()
