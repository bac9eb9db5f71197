"""Bootstrap confidence intervals, and a paired randomisation test.

Dependent questions, such as the turns of one dialogue, form a cluster and are drawn together
(Field & Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69, 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Statistic = Callable[[Array], float]

_BLOCK = 500  # rounds of the randomisation in memory at once


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a figure, for other questions of the same kind."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def mean(values: Array) -> float:
    return float(values.mean())


def median(values: Array) -> float:
    return float(np.median(values))


@cache
def percentile(share: int) -> Statistic:
    """Returns the percentile statistic by nearest rank: `share` per cent of the values are at or below it."""
    return lambda values: float(np.sort(values)[ceil(share * len(values) / 100) - 1])


def bootstrap(
    values: Sequence[float] | Sequence[tuple[float, ...]] | Array,
    *,
    statistic: Statistic = mean,
    clusters: Sequence[Hashable] | None = None,
    shares: bool = True,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Returns the percentile interval of a statistic (Efron, Ann. Statist. 7, 1979; Efron & Tibshirani 1993).

    A row of `values` belongs to one question; `clusters` has the cluster of each. Deterministic. Where all
    values are 0, or all are 1, the bootstrap interval has no width: the mean then gets the exact limits of
    Clopper & Pearson (Biometrika 26, 1934), which are valid for any values between 0 and 1. `shares` is False
    for values outside that range, such as differences, which get no such limits. Raises ValueError without
    values.
    """
    rows = np.asarray(values, dtype=np.float64)
    if not len(rows):
        raise ValueError("an interval needs at least one value")
    members = _members(clusters, len(rows))
    averaged = statistic is mean and rows.ndim == 1
    if averaged and shares and rows[0] in (0.0, 1.0) and (rows == rows[0]).all():
        return _all_alike(bool(rows[0]), len(members), level)
    drawn = _drawn(len(members), resamples, seed)
    if averaged:
        found = _means(rows, members, drawn)
    elif len(members) == len(rows):
        found = np.array([statistic(rows[picks]) for picks in drawn])
    else:
        found = np.array([statistic(rows[np.concatenate([members[p] for p in picks])]) for picks in drawn])
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def randomisation(
    a: Sequence[float],
    b: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    rounds: int = 10_000,
    seed: int = 0,
) -> float:
    """Returns the two-sided p-value that the means of two systems on the same questions differ by chance.

    Fisher's randomisation test with random swaps, as Smucker, Allan & Carterette (CIKM 2007) advise for
    retrieval; the observed assignment counts as one of the rounds, so that p is never 0. A cluster is swapped
    as a whole. Raises ValueError when the lengths differ or are 0.
    """
    differences = np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64)
    if not len(differences):
        raise ValueError("a test needs at least one question")
    members = _members(clusters, len(differences))
    sums = np.array([differences[picks].sum() for picks in members])
    observed = abs(sums.sum()) - 1e-9  # sums that differ only by rounding count as equal
    generator = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, rounds, _BLOCK):
        signs = generator.choice((-1.0, 1.0), size=(min(_BLOCK, rounds - start), len(sums)))
        extreme += int((np.abs(signs @ sums) >= observed).sum())
    return (extreme + 1) / (rounds + 1)


def _members(clusters: Sequence[Hashable] | None, count: int) -> list[npt.NDArray[np.intp]]:
    """Returns the row numbers of each cluster; without clusters every row is its own."""
    places: dict[Hashable, list[int]] = {}
    for place, name in enumerate(range(count) if clusters is None else clusters):
        places.setdefault(name, []).append(place)
    return [np.array(some, dtype=np.intp) for some in places.values()]


def _means(rows: Array, members: Sequence[npt.NDArray[np.intp]], drawn: npt.NDArray[Any]) -> Array:
    sums = np.array([rows[picks].sum() for picks in members])
    sizes = np.array([len(picks) for picks in members])
    means: Array = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means


@lru_cache(maxsize=8)
def _drawn(count: int, resamples: int, seed: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).integers(count, size=(resamples, count))


def _all_alike(ones: bool, count: int, level: float) -> Interval:
    bound = float(((1 - level) / 2) ** (1 / count))
    return Interval(bound, 1.0) if ones else Interval(0.0, 1.0 - bound)
