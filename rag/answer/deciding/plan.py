"""Decides the reply from clauses and metadata: which refusal, or which quotes with which leading phrase."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.content.asked import asked_in
from rag.answer.content.findings import Findings
from rag.answer.content.plan import AskedWords, Plan
from rag.answer.content.refusal import out_of_reach, unasked, weak
from rag.answer.content.unread_attachments import with_unread
from rag.answer.deciding.across_papers import across_papers
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.ends import with_ends
from rag.answer.deciding.from_clauses import from_clauses
from rag.answer.deciding.from_metadata import from_metadata
from rag.answer.deciding.leading_units import with_leading_rule
from rag.answer.deciding.papers_meant import fits_too_many, papers_meant
from rag.answer.deciding.refusing import naming_unread, no_such_day, refuse
from rag.answer.deciding.wrong_names import corrected_by_names
from rag.answer.metadata.answer import facts_about
from rag.answer.metadata.asked import asked_of_metadata
from rag.answer.wording.day_phrases import day_phrases_for
from rag.answer.wording.phrases import phrases_for
from rag.evidence.judgement import BEGINS_WITH, Finding
from rag.model import Reason, Refusal
from rag.question.understand import Understanding


def plan_for(findings: Findings, *, basis: Basis) -> Plan | Refusal:
    """Returns what the reply to one question, or to one part of it, says."""
    plan = corrected_by_names(_found(findings, basis=basis), findings, basis=basis)
    if isinstance(plan, Refusal):
        return naming_unread(plan, findings)
    plan = with_unread(plan, findings.evidence)
    plan = with_leading_rule(replace(plan, asked=_asked_words(plan, findings)), findings.understanding)
    return with_ends(plan, findings.understanding, basis=basis)


def finds_nothing(findings: Findings, *, basis: Basis) -> bool:
    """Whether the reply would be that no clause answers, although the question is about stored papers."""
    if unasked(findings.understanding.act) is not None or out_of_reach(findings) is not None:
        return False
    return _weak(findings, basis=basis) is not None


def _weak(findings: Findings, *, basis: Basis) -> Reason | None:
    return weak(findings, threshold=basis.threshold, related=basis.ranking.deciding.related)


def _found(findings: Findings, *, basis: Basis) -> Plan | Refusal:
    asked = findings.understanding
    refusal = _without_search(findings, basis=basis)
    if refusal is not None:
        return refusal
    facts = facts_about(papers_meant(findings, basis=basis), asked.fields, asked.text)
    if asked.fields and (asked.only_fields or facts.contradicted):
        return from_metadata(findings, facts, basis=basis)
    if (reason := _weak(findings, basis=basis)) is not None:
        lead = phrases_for(asked.language).no_article if asked.missing_address else ""
        return refuse(findings, reason, basis=basis, lead=lead)
    if asked.spans_papers:
        return across_papers(findings, basis=basis)
    judged = findings.judgement
    if judged is not None and judged.finding is Finding.OTHER:
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis)
    return from_clauses(findings, facts, basis=basis)


def _without_search(findings: Findings, *, basis: Basis) -> Refusal | None:
    """Returns the refusal that follows from the question, whatever the clauses say; None if none does."""
    asked = findings.understanding
    if (reason := unasked(asked.act)) is not None:
        return refuse(findings, reason, basis=basis)
    if lead := no_such_day(asked, basis=basis):
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis, lead=lead, offers=False)
    if (found := out_of_reach(findings)) is not None:
        return refuse(findings, found[0], basis=basis, what=found[1])
    if asked.scope.issued_later:
        lead = day_phrases_for(asked.language).too_early
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis, lead=lead, offers=False)
    return _unclear_papers(asked, findings, basis=basis)


def _unclear_papers(asked: Understanding, findings: Findings, *, basis: Basis) -> Refusal | None:
    """Returns a refusal where the papers asked about are excluded by the request, or too many."""
    phrases = phrases_for(asked.language)
    if asked.scope.excluded:
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis, lead=phrases.excluded)
    if fits_too_many(asked, basis=basis):
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis, lead=phrases.which_paper, offers=False)
    return None


def _asked_words(plan: Plan, findings: Findings) -> AskedWords:
    """Returns the words of the quotes that state what was asked; none after a leading phrase."""
    asked = findings.understanding
    if plan.lead:
        return AskedWords()
    if plan.sure:
        return asked_of_metadata(plan.quoted, asked.fields, question=asked.own)
    found = asked_in(
        plan.quoted, findings.evidence, asked.wants, question=asked.own, confidence=findings.confidence
    )
    return found if _reads_as_answered(findings) else replace(found, first=())


def _reads_as_answered(findings: Findings) -> bool:
    """Whether what was read is likely enough to answer for the reply to begin with a figure."""
    judged = findings.judgement
    each = [one for one in findings.judgements.values() if one.finding is not Finding.OTHER]
    return (judged is None or judged.shares[Finding.ANSWERED] >= BEGINS_WITH) and all(
        one.shares[Finding.ANSWERED] >= BEGINS_WITH for one in each
    )
