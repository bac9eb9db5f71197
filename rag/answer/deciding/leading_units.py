"""Adds to a plan what shows that the unit named first leads, where the answer rests on that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from corpus.model import Document
from corpus.structure.leading_rule import leading_rule
from corpus.structure.units import Unit
from rag.answer.content.plan import Plan, Quoted, Token
from rag.question.intent import asks_who_leads
from rag.question.kinds import FactKind
from rag.question.understand import Understanding

_LEADS: Final = "牵头"


def with_leading_rule(plan: Plan, asked: Understanding) -> Plan:
    """Returns the plan with the rule quoted that makes the first unit the leading one.

    A paper says it once (位列第一的为牵头单位，下同); the list of units in the clause alone does not show it.
    """
    if not asks_who_leads(asked.own):
        return plan
    documents = {token.document.id: token.document for token in plan.asked.tokens if _rests_on_order(token)}
    quoted = plan.quoted
    for document in documents.values():
        rule = leading_rule(document)
        if rule is not None:
            quoted = _with(quoted, document, rule)
    return replace(plan, quoted=quoted)


def _rests_on_order(token: Token) -> bool:
    """Whether the words name a leading unit that only its place in the list makes one."""
    duty = token.clause.responsibility
    if token.asked is not FactKind.DEPARTMENT or duty is None or not duty.lead:
        return False
    return _LEADS not in duty.span.of(token.document.text)


def _with(quoted: Sequence[Quoted], document: Document, rule: Unit) -> tuple[Quoted, ...]:
    """Returns the quotes with the rule among them, after those of its paper or with those of its clause."""
    kept: list[Quoted] = []
    after = len(quoted)
    for place, one in enumerate(quoted):
        if one.clause.key == rule.clause.key:
            spans = tuple(sorted({*one.spans, rule.span}, key=lambda span: span.start))
            return (*kept, replace(one, spans=spans), *quoted[place + 1 :])
        kept.append(one)
        after = place + 1 if one.document.id == document.id else after
    return (*quoted[:after], Quoted(document, rule.clause, (rule.span,)), *quoted[after:])
