"""What tells how sure we are that the retrieved clauses answer the question: the signals of a logistic model.

What each of them weighs stands in a calibration (`rag.evidence.calibration`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rag.evidence.sentences import EvidenceFinder, EvidenceList
from rag.language.query_terms import Query
from rag.model import Passage
from rag.question.intent import Want

# Goes up when a signal is added, left out or means something else: weights fitted before then do not fit.
SIGNALS = 1


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer, each 0 to 1."""

    cosine: float  # of the question and the sentence nearest to it, moved so that unrelated texts are near 0
    lead: float  # how far the nearest clause is ahead of the next ones: what is meant stands out
    words: float  # how far the clause with most of the words is ahead of the next ones
    known: float  # share of the question's words that the papers know; in many papers a match says less
    unsatisfied: float  # share of what the answer must contain that the best clause lacks
    paper: float  # share of the question's content that the paper of the best clause says
    related: float  # 1 when enough is said for a question that names papers, or for one that does not
    coverage: float  # share of the question's content that the best clause says; not weighed itself


# Cosines of unrelated question and sentence lie about here with the e5 models, which crowd into 0.7–1.
_COSINE_FLOOR = 0.8
_COSINE_SPAN = 0.15
# A lead of this much over the mean of the next clauses is as good as any: of the cosine, and of the BM25
# score as a share of what all words of the question are worth.
_LEAD_SPAN = 0.04
_WORDS_SPAN = 0.2
_NEXT = 5
# Sentences that score this share of the clause's best one may be quoted, so they count as said.
_QUOTED_SHARE = 0.5

# The coverage from which a question is taken to be about the papers: little is enough when it names a region
# that has one (yet its weather is no matter of theirs), more when it does not.
_ENOUGH_NAMED = 0.15
_ENOUGH = 0.5


def signals(
    query: Query,
    passages: Sequence[Passage],
    evidence: EvidenceList,
    *,
    finder: EvidenceFinder,
    wants: Sequence[Want],
    named: bool,
) -> Signals:
    """The signals of the best passage."""
    if not passages:
        return Signals(
            cosine=0.0, lead=0.0, words=0.0, known=0.0, unsatisfied=1.0, paper=0.0, related=0.0, coverage=0.0
        )
    best = passages[0]
    said = finder.coverage(query, finder.clause_counts(best.document, best.clause))
    own = evidence.of(best.clause)
    floor = _QUOTED_SHARE * max((found.score for found in own), default=0.0)
    met = {
        want
        for found in own
        for want in found.satisfies
        # The units in charge and the fund are told by the clause, not by the sentence on the matter.
        if found.score >= floor or want in (Want.UNITS, Want.FUND)
    }
    needed = [want for want in wants if want not in met]
    highest = max(p.dense for p in passages)
    nearest = max((s.cosine for p in passages for s in p.sentences), default=highest)
    worth = finder.worth(query)
    return Signals(
        cosine=_share((nearest - _COSINE_FLOOR) / _COSINE_SPAN),
        lead=_share(_ahead([p.dense for p in passages]) / _LEAD_SPAN),
        words=_share(_ahead([p.lexical for p in passages]) / worth / _WORDS_SPAN) if worth else 0.0,
        known=finder.known(query),
        unsatisfied=len(needed) / len(wants) if wants else 0.0,
        paper=finder.coverage(query, finder.paper_terms(best.document)),
        related=min(1.0, said / (_ENOUGH_NAMED if named else _ENOUGH)),
        coverage=said,
    )


def _ahead(scores: Sequence[float]) -> float:
    """How far the highest score is ahead of the mean of the next ones; 0 where it is the only one."""
    first, *others = sorted(scores, reverse=True)[: _NEXT + 1]
    return first - fmean(others) if others else 0.0


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
