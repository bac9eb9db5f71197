from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.measures.stats import Interval, bootstrap, mean, median, randomisation

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(SHARES)
def test_an_interval_lies_within_the_values_and_is_the_same_again(values: list[float]) -> None:
    found = bootstrap(values, resamples=200)
    assert found == bootstrap(values, resamples=200)
    alike = set(values) in ({0.0}, {1.0})
    assert alike or min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(7)
    covered = sum(
        bootstrap(list(generator.binomial(1, 0.8, size=100).astype(float)), resamples=400).holds(0.8)
        for _ in range(300)
    )
    assert 0.90 <= covered / 300 <= 0.985


def test_an_interval_narrows_with_the_number_of_questions() -> None:
    few, many = bootstrap([0.0, 1.0] * 10), bootstrap([0.0, 1.0] * 250)
    assert many.high - many.low < (few.high - few.low) / 3


def test_where_all_are_right_the_limits_are_exact() -> None:
    # 1 - 0.025 ** (1 / 100): the two-sided form of the rule of three.
    assert astuple(bootstrap([1.0] * 100)) == pytest.approx((0.96378, 1.0), abs=1e-5)
    assert astuple(bootstrap([0.0] * 100)) == pytest.approx((0.0, 0.03622), abs=1e-5)
    assert bootstrap([7.0] * 100) == Interval(7.0, 7.0)


def test_questions_of_a_cluster_are_drawn_together() -> None:
    values = [0.0] * 20 + [1.0] * 20
    alone = bootstrap(values)
    together = bootstrap(values, clusters=[place // 10 for place in range(40)])
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert bootstrap([1.0] * 40, clusters=["one"] * 40).low == pytest.approx(0.025)


def test_any_statistic_has_an_interval() -> None:
    values = [float(n) for n in range(101)]
    found = bootstrap(values, statistic=median)
    assert found.holds(50)
    assert 30 < found.low < found.high < 70
    by_loop = bootstrap(values, statistic=lambda rows: mean(rows))
    assert astuple(by_loop) == pytest.approx(astuple(bootstrap(values)))
    pairs = bootstrap(
        [(1.0, 2.0), (3.0, 6.0)], statistic=lambda rows: float(rows[:, 1].sum() / rows[:, 0].sum())
    )
    assert pairs == Interval(2.0, 2.0)


def test_systems_that_do_not_differ_have_p_1() -> None:
    assert randomisation([1.0, 0.0, 1.0], [1.0, 0.0, 1.0]) == 1.0


def test_p_is_that_of_the_exact_test() -> None:
    # 6 questions won, none lost: 2 of the 2^6 assignments are as extreme.
    assert randomisation([1.0] * 6, [0.0] * 6, rounds=40_000) == pytest.approx(2 / 64, abs=0.004)
    # 5 won and 1 lost: 14 of 64.
    assert randomisation([1.0] * 5 + [0.0], [0.0] * 5 + [1.0], rounds=40_000) == pytest.approx(
        14 / 64, abs=0.01
    )


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_p_does_not_depend_on_which_comes_first(pairs: list[tuple[float, float]]) -> None:
    a, b = [left for left, _ in pairs], [right for _, right in pairs]
    assert randomisation(a, b, rounds=400) == randomisation(b, a, rounds=400)
    assert 0 < randomisation(a, b, rounds=400) <= 1


def test_a_cluster_is_one_observation_of_the_test() -> None:
    won, lost = [1.0] * 12, [0.0] * 12
    assert randomisation(won, lost) < 0.01
    assert randomisation(won, lost, clusters=["a"] * 6 + ["b"] * 6) == pytest.approx(0.5, abs=0.05)


def test_nothing_has_no_interval_and_no_test() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap([])
    with pytest.raises(ValueError, match="at least one question"):
        randomisation([], [])
