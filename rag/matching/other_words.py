"""Whether a profile meets a condition in other words than the paper's.

Classes, levels, stages, figures, places, names and denials have to be said as they are. What else a condition
says may be said in other words, which vectors compare. Nothing that fails is changed by it.
"""

from __future__ import annotations

from collections.abc import Hashable

from index.terms.tokenize import fold
from rag.matching.judging import judge
from rag.matching.meaning import Meaning, Near
from rag.matching.preparing.compiled import Part
from rag.matching.reading.conditions import Condition, without_events, without_free_words
from rag.matching.reading.enterprise import Enterprise


class OtherWords:
    """What one profile says, compared with conditions."""

    def __init__(self, enterprise: Enterprise, meaning: Meaning) -> None:
        self._enterprise, self._meaning = enterprise, meaning
        self._said = meaning.statements([one.text for one in enterprise.clauses])
        self._known: dict[Hashable, str | None] = {}

    def saying(self, part: Part) -> str | None:
        """The words of the profile that say the same as a condition that is open, or None."""
        if part.is_procedure:
            return None
        if part.key not in self._known:
            self._known[part.key] = self._saying(part)
        return self._known[part.key]

    def nearest(self, part: Part) -> tuple[Near, bool] | None:
        """The nearest clauses, and whether only plain words are open; None where more is."""
        by_words = self._holds(without_free_words(part.condition))
        if not by_words and not self._holds(without_events(part.condition)):
            return None
        found = self._said.nearest("".join(fold(part.quote.words).split()))
        return (found, by_words) if found is not None else None

    def _saying(self, part: Part) -> str | None:
        found = self.nearest(part)
        if found is None or not self._meaning.is_near(found[0].cosine, by_words=found[1]):
            return None
        return "，".join(one.words for one in self._enterprise.clauses[slice(*found[0].clauses)])

    def _holds(self, hard: Condition | None) -> bool:
        return hard is not None and judge(hard, self._enterprise).holds is True
