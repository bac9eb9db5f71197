"""Says where the answer would be in an attachment that the paper names and does not contain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Document
from corpus.structure.unread_attachments import (
    UnreadAttachment,
    names_only,
    references_to,
    referred,
    unread_attachments,
)
from rag.answer.content.plan import Plan, Quoted
from rag.answer.content.selection import of_clause
from rag.evidence.sentences import EvidenceList
from rag.model import Outcome, Passage


def with_unread(plan: Plan, evidence: EvidenceList) -> Plan:
    """Returns the plan with the unread attachments that its best sentence refers to.

    A list of attachments, or the name of one, answers nothing: what the paper says of it is quoted instead.
    """
    if plan.sure or plan.outcome not in (Outcome.ANSWERED, Outcome.PARTIAL) or not plan.quoted:
        return plan
    first = plan.quoted[0]
    found = _asked_for(first, evidence)
    if not found:
        return plan
    quoted = plan.quoted
    others = [one for one in quoted if not names_only(one.document, one.clause)]
    if names_only(first.document, first.clause):
        others = [*_saying(first.document, found), *others][: len(quoted)]
    quoted = tuple(others) or quoted
    return replace(
        plan,
        outcome=Outcome.PARTIAL,
        quoted=quoted,
        lead="",
        unread=tuple((first.document, one) for one in found),
    )


def unread_of(passages: Sequence[Passage], evidence: EvidenceList) -> tuple[UnreadAttachment, ...]:
    """Returns the unread attachments that the best sentence of the best passage refers to."""
    if not passages:
        return ()
    best = passages[0]
    return _asked_for(Quoted(best.document, best.clause, (best.clause.span,)), evidence)


def _asked_for(quoted: Quoted, evidence: EvidenceList) -> tuple[UnreadAttachment, ...]:
    own, document = of_clause(quoted.clause, evidence), quoted.document
    spans = [span.of(document.text) for span in quoted.spans]
    best = own[0].text if own else " ".join(spans)
    if names_only(document, quoted.clause):
        letters = _letters(best)
        unread = unread_attachments(document)
        named = tuple(one for one in unread if one.name and _letters(one.name) in letters)
        return named or referred(document, best)
    found = referred(document, best)
    # A quote that is nothing but the reference answers no more than that.
    return found or (referred(document, spans[0]) if len(spans) == 1 and len(own) > 1 else ())


def _saying(document: Document, attachments: Sequence[UnreadAttachment]) -> list[Quoted]:
    """Returns the first sentence that refers to each of the attachments."""
    found: dict[str, Quoted] = {}
    for attachment in attachments:
        for clause, span in references_to(document, attachment):
            known = found.get(clause.id, Quoted(document, clause, ()))
            if span not in known.spans:
                spans = sorted((*known.spans, span), key=lambda span: span.start)
                found[clause.id] = replace(known, spans=tuple(spans))
            break
    return list(found.values())


def _letters(words: str) -> str:
    return "".join(re.findall(r"\w", words))
