"""Fitting the confidence: separable questions are separated, and none is scored by weights fitted on it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from evals.calibrate import Sample, Weights, cross_validated, fit, joined, sample_of
from evals.errors import ExtraMissing, NotFitted


def _questions(seed: int, *, shift: float) -> Sample:
    """Returns 60 answerable and 15 unanswerable questions with two signals; `shift` separates them."""
    noise = np.random.default_rng(seed)
    answerable = np.array([1.0] * 60 + [0.0] * 15)
    signals = noise.normal(0.5, 0.1, (75, 2))
    signals[:, 0] += shift * answerable
    return sample_of(signals, answerable)


@pytest.mark.parametrize("seed", range(3))
def test_a_signal_that_parts_the_classes_gets_the_weight(seed: int) -> None:
    sample = _questions(seed, shift=0.6)
    fitted = fit(sample)
    assert fitted.weights[0] > 4 * abs(fitted.weights[1])
    right = (fitted.probability(sample.signals) > 0.5) == (sample.answerable == 1)
    assert right.mean() > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_noise_is_not_learned_when_it_is_cross_validated(seed: int) -> None:
    sample = _questions(seed, shift=0.0)
    found = cross_validated(sample, folds=5)
    between = found[sample.answerable == 1].mean() - found[sample.answerable == 0].mean()
    assert abs(between) < 0.1


def test_the_rarer_class_weighs_as_much_as_the_other() -> None:
    sample = _questions(0, shift=0.0)
    assert fit(sample).probability(sample.signals).mean() == pytest.approx(0.5, abs=0.05)


def test_a_sample_weighs_its_share_beside_another() -> None:
    one = _questions(0, shift=0.6)
    other = sample_of(one.signals, 1 - one.answerable, share=0.1)  # opposite labels, little weight
    both = joined([one, other])
    assert both.weights.sum() == pytest.approx(1.1)
    assert fit(both).weights[0] > 0
    assert (
        fit(joined([sample_of(one.signals, one.answerable, share=0.1), other])).weights[0]
        < fit(both).weights[0]
    )


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6])
def test_the_weights_are_where_the_penalised_loss_is_least(shift: float) -> None:
    sample = _questions(1, shift=shift)
    fitted = fit(sample)
    share = sample.weights / sample.weights.sum()
    errors = (fitted.probability(sample.signals) - sample.answerable) * share
    assert sample.signals.T @ errors + fitted.weights / len(share) == pytest.approx(np.zeros(2), abs=1e-6)
    assert errors.sum() == pytest.approx(0.0, abs=1e-6)


def test_weights_that_do_not_converge_are_no_calibration() -> None:
    with pytest.raises(NotFitted, match="did not converge"):
        fit(_questions(0, shift=0.6), steps=1)


@pytest.mark.parametrize(("bias", "expected"), [(-2000.0, 0.0), (0.0, 0.5), (2000.0, 1.0)])
def test_the_probability_of_any_weights_is_a_number(bias: float, expected: float) -> None:
    assert Weights(np.zeros(2), bias).probability(np.zeros((1, 2))) == pytest.approx([expected])


def test_without_scipy_the_extra_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ExtraMissing, match=r"zhengwen\[calibrate\]"):
        fit(_questions(0, shift=0.6))
