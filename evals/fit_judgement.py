"""Fits what decides on the reader's verdicts: `python -m evals.fit_judgement SET[=DATA_DIR]… [--write FILE]`.

Needs scipy, which the extra `calibrate` installs. A set is asked with the papers of DATA_DIR, or with those
of ZHENGWEN_DATA_DIR. The label of a question is what its set expects: an answer, "not stated" (type
missing_fact), a correction, or a refusal. Questions of the split `test` are left out.

The probability that each finding needs is the lowest at which no more than its share of the questions to
answer is taken for it (`_MOST_LOST`). The printed table is nested: each tenth of the questions is decided
by weights and probabilities fitted on the others, and near-duplicates are in the same tenth.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.calibrate import minimizer
from evals.errors import NotFitted
from evals.model import Case, Expect
from evals.run.cases import load_sets
from index.model import Reader
from rag.answer.content.refusal import is_open
from rag.assemble import open_assistant, open_reader
from rag.evidence.framing import to_be_judged
from rag.evidence.judgement import Finding, JudgementModel
from rag.evidence.judgement_features import FEATURES, features, read_text
from rag.model import Question, Turn
from rag.question.kinds import packaged_kinds
from rag.ranking import Ranking
from rag.settings import Settings, load_settings

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]  # place of each question's finding in `_ORDER`

_KEPT_BACK = "test"
_SENTENCES = 3  # read for a question; more change the fit little and take 10 ms each
_SURE = 1.0
# Log odds from the probabilities that decide at which one sentence, or two, are enough (docs/performance.md).
_SETTLED = (0.7, 0.5)
_PENALTY = 3.0  # L2, divided by the number of questions
_DIGITS = 2
_STEPS_OF_SHARES = 1000  # probabilities in the file have three digits
_ROUNDING = 1e-6  # 0.29 * 1000 is 290 to within this
_FOLDS = 10
_STEPS = 2000
# Share of the questions to answer that may be lost to a finding.
_MOST_LOST = {Finding.UNSTATED: 0.02, Finding.CONTRADICTED: 0.008, Finding.OTHER: 0.01}
_ORDER = tuple(Finding)


@dataclass(frozen=True, slots=True)
class Row:
    """A question that the judgement decides on."""

    type: str  # of the test set
    group: str  # near-duplicates and the turns of a dialogue share one
    label: Finding
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights (findings, features) and biases (findings,), in the order of `Finding`."""

    weights: Array
    bias: Array

    def shares(self, values: Array) -> Array:
        """(questions, findings): the probabilities."""
        totals = values @ self.weights.T + self.bias
        powers = np.exp(totals - totals.max(axis=1, keepdims=True))
        shares: Array = powers / powers.sum(axis=1, keepdims=True)
        return shares

    def rounded(self) -> Fitted:
        """Returns them with the digits of the file, which the probabilities of the file are measured with."""
        return Fitted(self.weights.round(_DIGITS), self.bias.round(_DIGITS))


def fit(values: Array, labels: Labels) -> Fitted:
    """Fits a multinomial logistic regression in which every finding has the same total weight.

    Raises NotFitted when the minimum is not found, and ExtraMissing.
    """
    minimize = minimizer()
    count, width = len(_ORDER), values.shape[1]
    sizes = np.bincount(labels, minlength=count)
    weight = 1 / np.maximum(sizes, 1)[labels] / count
    wanted = np.eye(count)[labels]

    def loss(flat: Array) -> tuple[float, Array]:
        found = Fitted(flat[: count * width].reshape(count, width), flat[count * width :])
        shares = found.shares(values)
        wrong = (shares - wanted) * weight[:, None]
        ridge = _PENALTY / len(values)
        cost = -np.log(np.maximum((shares * wanted).sum(axis=1), 1e-12)) @ weight
        cost += ridge * (found.weights**2).sum() / 2
        gradient = np.concatenate([(wrong.T @ values + ridge * found.weights).ravel(), wrong.sum(axis=0)])
        return float(cost), gradient

    start = np.zeros(count * width + count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    if not found.success:
        raise NotFitted(str(found.message))
    return Fitted(found.x[: count * width].reshape(count, width), found.x[count * width :])


def least_of(shares: Array, labels: Labels) -> dict[Finding, float]:
    """Returns the lowest probability of each finding that loses no more than its share of the answerable.

    It has the digits of the file, which loses what was measured. Raises NotFitted where none is answerable.
    """
    answerable = shares[labels == _ORDER.index(Finding.ANSWERED)]
    if len(answerable) == 0:
        raise NotFitted("no question is to be answered")
    return {
        finding: _above(
            float(np.sort(answerable[:, _ORDER.index(finding)])[-1 - int(most * len(answerable))])
        )
        for finding, most in _MOST_LOST.items()
    }


def _above(share: float) -> float:
    """Returns the next number above `share` with the digits of the file."""
    return (math.floor(share * _STEPS_OF_SHARES + _ROUNDING) + 1) / _STEPS_OF_SHARES


def decided(shares: Array, least: dict[Finding, float]) -> list[Finding]:
    """Returns the finding of each question, by the rule of `JudgementModel.finding`."""
    found = []
    for row in shares:
        reached = [one for one, needed in least.items() if row[_ORDER.index(one)] >= needed]
        found.append(max(reached, key=lambda one: row[_ORDER.index(one)], default=Finding.ANSWERED))
    return found


def nested(values: Array, labels: Labels, groups: Sequence[str], *, seed: int = 0) -> list[Finding]:
    """Returns the finding of every question by weights and probabilities fitted without its group."""
    names, group = np.unique(groups, return_inverse=True)
    folds = np.random.default_rng(seed).permutation(len(names))[group] % _FOLDS
    found = [Finding.ANSWERED] * len(labels)
    for fold in range(_FOLDS):
        held_out, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        fitted = fit(values[rest], labels[rest])
        least = least_of(fitted.shares(values[rest]), labels[rest])
        for i, finding in zip(held_out, decided(fitted.shares(values[held_out]), least), strict=True):
            found[i] = finding
    return found


def collect(settings: Settings, reader: Reader, cases: Sequence[Case]) -> list[Row]:
    """Returns the questions that the judgement decides on."""
    assistant, kinds = open_assistant(settings, reader=lambda *_: None), packaged_kinds()
    threshold, related = assistant.info().threshold, Ranking().deciding.related
    rows = []
    for case in cases:
        history: list[Turn] = []
        group = f"{case.set}/{case.group or case.id}"
        for item in case.items:
            question = Question(item.question, history=tuple(history))
            findings = assistant.read(question)
            if is_open(findings, threshold=threshold, related=related) and len(findings.evidence) > 0:
                words = findings.understanding.words
                best = to_be_judged(findings.understanding, findings.evidence)[:_SENTENCES]
                verdicts = reader.judge(words, [read_text(found) for found in best])
                label = label_of(item.type, item.expect)
                rows.append(
                    Row(
                        item.type,
                        group,
                        label,
                        features(words, kinds.asked(words), best, verdicts, confidence=findings.confidence),
                    )
                )
            answer = assistant.ask(question).result.text
            history += [Turn("user", item.question), Turn("assistant", answer)]
    return rows


def label_of(kind: str, expect: Expect) -> Finding:
    """Returns what a test set expects of the sentences."""
    if expect is Expect.CORRECT:
        return Finding.CONTRADICTED
    if expect is Expect.REFUSE:
        return Finding.UNSTATED if kind == "missing_fact" else Finding.OTHER
    return Finding.ANSWERED


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", help="test sets, each with =DATA_DIR where its papers are there")
    parser.add_argument("--write", type=Path, help="where to put the fitted file")
    options = parser.parse_args()
    minimizer()  # fails on a missing package before the questions are asked
    settings = load_settings()
    settings = settings.model_copy(update={"answer": settings.answer.model_copy(update={"reader": True})})
    reader = open_reader(settings)
    assert reader is not None, "it is turned on"
    rows: list[Row] = []
    sizes: dict[str, int] = {}
    for name in options.sets:
        path, _, data = name.partition("=")
        own = settings.model_copy(update={"data_dir": Path(data)}) if data else settings
        cases = [case for case in load_sets([Path(path)]) if case.split != _KEPT_BACK]
        own_rows = collect(own, reader, cases)
        sizes["/".join(Path(path).resolve().parts[-2:])] = len(own_rows)
        rows += own_rows
    values = np.array([row.features for row in rows])
    labels = np.array([_ORDER.index(row.label) for row in rows])
    _print(rows, nested(values, labels, [row.group for row in rows]))
    fitted = fit(values, labels).rounded()
    model = JudgementModel(
        reader=reader.fingerprint,
        sentences=_SENTENCES,
        sure=_SURE,
        weights={
            finding: {name: float(w) for name, w in zip(FEATURES, fitted.weights[i], strict=True)}
            for i, finding in enumerate(_ORDER)
        },
        bias={finding: float(fitted.bias[i]) for i, finding in enumerate(_ORDER)},
        least=least_of(fitted.shares(values), labels),
        settled=_SETTLED,
        fitted_on=sizes,
        date=datetime.now(UTC).date().isoformat(),
    )
    if options.write is not None:
        options.write.write_text(model.model_dump_json(indent=2) + "\n", encoding="utf-8")
        print(f"written to {options.write}")


def _print(rows: Sequence[Row], found: Sequence[Finding]) -> None:
    """Prints what the questions of each type were taken for, nested."""
    print(f"{'type':16} {'questions':>9} " + " ".join(f"{finding:>12}" for finding in Finding))
    for kind in sorted({row.type for row in rows}):
        taken = Counter(finding for row, finding in zip(rows, found, strict=True) if row.type == kind)
        print(f"{kind:16} {taken.total():9} " + " ".join(f"{taken[finding]:12}" for finding in Finding))


if __name__ == "__main__":
    main()
