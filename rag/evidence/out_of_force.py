"""Decides whether the only answer is in a paper out of force, which is otherwise ranked after the others."""

from __future__ import annotations

from collections.abc import Callable

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Document

# A paper out of force whose title says so much more of the question than the title of the best paper in force
# is on another matter than that one. The titles of an old and a new paper on one matter say about as much.
_MORE_IN_TITLE = 0.15


def only_ended_answers(
    ended: Document,
    current: Document,
    *,
    confidence: tuple[float, float],
    threshold: float,
    in_title: Callable[[Document], float],
    catalogue: Catalogue,
) -> bool:
    """Whether `ended` answers, and those in force do not or are on another matter.

    `current` is the best paper with those in force first; `confidence` is that of both answers; `in_title`
    returns the share of the question that a title says. A paper that a stored one repeals has a successor.
    """
    own, others = confidence
    if ended.id not in catalogue.out_of_force or own < threshold:
        return False
    if others < threshold:
        return True
    return not catalogue.acts.repealers(ended.id) and in_title(ended) - in_title(current) >= _MORE_IN_TITLE
