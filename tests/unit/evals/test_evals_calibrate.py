"""Fitting the confidence: separable questions are told apart, and no question is judged by itself."""

from __future__ import annotations

import numpy as np
import pytest

from evals.calibrate import cross_validated, fit


def _questions(seed: int, *, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """60 answerable and 15 unanswerable questions of two signals; `shift` parts them."""
    noise = np.random.default_rng(seed)
    answerable = np.array([1.0] * 60 + [0.0] * 15)
    signals = noise.normal(0.5, 0.1, (75, 2))
    signals[:, 0] += shift * answerable
    return signals, answerable


@pytest.mark.parametrize("seed", range(3))
def test_a_signal_that_parts_the_classes_gets_the_weight(seed: int) -> None:
    signals, answerable = _questions(seed, shift=0.6)
    fitted = fit(signals, answerable)
    assert fitted.weights[0] > 4 * abs(fitted.weights[1])
    right = (fitted.probability(signals) > 0.5) == (answerable == 1)
    assert right.mean() > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_noise_is_not_learned_when_it_is_cross_validated(seed: int) -> None:
    signals, answerable = _questions(seed, shift=0.0)
    found = cross_validated(signals, answerable, folds=5)
    between = found[answerable == 1].mean() - found[answerable == 0].mean()
    assert abs(between) < 0.1


def test_the_rarer_class_weighs_as_much_as_the_other() -> None:
    signals, answerable = _questions(0, shift=0.0)
    assert fit(signals, answerable).probability(signals).mean() == pytest.approx(0.5, abs=0.05)
