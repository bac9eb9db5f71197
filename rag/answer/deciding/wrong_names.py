"""Corrects a plan where the question names a repealed paper, or a number that no paper has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan, Quoted
from rag.answer.content.premise import asserts_in_force
from rag.answer.content.refusal import unasked
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.papers_meant import papers_meant
from rag.answer.deciding.refusing import no_such_day
from rag.answer.metadata.ended_papers import repeals_of_named
from rag.answer.metadata.mistaken_number import mistaken_number, unknown_numbers
from rag.answer.wording.phrases import phrases_for
from rag.model import Language, Outcome, Refusal
from rag.question.metadata_fields import MetadataField


def corrected_by_names(plan: Plan | Refusal, findings: Findings, *, basis: Basis) -> Plan | Refusal:
    """Returns the plan, corrected where the question names a repealed paper or a number that none has."""
    asked = findings.understanding
    excluded = asked.scope.excluded or asked.scope.issued_later
    if unasked(asked.act) is not None or excluded or no_such_day(asked, basis=basis):
        return plan
    if MetadataField.REPEALS not in asked.fields:
        repeals = [q for q in repeals_of_named(asked.text, basis.catalogue) if asked.admits(q.document.id)]
        if repeals and not (isinstance(plan, Plan) and asked.scope.by_number):
            return _with_repeals(plan, repeals, findings, quotes=basis.quotes)
    if not asked.scope.named:
        return plan
    numbers = unknown_numbers(asked.text, basis.catalogue)
    meant = mistaken_number(numbers, papers_meant(findings, basis=basis)) if numbers else None
    return plan if meant is None else _with_number(plan, meant, asked.language, quotes=basis.quotes)


def _with_repeals(
    plan: Plan | Refusal, repeals: Sequence[Quoted], findings: Findings, *, quotes: int
) -> Plan:
    """Returns the plan with the clauses first that repeal the paper which the question names."""
    asked = findings.understanding
    others = () if isinstance(plan, Refusal) or asked.fields else plan.quoted
    repealing = [quoted.clause for quoted in repeals]
    quoted = (*repeals, *(other for other in others if other.clause not in repealing))
    asks = MetadataField.STATUS in asked.fields and not asserts_in_force(asked.text)
    return Plan(
        outcome=Outcome.ANSWERED if asks else Outcome.CORRECTED,
        quoted=quoted[:quotes],
        lead=phrases_for(asked.language).repealed,
        sure=True,
    )


def _with_number(plan: Plan | Refusal, meant: Quoted, language: Language, *, quotes: int) -> Plan:
    """Returns the plan with a correction of the document number that the question names."""
    others = () if isinstance(plan, Refusal) else plan.quoted
    quoted = (meant, *(other for other in others if other.clause != meant.clause))[:quotes]
    lead = phrases_for(language).other_number
    if isinstance(plan, Refusal):
        return Plan(outcome=Outcome.CORRECTED, quoted=quoted, lead=lead)
    return replace(plan, outcome=Outcome.CORRECTED, quoted=quoted, lead=lead)
