"""Figures of a set of facts with their intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from evals.facts.model import Score, Split
from evals.measures.fact_names import ALL_OF_FACTS
from evals.measures.stats import bootstrap
from evals.measures.summary import Figure


def figures(scores: Iterable[Score], *, split: Split | None = None) -> dict[str, Figure]:
    """Returns the means of a half, or of all, by measure; those that nothing could judge are left out.

    Facts of one clause, and what is said on one case, are drawn together.
    """
    by_measure = defaultdict[str, list[Score]](list)
    for score in scores:
        if split is None or score.split is split:
            by_measure[score.measure].append(score)
    return {name: _figure(by_measure[name]) for name in ALL_OF_FACTS if name in by_measure}


def _figure(scores: list[Score]) -> Figure:
    values = [score.value for score in scores]
    interval = bootstrap(values, clusters=[score.cluster for score in scores])
    return Figure(sum(values) / len(values), len(values), interval)
