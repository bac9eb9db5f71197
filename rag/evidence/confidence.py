"""Signals of the confidence: inputs of a logistic model of whether the retrieved clauses answer the question.

Their weights are in a calibration (`rag.evidence.calibration`).
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

# Incremented when a signal is added, removed or changes its meaning, so that older weights are rejected.
SIGNALS = 1


@dataclass(frozen=True, slots=True)
class Signals:
    """Signals for and against an answer, each from 0 to 1."""

    cosine: float  # of the question and the nearest sentence, scaled so that unrelated texts are near 0
    lead: float  # cosine of the nearest clause less the mean of the next ones
    words: float  # the same for the BM25 scores
    known: float  # share of the question's words that occur in the papers
    unsatisfied: float  # share of what the answer must contain that the best clause lacks
    paper: float  # share of the question's content that occurs in the paper of the best clause
    related: float  # coverage as a share of what is enough; less is enough for a question that names papers
    coverage: float  # share of the question's content that occurs in the best clause; has no weight


def signals(
    query: Query,
    passages: Sequence[Passage],
    evidence: EvidenceList,
    *,
    finder: EvidenceFinder,
    wants: Sequence[Want],
    named: bool,
    scales: SignalScales,
    referring: Passage | None = None,
) -> Signals:
    """Computes the signals of the best passage, and of one that refers to it and is quoted beside it."""
    if not passages:
        return Signals(
            cosine=0.0, lead=0.0, words=0.0, known=0.0, unsatisfied=1.0, paper=0.0, related=0.0, coverage=0.0
        )
    best = passages[0]
    coverage = finder.coverage(query, finder.clause_counts(best.document, best.clause))
    own = evidence.of(best.clause)
    beside = evidence.of(referring.clause) if referring is not None else ()
    floor = scales.quoted_share * max((found.score for found in own), default=0.0)
    met = {
        want
        for found in own
        for want in found.satisfies
        # The units in charge and the fund may be named in any sentence of the clause.
        if found.score >= floor or want in (Want.UNITS, Want.FUND)
    } | {want for found in beside for want in found.satisfies}
    needed = [want for want in wants if want not in met]
    highest = max(p.dense for p in passages)
    nearest = max((s.cosine for p in passages for s in p.sentences), default=highest)
    total_weight = finder.total_weight(query)
    ahead = partial(_ahead, others=scales.next_clauses)
    return Signals(
        cosine=_share((nearest - scales.cosine_floor) / scales.cosine_span),
        lead=_share(ahead([p.dense for p in passages]) / scales.lead_span),
        words=_share(ahead([p.lexical for p in passages]) / total_weight / scales.words_span)
        if total_weight
        else 0.0,
        known=finder.known_share(query),
        unsatisfied=len(needed) / len(wants) if wants else 0.0,
        paper=finder.coverage(query, finder.paper_terms(best.document)),
        related=min(1.0, coverage / (scales.enough_named if named else scales.enough)),
        coverage=coverage,
    )


def _ahead(scores: Sequence[float], *, others: int) -> float:
    """Returns the highest score less the mean of the next `others`; 0 where it is the only one."""
    first, *following = sorted(scores, reverse=True)[: others + 1]
    return first - fmean(following) if following else 0.0


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
