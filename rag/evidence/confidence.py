"""What tells how sure we are that the retrieved clauses answer the question: the signals of a logistic model.

What each of them weighs stands in a calibration (`rag.evidence.calibration`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from rag.evidence.sentences import EvidenceFinder, EvidenceList
from rag.language.query_terms import Query
from rag.model import Passage
from rag.question.intent import Want
from rag.ranking import SignalScales

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


def signals(
    query: Query,
    passages: Sequence[Passage],
    evidence: EvidenceList,
    *,
    finder: EvidenceFinder,
    wants: Sequence[Want],
    named: bool,
    scales: SignalScales,
) -> Signals:
    """The signals of the best passage."""
    if not passages:
        return Signals(
            cosine=0.0, lead=0.0, words=0.0, known=0.0, unsatisfied=1.0, paper=0.0, related=0.0, coverage=0.0
        )
    best = passages[0]
    said = finder.coverage(query, finder.clause_counts(best.document, best.clause))
    own = evidence.of(best.clause)
    floor = scales.quoted_share * max((found.score for found in own), default=0.0)
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
    ahead = partial(_ahead, others=scales.next_clauses)
    return Signals(
        cosine=_share((nearest - scales.cosine_floor) / scales.cosine_span),
        lead=_share(ahead([p.dense for p in passages]) / scales.lead_span),
        words=_share(ahead([p.lexical for p in passages]) / worth / scales.words_span) if worth else 0.0,
        known=finder.known(query),
        unsatisfied=len(needed) / len(wants) if wants else 0.0,
        paper=finder.coverage(query, finder.paper_terms(best.document)),
        related=min(1.0, said / (scales.enough_named if named else scales.enough)),
        coverage=said,
    )


def _ahead(scores: Sequence[float], *, others: int) -> float:
    """How far the highest score is ahead of the mean of the next `others`; 0 where it is the only one."""
    first, *following = sorted(scores, reverse=True)[: others + 1]
    return first - fmean(following) if following else 0.0


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
