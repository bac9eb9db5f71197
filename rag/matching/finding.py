"""Whether a condition holds for an enterprise."""

from __future__ import annotations

from dataclasses import dataclass

from rag.matching.model import Aspect, Why


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something holds (None: not known), why not, and what of the profile it depends on."""

    holds: bool | None
    why: Why = Why.CONDITION
    aspect: Aspect = Aspect.HISTORY  # what decides most
    aspects: frozenset[Aspect] = frozenset()  # all that may change it
    said: str = ""  # the words of the profile that say it in other words, if they had to be compared

    @classmethod
    def of(cls, holds: bool | None, why: Why, aspect: Aspect) -> Finding:
        return cls(holds, why, aspect, frozenset((aspect,)))
