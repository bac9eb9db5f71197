"""Plans an answer to a question after the metadata of papers, such as their number or validity."""

from __future__ import annotations

from corpus.model import Document, Status
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan
from rag.answer.content.premise import asserts_in_force
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.outcome import outcome
from rag.answer.deciding.papers_meant import fits_all, papers_meant
from rag.answer.deciding.refusing import refuse
from rag.answer.metadata.answer import PaperFacts
from rag.answer.wording.phrases import phrases_for
from rag.language.citation_names import source_name
from rag.model import Reason, Refusal
from rag.question.metadata_fields import MetadataField

_ENDED = (Status.REPEALED, Status.EXPIRED, Status.SUPERSEDED)


def from_metadata(findings: Findings, facts: PaperFacts, *, basis: Basis) -> Plan | Refusal:
    """Returns the plan of an answer that quotes `facts`, or a refusal that names what is not stated."""
    phrases = phrases_for(findings.understanding.language)
    if not facts.quoted:
        # A refusal has no sources, so it names the papers in full.
        gaps = [
            phrases.unstated.format(source=source_name(document), field=phrases.fields[field])
            for document, field in facts.gaps
        ]
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis, lead="\n".join(gaps))
    wrong = facts.contradicted or _is_wrong_status(findings, basis=basis)
    # Of a question that names no paper, those that state nothing are not what was asked about.
    unstated = () if fits_all(findings.understanding) else facts.gaps
    return Plan(
        outcome=outcome(wrong=wrong, partial=bool(unstated)),
        quoted=facts.quoted,
        lead=phrases.corrected if wrong else "",
        unstated=unstated,
        in_force=_in_force(findings, basis=basis),
        sure=True,
    )


def _is_wrong_status(findings: Findings, *, basis: Basis) -> bool:
    """Whether the question asserts that a paper is in force which has ended."""
    if not asserts_in_force(findings.understanding.text):
        return False
    return any(basis.frame.status(document) in _ENDED for document in papers_meant(findings, basis=basis))


def _in_force(findings: Findings, *, basis: Basis) -> tuple[Document, ...]:
    """Returns the papers in force, for a question that asks about their status."""
    if MetadataField.STATUS not in findings.understanding.fields:
        return ()
    meant = papers_meant(findings, basis=basis)
    return tuple(d for d in meant if basis.frame.status(d) is Status.IN_FORCE)
