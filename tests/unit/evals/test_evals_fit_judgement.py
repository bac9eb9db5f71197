"""Fitting the judgement: separable findings are separated, and no question is decided by its own label."""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.errors import ExtraMissing, NotFitted
from evals.fit_judgement import Fitted, decided, fit, label_of, least_of, nested
from evals.model import Expect
from rag.evidence.judgement import Finding, JudgementModel
from rag.evidence.judgement_features import FEATURES

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
_ORDER = tuple(Finding)
_ANSWERED = _ORDER.index(Finding.ANSWERED)
_MOST_LOST = {Finding.UNSTATED: 0.02, Finding.CONTRADICTED: 0.006, Finding.OTHER: 0.014}


def _questions(
    seed: int, *, shift: float, sizes: tuple[int, ...] = (120, 60, 30, 60)
) -> tuple[Array, Labels]:
    """Returns questions with a feature for each finding, by `shift` higher in those of that finding."""
    labels = np.repeat(np.arange(4), sizes)
    noise = np.random.default_rng(seed).normal(0.0, 1.0, (len(labels), 4))
    return noise + shift * np.eye(4)[labels], labels


def _each(labels: Labels) -> list[str]:
    """Returns a group for each question."""
    return [str(i) for i in range(len(labels))]


@pytest.mark.parametrize("seed", range(3))
def test_findings_that_can_be_told_apart_are(seed: int) -> None:
    values, labels = _questions(seed, shift=8.0)
    fitted = fit(values, labels)
    assert (fitted.shares(values).argmax(axis=1) == labels).mean() > 0.99
    assert (fitted.weights.argmax(axis=1) == np.arange(4)).all()


def _loss(fitted: Fitted, values: Array, labels: Labels) -> float:
    """Returns the penalised loss, in which every finding has the same weight."""
    shares = fitted.shares(values)
    each = [-np.log(shares[labels == finding, finding]).mean() for finding in np.unique(labels)]
    return float(sum(each) / 4 + 3.0 / len(values) * (fitted.weights**2).sum() / 2)


@pytest.mark.parametrize("shift", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("sizes", [(120, 60, 30, 60), (200, 5, 5, 5)])
def test_the_weights_are_where_the_penalised_loss_is_least(shift: float, sizes: tuple[int, ...]) -> None:
    """No step in any direction lowers it: finite differences in every weight and bias are near zero."""
    values, labels = _questions(1, shift=shift, sizes=sizes)
    fitted = fit(values, labels)
    step = 1e-4

    def moved(by: float, *place: int) -> float:
        weights, bias = fitted.weights.copy(), fitted.bias.copy()
        (weights if len(place) == 2 else bias)[place] += by
        return _loss(Fitted(weights, bias), values, labels)

    places = [(i, j) for i in range(4) for j in range(4)] + [(i,) for i in range(4)]
    slopes = [(moved(step, *place) - moved(-step, *place)) / (2 * step) for place in places]
    assert slopes == pytest.approx(np.zeros(len(places)), abs=1e-3)


def test_a_finding_without_a_question_is_not_found() -> None:
    values, labels = _questions(0, shift=4.0, sizes=(100, 50, 0, 50))
    assert fit(values, labels).shares(values)[:, _ORDER.index(Finding.CONTRADICTED)].max() < 0.01


_SHARES = st.lists(
    # Few digits, so that many are equal and on the edge of a rounding.
    st.tuples(*[st.integers(0, 100)] * 4).filter(any),
    min_size=1,
    max_size=400,
)


@given(_SHARES, st.data())
def test_no_more_of_the_answerable_are_lost_than_allowed(
    drawn: list[tuple[int, ...]], data: st.DataObject
) -> None:
    shares = np.array([[part / sum(row) for part in row] for row in drawn])
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(drawn), max_size=len(drawn))))
    labels[0] = _ANSWERED
    answerable = shares[labels == _ANSWERED]
    least = least_of(shares, labels)
    found = decided(answerable, least)
    for finding, most in _MOST_LOST.items():
        assert found.count(finding) <= most * len(answerable)
        reached = answerable[:, _ORDER.index(finding)] >= least[finding] - 0.002
        assert reached.sum() > most * len(answerable) - 1  # and no fewer than need be
        assert round(least[finding], 3) == least[finding]


def test_the_least_probability_is_as_low_as_it_may_be() -> None:
    shares = np.tile(np.linspace(0, 0.999, 1000)[:, None], (1, 4))
    least = least_of(shares, np.full(1000, _ANSWERED))
    assert least == {Finding.UNSTATED: 0.98, Finding.CONTRADICTED: 0.992, Finding.OTHER: 0.99}


def test_without_a_question_to_answer_nothing_is_fitted() -> None:
    with pytest.raises(NotFitted, match="to be answered"):
        least_of(np.full((3, 4), 0.25), np.full(3, 1))


@given(
    st.lists(st.tuples(*[st.floats(0.01, 1)] * 4), min_size=1, max_size=20),
    st.tuples(*[st.floats(0, 1)] * 3),
)
def test_questions_are_decided_as_the_model_decides(
    rows: list[tuple[float, ...]], needed: tuple[float, ...]
) -> None:
    least = dict(zip(_MOST_LOST, needed, strict=True))
    model = JudgementModel(
        reader="",
        sentences=1,
        sure=1.0,
        weights={finding: dict.fromkeys(FEATURES, 0.0) for finding in Finding},
        bias=dict.fromkeys(Finding, 0.0),
        least=least,
        fitted_on={},
        date="",
    )
    expected = [model.finding(dict(zip(_ORDER, row, strict=True))) for row in rows]
    assert decided(np.array(rows), least) == expected


@given(st.integers(0, 100))
def test_the_shares_are_those_of_the_model(seed: int) -> None:
    draw = np.random.default_rng(seed)
    fitted = Fitted(draw.normal(0, 5, (4, len(FEATURES))), draw.normal(0, 5, 4)).rounded()
    values = draw.uniform(-7, 7, len(FEATURES))
    model = JudgementModel(
        reader="",
        sentences=1,
        sure=1.0,
        weights={
            finding: dict(zip(FEATURES, fitted.weights[i].tolist(), strict=True))
            for i, finding in enumerate(_ORDER)
        },
        bias={finding: float(fitted.bias[i]) for i, finding in enumerate(_ORDER)},
        least=dict.fromkeys(_MOST_LOST, 0.5),
        fitted_on={},
        date="",
    )
    shares = model.shares(values.tolist())
    assert [shares[finding] for finding in _ORDER] == pytest.approx(fitted.shares(values[None])[0])


def test_nested_findings_are_right_where_they_can_be_told_apart() -> None:
    values, labels = _questions(2, shift=8.0)
    found = np.array([_ORDER.index(one) for one in nested(values, labels, _each(labels))])
    assert (found == labels).mean() > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_random_labels_are_not_guessed_from_themselves(seed: int) -> None:
    """With a feature that identifies each question, weights fitted on it too would know its label."""
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(4), (50, 8, 8, 8)))
    values = np.eye(len(labels)) * 50
    own = least_of(fit(values, labels).shares(values), labels)
    known = np.array([_ORDER.index(one) for one in decided(fit(values, labels).shares(values), own)])
    assert (known == labels).mean() > 0.9
    found = np.array([_ORDER.index(one) for one in nested(values, labels, _each(labels))])
    assert (found[labels != _ANSWERED] == labels[labels != _ANSWERED]).mean() < 0.5


def test_a_near_duplicate_does_not_tell_the_label() -> None:
    """Each question is there twice: apart, one tells the other's label; as a group, it does not."""
    labels = np.repeat(np.random.default_rng(0).permutation(np.repeat(np.arange(4), (30, 10, 10, 10))), 2)
    values = np.repeat(np.eye(len(labels) // 2) * 50, 2, axis=0)
    rare = labels != _ANSWERED

    def right(groups: list[str]) -> float:
        found = np.array([_ORDER.index(one) for one in nested(values, labels, groups)])
        return float((found[rare] == labels[rare]).mean())

    assert right(_each(labels)) > 0.8
    assert right([str(i // 2) for i in range(len(labels))]) < 0.5


@pytest.mark.parametrize(
    ("kind", "expect", "label"),
    [
        ("amount", Expect.ANSWER, Finding.ANSWERED),
        ("missing_fact", Expect.REFUSE, Finding.UNSTATED),
        ("missing_fact", Expect.ANSWER, Finding.ANSWERED),
        ("false_premise", Expect.CORRECT, Finding.CONTRADICTED),
        ("out_of_domain", Expect.REFUSE, Finding.OTHER),
    ],
)
def test_a_label_is_what_the_set_expects(kind: str, expect: Expect, label: Finding) -> None:
    assert label_of(kind, expect) is label


def test_without_scipy_the_extra_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ExtraMissing, match=r"zhengwen\[calibrate\]"):
        fit(*_questions(0, shift=1.0))
