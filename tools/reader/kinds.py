"""Fits what tells the kind of a question: `python -m tools.reader.kinds`, a minute.

Writes rag/data/question_kinds.npz from the questions of this folder, and prints how well questions about
held-out articles are told. The questions in everyday words are left out: with them more claims are told, and
more questions are taken surely for one after a procedure that are none (怎么规定的).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rag.question import kinds as module
from rag.question.kinds import BUCKETS, FactKind, KindModel, buckets
from tools.reader.pairs import HELD_OUT
from tools.reader.questions import EVERYDAY, REGION, WRITTEN, Question, Type, read_questions

_OUT: Final = Path(module.__file__).parent.parent / "data" / "question_kinds.npz"
_STRENGTH = 1.0  # of the kinds, inverse of the L2 penalty
_STRENGTH_OF_CLAIMS = 0.1
_EVERY = 8  # one claim of so many is a question of yes or no among the kinds
_LARGEST = 127  # of an int8
_ASKS = (Type.STATED, Type.NOT_STATED)
_CLAIMS = (Type.TRUE_CLAIM, Type.FALSE_CLAIM)

Weights = npt.NDArray[np.float64]


def main() -> None:
    questions = [question for name in WRITTEN if name != EVERYDAY for question in read_questions(name)]
    rest = [question for question in questions if not held_out(question)]
    _report(KindModel(*_single(fit(rest))), [question for question in questions if held_out(question)])
    weights, biases = fit(questions)
    scales = np.abs(weights).max(axis=1) / _LARGEST
    rows = np.round(weights / scales[:, None]).astype(np.int8)
    np.savez_compressed(
        _OUT, weights=rows, scales=scales.astype(np.float32), biases=biases.astype(np.float32)
    )
    print(f"written to {_OUT}")


def held_out(question: Question) -> bool:
    return sum(map(ord, question.article)) % HELD_OUT == 0


def fit(questions: Sequence[Question]) -> tuple[Weights, Weights]:
    """Weights (kinds + 1, BUCKETS) and biases (kinds + 1,)."""
    asks, labels = of_kinds(questions)
    values = _matrix([question.question for question in asks])
    fitted = [
        LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0).fit(
            values, [label is kind for label in labels]
        )
        for kind in FactKind
    ]
    claims = [question.type in _CLAIMS for question in questions]
    asserts = LogisticRegression(C=_STRENGTH_OF_CLAIMS, solver="liblinear", random_state=0)
    fitted.append(asserts.fit(_matrix([question.question for question in questions]), claims))
    return (
        np.concatenate([model.coef_ for model in fitted]),
        np.concatenate([model.intercept_ for model in fitted]),
    )


def of_kinds(questions: Sequence[Question]) -> tuple[list[Question], list[FactKind]]:
    """The questions whose kind is known, with it: those that ask, and some claims as yes or no."""
    claims = [question for question in questions if question.type in _CLAIMS][::_EVERY]
    asks = [question for question in questions if question.type in _ASKS]
    return [*asks, *claims], [
        *(FactKind(question.kind) for question in asks),
        *(FactKind.YES_NO for _ in claims),
    ]


def _matrix(texts: Sequence[str]) -> csr_matrix:
    found = [buckets(text.replace(REGION, "")) for text in texts]
    columns = [bucket for row in found for bucket in row]
    rows = [place for place, row in enumerate(found) for _ in row]
    return csr_matrix((np.ones(len(columns)), (rows, columns)), shape=(len(texts), BUCKETS))


def _single(fitted: tuple[Weights, Weights]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    return fitted[0].astype(np.float32), fitted[1].astype(np.float32)


def _report(model: KindModel, questions: Sequence[Question]) -> None:
    asks, labels = of_kinds(questions)
    right = [model.asked(q.question).kind is kind for q, kind in zip(asks, labels, strict=True)]
    told = [(model.asked(q.question).asserts >= 0.5) is (q.type in _CLAIMS) for q in questions]
    print(f"kind right in {np.mean(right):.3f} of {len(right)}")
    print(f"claim or not right in {np.mean(told):.3f} of {len(told)}")


if __name__ == "__main__":
    main()
