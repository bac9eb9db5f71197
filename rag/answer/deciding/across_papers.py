"""Plans an answer from several papers: a comparison, or a list of those that provide something."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.content.comparison import papers_taking_part
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan, Quoted
from rag.answer.content.selection import left_out
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.from_clauses import quote
from rag.answer.deciding.outcome import outcome
from rag.answer.deciding.refusing import refuse
from rag.answer.wording.phrases import Phrases, phrases_for
from rag.answer.wording.surrounding_text import Frame
from rag.model import Reason, Refusal
from rag.question.intent import Breadth


def across_papers(findings: Findings, *, basis: Basis) -> Plan | Refusal:
    """Returns the plan of an answer that quotes every paper which takes part."""
    asked = findings.understanding
    found = papers_taking_part(findings, basis.ranking.papers)
    if not found.shown:
        return refuse(findings, Reason.NO_EVIDENCE, basis=basis)
    quoted = [quote(findings, passage, quoting=basis.ranking.quoting) for passage in found.shown]
    # Every paper that takes part is quoted at least once, whatever the limit of quotes.
    papers = len({passage.document.id for passage in found.shown})
    most = max(basis.quotes, papers)
    more, quoted = left_out(quoted, most=most), quoted[:most]
    which = asked.breadth is Breadth.WHICH
    return Plan(
        outcome=outcome(wrong=False, partial=bool(asked.scope.lacking or found.missing)),
        quoted=tuple(quoted),
        lead=_regions(phrases_for(asked.language), quoted, frame=basis.frame) if which else "",
        missing=tuple(basis.catalogue.documents(found.missing)),
        by_region=True,
        more=more,
        lacking=asked.scope.lacking,
    )


def _regions(phrases: Phrases, quoted: Sequence[Quoted], *, frame: Frame) -> str:
    regions = dict.fromkeys(q.document.head.region or frame.name(q.document) for q in quoted)
    return phrases.which.format(regions=phrases.joint.join(regions))
