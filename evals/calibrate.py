"""Fits the calibration of the confidence: `python -m evals.calibrate PATH… [--public FOLDER] [--write FILE]`.

Needs scipy, which the extra `calibrate` installs.

Fits weights that separate answerable questions from those that must be refused. Questions whose outcome
does not depend on the confidence (small talk, instructions, regions no paper covers, metadata) are
excluded, and so are those of the split `test`, which evaluate the fit. The share of refusals at each
threshold is cross-validated, so that no question is scored by weights fitted on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.errors import ExtraMissing, NotFitted
from evals.model import Case, Expect
from evals.public.corpus import open_corpus
from evals.public.files import load_public_set
from evals.run.cases import load_sets
from rag.answer.content.findings import Findings
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.evidence.calibration import WEIGHED, Calibration, FittedOn, packaged
from rag.evidence.confidence import SIGNALS
from rag.model import Question, Turn
from rag.question.intent import Act
from rag.settings import Settings, load_settings

Array = npt.NDArray[np.float64]

_KEPT_BACK = "test"  # the split that evaluates the fit
_DIGITS = 2  # decimals of a weight; further ones are noise
_PENALTY = 1.0  # L2, divided by the number of questions
_GRADIENT = 1e-8  # largest component at the minimum; far below the last digit of a weight
# BFGS reports a loss of precision where rounding keeps it from that; up to this the weights are the same.
_ROUNDING = 1e-6
_STEPS = 1000  # BFGS needs some 20
_THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
_PUBLIC_SHARE = 1.0  # total weight of a public set, relative to the test sets
_SAMPLE = 700  # questions of each kind drawn from a public set


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic model."""

    weights: Array
    bias: float

    def probability(self, signals: Array) -> Array:
        # 1 / (1 + exp(-x)) without the overflow of exp
        result: Array = np.exp(-np.logaddexp(0, -(signals @ self.weights + self.bias)))
        return result


@dataclass(frozen=True, slots=True)
class Sample:
    """Signals of questions, 1 for those to answer, and the weight of each question."""

    signals: Array
    answerable: Array
    weights: Array

    def at(self, rows: npt.NDArray[np.int64]) -> Sample:
        """Returns the questions of those rows."""
        return Sample(self.signals[rows], self.answerable[rows], self.weights[rows])


def sample_of(signals: Array, answerable: Array, *, share: float = 1.0) -> Sample:
    """Returns a sample whose two classes each have half of the total weight `share`, whatever their sizes."""
    good = answerable == 1
    weights = np.where(good, share / 2 / max(1, good.sum()), share / 2 / max(1, (~good).sum()))
    return Sample(signals, answerable, weights)


def joined(samples: Sequence[Sample]) -> Sample:
    """Concatenates samples, keeping their weights."""
    return Sample(
        np.concatenate([sample.signals for sample in samples]),
        np.concatenate([sample.answerable for sample in samples]),
        np.concatenate([sample.weights for sample in samples]),
    )


def fit(sample: Sample, *, steps: int = _STEPS) -> Weights:
    """Fits a logistic regression with an L2 penalty on the weights, but not the bias.

    Raises NotFitted when the minimum is not found in so many steps, and ExtraMissing.
    """
    minimize = minimizer()
    share = sample.weights / sample.weights.sum()
    ridge = np.append(np.full(sample.signals.shape[1], _PENALTY / len(share)), 0.0)
    columns = np.column_stack([sample.signals, np.ones(len(share))])

    def loss(values: Array) -> tuple[float, Array]:
        """Returns the penalised log loss of the weights, followed by the bias, and its gradient."""
        margins = columns @ values
        errors = Weights(values[:-1], values[-1]).probability(sample.signals) - sample.answerable
        losses = np.logaddexp(0, margins) - sample.answerable * margins
        gradient: Array = columns.T @ (errors * share) + ridge * values
        return float(losses @ share + values @ (ridge * values) / 2), gradient

    start = np.zeros(len(ridge))
    options = {"gtol": _GRADIENT, "maxiter": steps}
    found = minimize(loss, start, jac=True, method="BFGS", options=options)
    if not found.success and np.abs(found.jac).max() > _ROUNDING:
        raise NotFitted(found.message)
    return Weights(found.x[:-1], float(found.x[-1]))


def minimizer() -> Callable[..., Any]:
    """Returns scipy's minimize, imported only for fitting. Raises ExtraMissing."""
    try:
        from scipy.optimize import minimize
    except ModuleNotFoundError:
        raise ExtraMissing("scipy", "calibrate") from None
    found: Callable[..., Any] = minimize
    return found


def cross_validated(sample: Sample, *, folds: int, seed: int = 0) -> Array:
    """Returns the probability of every question by weights fitted without it."""
    order = np.random.default_rng(seed).permutation(len(sample.answerable))
    found = np.zeros(len(order))
    for fold in range(folds):
        held_out = order[fold::folds]
        rest = np.setdiff1d(order, held_out)
        found[held_out] = fit(sample.at(rest)).probability(sample.signals[held_out])
    return found


def collect(assistant: Assistant, cases: Sequence[Case]) -> tuple[Array, Array]:
    """Returns the signals of every question that depends on them, and 1 for an answerable one, else 0."""
    rows: list[list[float]] = []
    answerable: list[float] = []
    for case in cases:
        history: list[Turn] = []
        for item in case.items:
            question = Question(item.question, history=tuple(history))
            findings = assistant.read(question)
            if _depends(findings):
                rows.append(_row(findings))
                answerable.append(float(item.expect is not Expect.REFUSE))
            answer = assistant.ask(question).result.text
            history += [Turn("user", item.question), Turn("assistant", answer)]
    return np.array(rows), np.array(answerable)


def collect_public(folder: Path, settings: Settings) -> tuple[Array, Array]:
    """Returns the same for a public set: questions with an answer span, and those without a paper."""
    public = load_public_set(folder)
    assistant = open_corpus(public, settings=settings).assistant
    draw = np.random.default_rng(0).permutation
    good = [line.question for line in public.spans if line.split != _KEPT_BACK]
    bad = [line.text for line in public.unanswerable if line.metadata.split != _KEPT_BACK]
    asked = [(good[i], 1.0) for i in draw(len(good))[:_SAMPLE]]
    asked += [(bad[i], 0.0) for i in draw(len(bad))[:_SAMPLE]]
    all_findings = [(assistant.read(Question(text)), answerable) for text, answerable in asked]
    kept = [(_row(findings), answerable) for findings, answerable in all_findings if _depends(findings)]
    return np.array([row for row, _ in kept]), np.array([answerable for _, answerable in kept])


def _row(findings: Findings) -> list[float]:
    return [getattr(findings.signals, name) for name in WEIGHED]


def _depends(findings: Findings) -> bool:
    asked = findings.understanding
    reached = asked.scope.named or not (asked.scope.uncovered or asked.scope.unknown)
    return asked.act is Act.QUESTION and reached and not asked.only_fields and not asked.addressed


def calibration_of(
    fitted: Weights,
    *,
    threshold: float,
    model: str,
    ranking: str,
    fitted_on: Sequence[FittedOn],
    commit: str = "",
) -> Calibration:
    """Returns the fitted weights as a calibration file."""
    return Calibration(
        signals=SIGNALS,
        weights={name: round(float(w), _DIGITS) for name, w in zip(WEIGHED, fitted.weights, strict=True)},
        bias=round(fitted.bias, _DIGITS),
        threshold=threshold,
        model=model,
        ranking=ranking,
        fitted_on=tuple(fitted_on),
        date=datetime.now(UTC).date().isoformat(),
        commit=commit,
    )


def _fitted_on(name: str, sample: Sample) -> FittedOn:
    return FittedOn(
        name=name, questions=len(sample.answerable), answerable=int((sample.answerable == 1).sum())
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, help="test sets")
    parser.add_argument("--public", type=Path, help="a public set with spans.jsonl and unanswerable.jsonl")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--write", type=Path, help="where to put the calibration")
    parser.add_argument(
        "--threshold", type=float, default=packaged().threshold, help="to write with it; see the table"
    )
    parser.add_argument("--commit", default="", help="of the program, to write with it")
    options = parser.parse_args()
    minimizer()  # fails on a missing package before the questions are asked
    settings = load_settings()
    # The confidence comes before the reader, whose weights are fitted after it.
    settings = settings.model_copy(update={"answer": settings.answer.model_copy(update={"reader": False})})
    assistant = open_assistant(settings)
    own = [
        (_name(path), sample_of(*collect(assistant, _to_fit_on(load_sets([path]))))) for path in options.paths
    ]
    tests = joined([sample for _, sample in own])
    # Both kinds of questions have equal weight over all test sets together, not in each.
    samples = [("test sets", sample_of(tests.signals, tests.answerable))]
    if options.public is not None:
        public = sample_of(*collect_public(options.public, settings), share=_PUBLIC_SHARE)
        samples.append((_name(options.public), public))
    everything = joined([sample for _, sample in samples])
    calibration = calibration_of(
        fit(everything),
        threshold=options.threshold,
        model=assistant.info().model,
        ranking=assistant.info().ranking,
        fitted_on=[_fitted_on(*named) for named in (*own, *samples[1:])],
        commit=options.commit,
    )
    for name, weight in calibration.weights.items():
        print(f"{name:>12} {weight:6.2f}")
    print(f"{'bias':>12} {calibration.bias:6.2f}")
    found = cross_validated(everything, folds=options.folds)
    parts = np.split(found, [len(tests.answerable)])
    for (name, sample), part in zip(samples, parts, strict=False):
        _print_thresholds(name, part, sample.answerable)
    if options.write is not None:
        options.write.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
        print(f"written to {options.write}")


def _name(path: Path) -> str:
    """Returns the last two parts of a path: gold/dev, evals/sets."""
    return "/".join(path.resolve().parts[-2:])


def _to_fit_on(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.split != _KEPT_BACK]


def _print_thresholds(name: str, found: Array, answerable: Array) -> None:
    print(f"{name}: {len(answerable)} questions, {int(answerable.sum())} to answer (cross-validated)")
    print("threshold  refused of those to refuse  of those to answer")
    for threshold in _THRESHOLDS:
        right = float((found[answerable == 0] < threshold).mean())
        wrong = float((found[answerable == 1] < threshold).mean())
        print(f"{threshold:9.2f} {right:27.3f} {wrong:19.3f}")


if __name__ == "__main__":
    main()
