"""Makes refusals: their reason, what they offer instead, and the day they are about."""

from __future__ import annotations

from dataclasses import replace

from corpus.model import Kind
from rag.answer.content.findings import Findings
from rag.answer.content.selection import whole
from rag.answer.content.unread_attachments import unread_of
from rag.answer.deciding.basis import Basis
from rag.answer.wording.day_phrases import day_line, unanswerable
from rag.answer.wording.phrases import phrases_for
from rag.answer.wording.surrounding_text import named
from rag.model import Reason, Refusal
from rag.question.understand import Understanding

# Reasons of a refusal that depend on the day asked about.
_ABOUT_PAPERS = (Reason.NO_EVIDENCE, Reason.UNCOVERED_REGION, Reason.UNKNOWN_DOCUMENT)


def refuse(
    findings: Findings, reason: Reason, *, basis: Basis, what: str = "", lead: str = "", offers: bool = True
) -> Refusal:
    """Returns a refusal; without `offers` it names no clauses that are nearest to the question."""
    asked, catalogue = findings.understanding, basis.catalogue
    passages = findings.ranked[: basis.ranking.deciding.hits]
    offered = (
        [p for p in passages if p.clause.kind is not Kind.HEAD]
        if reason is Reason.NO_EVIDENCE and offers
        else []
    )
    refusal = basis.frame.refusal(
        reason,
        language=asked.language,
        passages=passages,
        nearest=[whole(p.document, p.clause) for p in offered[: basis.nearest]],
        confidence=findings.confidence,
        rewritten=asked.sentence if asked.rewritten else "",
        regions=catalogue.regions,
        what=what,
        lead=lead,
        damaged=[head.source_name for head in catalogue.damaged.values()],
    )
    if asked.as_of is None or reason not in _ABOUT_PAPERS or no_such_day(asked, basis=basis):
        return refusal
    about_day = day_line(asked.as_of, today=basis.today, language=asked.language)
    return replace(refusal, text=f"{about_day}\n{refusal.text}")


def no_such_day(asked: Understanding, *, basis: Basis) -> str:
    """Returns why there is no answer for the day asked about, whatever the papers say; else nothing."""
    if asked.as_of is None:
        return ""
    return unanswerable(asked.as_of, today=basis.today, language=asked.language)


def naming_unread(refusal: Refusal, findings: Findings) -> Refusal:
    """Returns the refusal with the attachments that may answer, and that the paper only names."""
    if refusal.reason is not Reason.NO_EVIDENCE:
        return refusal
    phrases = phrases_for(findings.understanding.language)
    unread = unread_of(findings.ranked, findings.evidence)
    lines = [phrases.unread.format(attachment=named(attachment)) for attachment in unread]
    return replace(refusal, text="\n".join([refusal.text, *lines]))
