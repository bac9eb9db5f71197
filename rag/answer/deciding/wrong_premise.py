"""Tells whether the clauses found contradict what a question asserts."""

from __future__ import annotations

from corpus.model import Clause
from rag.answer.content.findings import Findings
from rag.answer.content.premise import charge_claims, claims, contradicted, speaks_of, wrong_charge
from rag.answer.content.selection import of_clause
from rag.evidence.differences import differences
from rag.evidence.sentences import Evidence
from rag.model import Passage
from rag.ranking import Deciding


def premise_passage(findings: Findings, best: Passage, *, deciding: Deciding) -> Passage:
    """Returns the passage that a premise is checked against.

    This is `best`, or another passage of the same paper, when a sentence of it states a figure of the
    claimed kind and covers more of the question.
    """
    claimed = claims(findings.understanding.text)
    if not claimed or findings.understanding.addressed:
        return best
    others = [
        passage
        for passage in findings.ranked[: deciding.hits]
        if passage.document.id == best.document.id and passage.score >= deciding.about_it * best.score
    ]
    candidates = [
        (found.coverage, passage)
        for passage in (best, *others)
        for found in of_clause(passage.clause, findings.evidence)[: deciding.compared]
        if any(speaks_of(claim, found.text) for claim in claimed)
    ]
    return max(candidates, key=lambda pair: pair[0], default=(0.0, best))[1]


def is_wrong(findings: Findings, best: Passage, checked: Passage, *, deciding: Deciding) -> bool:
    """Whether the question asserts a figure, or a body in charge, that the passages contradict.

    A figure must be contradicted by `best` and not supported by the checked passage.
    """
    near, other = (
        [found.text for found in of_clause(passage.clause, findings.evidence)[: deciding.compared]]
        for passage in (best, checked)
    )
    claimed = claims(findings.understanding.text)
    if any(contradicted(claim, near) and contradicted(claim, [*near, *other]) for claim in claimed):
        return True
    return _is_wrong_charge(findings, best.clause)


def _is_wrong_charge(findings: Findings, clause: Clause) -> bool:
    claimed = charge_claims(findings.understanding.text)
    duty = clause.responsibility
    return duty is not None and any(wrong_charge(claim, duty) for claim in claimed)


def is_confirmed(findings: Findings, contradicting: Evidence) -> bool:
    """Whether a sentence of the clause that is no further from the question states just its figures."""
    for one in findings.evidence.of(contradicting.unit.clause):
        figures = differences(findings.understanding.words, one.text)
        if one.score >= contradicting.score and figures.same > 0 and figures.other == 0:
            return True
    return False
