"""How sure we are that the retrieved clauses answer the question: a logistic model of a few signals.

The weights are what `python -m evals.calibrate` prints for the development questions and our own, answerable
ones against those to be refused (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag.evidence import Evidence, EvidenceFinder
from rag.intent import Want
from rag.model import Passage
from rag.query import Query


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer, each 0 to 1."""

    cosine: float  # of question and best clause, moved so that unrelated texts are near 0
    agreement: float  # 1 when words and vectors put the same clause first
    unsatisfied: float  # share of what the answer must contain that the best clause lacks
    related: float  # 1 when enough is said for a question that names papers, or for one that does not
    coverage: float  # share of the question's content that the best clause says; not weighed itself


# Cosines of unrelated question and clause lie about here with the e5 models, which crowd into 0.7–1.
_COSINE_FLOOR = 0.75
_COSINE_SPAN = 0.15
# Sentences that score this share of the clause's best one may be quoted, so they count as said.
_QUOTED_SHARE = 0.5

# The coverage from which a question is taken to be about the papers: little is enough when it names a region
# that has one (yet its weather is no matter of theirs), more when it does not.
_ENOUGH_NAMED = 0.15
_ENOUGH = 0.5

_WEIGHTS = Signals(cosine=1.14, agreement=1.62, unsatisfied=-3.15, related=2.41, coverage=0.0)
_BIAS = -3.09


def signals(
    query: Query,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    *,
    finder: EvidenceFinder,
    wants: Sequence[Want],
    named: bool,
) -> Signals:
    """The signals of the best passage."""
    if not passages:
        return Signals(cosine=0.0, agreement=0.0, unsatisfied=1.0, related=0.0, coverage=0.0)
    best = passages[0]
    said = finder.coverage(query, finder.clause_counts(best.document, best.clause))
    own = [found for found in evidence if found.unit.clause == best.clause]
    floor = _QUOTED_SHARE * max((found.score for found in own), default=0.0)
    met = {
        want
        for found in own
        for want in found.satisfies
        # The units in charge and the fund are told by the clause, not by the sentence on the matter.
        if found.score >= floor or want in (Want.UNITS, Want.FUND)
    }
    needed = [want for want in wants if want not in met]
    return Signals(
        cosine=min(1.0, max(0.0, (max(p.dense for p in passages) - _COSINE_FLOOR) / _COSINE_SPAN)),
        agreement=float(best.dense_rank == 1) / 2 + float(best.lexical_rank == 1) / 2,
        unsatisfied=len(needed) / len(wants) if wants else 0.0,
        related=min(1.0, said / (_ENOUGH_NAMED if named else _ENOUGH)),
        coverage=said,
    )


def confidence(found: Signals) -> float:
    """Probability in [0, 1] that the best clauses answer the question."""
    total = _BIAS + sum(
        weight * value for weight, value in zip(astuple(_WEIGHTS), astuple(found), strict=True)
    )
    return 1 / (1 + math.exp(-total))
