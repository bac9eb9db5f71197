"""What the judgement weighs: numbers about a question and its best sentences.

Probabilities are weighed as log odds, so that adding two of them works like requiring both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from index.model import Verdict
from rag.evidence.context import clause_context, in_context
from rag.evidence.differences import differences
from rag.evidence.mismatches import mismatches
from rag.evidence.sentences import Evidence
from rag.evidence.slots import share_met
from rag.question.kinds import Asked

FEATURES: Final = (
    "confidence",  # of the search
    "asserts",  # that the question takes something for granted
    "answers_best",  # of the reader, for the best sentence
    "answers_most",  # the highest of the sentences read
    "unstated_best",
    "contradicts_best",
    "contradicts_most",
    "other_best",
    "other_least",
    "asserts_contradicts",  # the product of the two probabilities
    "met_best",  # that the best sentence has something of the kind asked for
    "met_clause",  # that its clause has
    "figures_other",  # the best sentence has other figures than the question and none of its own
    "figures_same",  # the best sentence has a figure of the question
    "figures_moved",  # it has one for something else
    "opposites",  # it has the opposite of a word of the question, and the question asserts something
)
# Probabilities are kept this far from 0 and 1 before their log odds. The reader tells another matter apart in
# the third digit; the rest is not that sure.
_EDGE = 0.02
_EDGE_OF_MATTER = 0.001
# Size of a rare sign, about that of sure log odds: the penalty of the fit would hold it back at 1.
_SIGN = 6.0


def read_text(found: Evidence) -> str:
    """Returns what the reader reads of a sentence: its context and its text."""
    return in_context(clause_context(found.passage.document, found.unit.clause), found.text)


def features(
    question: str,
    asked: Asked,
    evidence: Sequence[Evidence],
    verdicts: Sequence[Verdict],
    *,
    confidence: float,
) -> tuple[float, ...]:
    """Returns the features in the order of `FEATURES`.

    `question` is without regions and names of papers; `verdicts` are of the sentences `evidence`, in their
    order: the best first.
    """
    first, best = evidence[0], verdicts[0]
    contradicts = max(verdict.contradicts for verdict in verdicts)
    figures = differences(question, first.text)
    mismatched = mismatches(question, first.text)
    return (
        _odds(confidence),
        _odds(asked.asserts),
        _odds(best.answers),
        _odds(max(verdict.answers for verdict in verdicts)),
        _odds(best.unstated),
        _odds(best.contradicts),
        _odds(contradicts),
        _odds(best.other, edge=_EDGE_OF_MATTER),
        _odds(min(verdict.other for verdict in verdicts), edge=_EDGE_OF_MATTER),
        asked.asserts * contradicts,
        share_met(asked.kinds, first.text),
        share_met(asked.kinds, first.passage.text),
        float(figures.other > 0 and figures.same == 0),
        float(figures.same > 0),
        _SIGN * float(mismatched.moved > 0),
        _SIGN * asked.asserts * float(mismatched.opposites > 0),
    )


def _odds(probability: float, *, edge: float = _EDGE) -> float:
    kept = min(max(probability, edge), 1 - edge)
    return math.log(kept / (1 - kept))
