"""A question with everything that was found for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.answer.content.selection import best_score
from rag.evidence.confidence import Signals
from rag.evidence.judgement import Judgement
from rag.evidence.sentences import EvidenceList
from rag.model import Passage
from rag.question.understand import Understanding


@dataclass(frozen=True, slots=True)
class Findings:
    """The input of the decision: understanding, passages, evidence and confidence."""

    understanding: Understanding
    passages: Mapping[str, Sequence[Passage]]  # by document, or all under ""
    evidence: EvidenceList
    signals: Signals
    confidence: float
    judgement: Judgement | None = None  # None where nothing was read
    judgements: Mapping[str, Judgement] = field(default_factory=dict)  # of compared papers, by document
    referring: Passage | None = None  # refers to the best passage, and states what was asked
    confidences: Mapping[str, float] = field(default_factory=dict)  # of the passages under the same key

    @property
    def ranked(self) -> list[Passage]:
        """Returns the passages to show; of several papers in turn, the best of each first."""
        groups = sorted(self.passages.values(), key=self._best_score, reverse=True)
        longest = max((len(group) for group in groups), default=0)
        return [group[i] for i in range(longest) for group in groups if i < len(group)]

    def _best_score(self, group: Sequence[Passage]) -> float:
        return best_score(group[0].clause, self.evidence) if group else 0.0
