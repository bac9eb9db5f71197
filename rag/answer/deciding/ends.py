"""Adds to a plan what shows that a quoted paper is no longer in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Status
from rag.answer.content.plan import Plan, Quoted
from rag.answer.deciding.basis import Basis
from rag.answer.metadata.ended_papers import end_of
from rag.question.intent import Want
from rag.question.understand import Understanding


def with_ends(plan: Plan, asked: Understanding, *, basis: Basis) -> Plan:
    """Returns the plan with what shows that a quoted paper out of force has ended."""
    # A question after the term of a permit would get two.
    terms = Want.PERIOD in asked.wants and not plan.sure
    documents = {quoted.document.id: quoted.document for quoted in plan.quoted}
    found = (
        end_of(document, basis.catalogue)
        for document in documents.values()
        if not (terms and basis.frame.status(document) is Status.EXPIRED)
    )
    ends = [
        end
        for end in found
        if end is not None and asked.admits(end.document.id) and not _is_quoted(end, plan.quoted)
    ]
    if not ends:
        return plan
    kept = [*plan.quoted[: max(1, basis.quotes - len(ends))], *ends]
    order = {document_id: i for i, document_id in enumerate(documents)}
    kept.sort(key=lambda quoted: order.get(quoted.document.id, len(order)))
    return replace(plan, quoted=tuple(kept))


def _is_quoted(one: Quoted, quoted: Sequence[Quoted]) -> bool:
    """Whether the words of `one` are among those quoted."""
    own = one.spans[0]
    return any(
        other.clause.key == one.clause.key
        and any(span.start <= own.start and own.end <= span.end for span in other.spans)
        for other in quoted
    )
