"""Compares two runs on the same questions: paired differences with a test, and the questions won and lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evals.compare.notes import Note
from evals.compare.saved import SavedQuestion, SavedRun
from evals.errors import NothingShared
from evals.measures.names import LESS_IS_BETTER, NAMES, counts, failed_by
from evals.measures.stats import Interval, bootstrap, mean, percentile, randomisation

_LATENCIES = (50, 95)
_OUTCOME = "outcome"  # shown as the precision and recall of refusals
# Fields of the provenance whose difference changes figures without a change of the program.
_SAME = ("corpus", "machine")


@dataclass(frozen=True, slots=True)
class Row:
    """A measure over the questions that it judges in both runs; `a` and `b` are means, also of lengths.

    `p` is of the two-sided randomisation test; `won` and `lost` count the questions on which B is better and
    worse than A.
    """

    measure: str
    a: float
    b: float
    difference: float
    interval: Interval  # 95 %, of the difference
    p: float
    won: int
    lost: int
    ties: int

    @property
    def questions(self) -> int:
        return self.won + self.lost + self.ties


@dataclass(frozen=True, slots=True)
class Flipped:
    """A question that one run failed and the other did not, with the measures it failed by."""

    question: SavedQuestion
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of B from A. `notes` say what limits the comparison."""

    rows: tuple[Row, ...]
    won: tuple[Flipped, ...]
    lost: tuple[Flipped, ...]
    latency: tuple[tuple[str, float, float], ...]  # percentile, milliseconds of A and of B
    questions: int
    notes: tuple[Note, ...]


Pair = tuple[SavedQuestion, SavedQuestion]


def compare(a: SavedRun, b: SavedRun) -> Comparison:
    """Compares B with A, over the questions that both were asked with the same gold.

    Raises NothingShared when there are none.
    """
    others = {question.id: question for question in b.questions}
    pairs = [
        (question, others[question.id])
        for question in a.questions
        if question.id in others and others[question.id].gold == question.gold
    ]
    if not pairs:
        raise NothingShared(sum(question.id in others for question in a.questions))
    others_named = {name for pair in pairs for question in pair for name in question.scores}
    measures = [*NAMES, *sorted(others_named - {*NAMES, _OUTCOME})]
    rows = [_row(measure, pairs) for measure in measures]
    return Comparison(
        tuple(row for row in rows if row is not None),
        tuple(Flipped(old, failed_by(old.scores)) for old, new in pairs if _failed(old) and not _failed(new)),
        tuple(Flipped(new, failed_by(new.scores)) for old, new in pairs if _failed(new) and not _failed(old)),
        _latency(pairs),
        len(pairs),
        tuple(_notes(a, b, pairs)),
    )


def _row(measure: str, pairs: Sequence[Pair]) -> Row | None:
    judged = [
        (before, after)
        for before, after in pairs
        if measure in before.scores
        and measure in after.scores
        and counts(measure, expect=before.expect, type=before.type)
    ]
    if not judged:
        return None
    first = [before.scores[measure] for before, _ in judged]
    second = [after.scores[measure] for _, after in judged]
    clusters = [before.cluster for before, _ in judged]
    differences = [after - before for before, after in zip(first, second, strict=True)]
    gains = [-d if measure in LESS_IS_BETTER else d for d in differences]
    won, lost = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return Row(
        measure,
        mean(np.array(first)),
        mean(np.array(second)),
        mean(np.array(differences)),
        bootstrap(differences, clusters=clusters, shares=False),
        randomisation(first, second, clusters=clusters),
        won,
        lost,
        len(judged) - won - lost,
    )


def _failed(question: SavedQuestion) -> bool:
    return bool(failed_by(question.scores))


def _latency(pairs: Sequence[Pair]) -> tuple[tuple[str, float, float], ...]:
    a, b = (np.array([pair[side].milliseconds for pair in pairs]) for side in (0, 1))
    return tuple((f"p{share}", percentile(share)(a), percentile(share)(b)) for share in _LATENCIES)


def _notes(a: SavedRun, b: SavedRun, pairs: Sequence[Pair]) -> Iterator[Note]:
    """Yields what differs between the two runs apart from the program."""
    ids_a, ids_b = ({question.id for question in run.questions} for run in (a, b))
    both = ids_a & ids_b
    if ids_a != ids_b:
        counted = {"both": both, "a": ids_a - both, "b": ids_b - both}
        yield Note("questions", {name: str(len(ids)) for name, ids in counted.items()})
    if len(pairs) < len(both):
        yield Note("changed", {"count": str(len(both) - len(pairs))})
    for name in _SAME:
        left, right = getattr(a.provenance, name), getattr(b.provenance, name)
        if left != right:
            yield Note(name, {"a": left, "b": right})
