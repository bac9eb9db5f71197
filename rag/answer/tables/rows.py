"""Puts facts into rows, and their quotes into the plan of an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from corpus.model import Status
from rag.answer.content.completion import completed
from rag.answer.content.plan import Plan, Quoted
from rag.answer.tables.cells import row_of
from rag.answer.tables.columns import asked_for, columns_for, filled
from rag.answer.wording.phrases import phrases_for
from rag.facts.found import FoundFact
from rag.model import FactColumn, FactRow, FactTable, Outcome
from rag.question.intent import Breadth
from rag.question.understand import Understanding

_MOST_ROWS = 100  # each is quoted, so that the text has up to 15,000 characters


def plan_of(asked: Understanding, facts: Iterable[FoundFact], *, without: Sequence[str]) -> Plan:
    """Returns the plan of an answer with a row for each fact; `without` are the places that have none."""
    # In force before drafts and expired papers; within these by paper and place.
    found = sorted(_distinct(facts), key=lambda one: one.status is not Status.IN_FORCE)
    columns = columns_for((one.fact.kind for one in found), asked.wants)
    rows = [row_of(one, columns) for one in found[:_MOST_ROWS]]
    more = len(found) - len(rows)
    return Plan(
        outcome=Outcome.PARTIAL if asked.scope.lacking else Outcome.ANSWERED,
        quoted=tuple(_quoted(rows, beside=asked_for(asked.wants))),
        lead=_lead(asked, found),
        by_region=True,
        lacking=asked.scope.lacking,
        more=more,
        table=FactTable(filled(columns, rows), tuple(rows), without=tuple(without), more=more),
    )


def _distinct(facts: Iterable[FoundFact]) -> Collection[FoundFact]:
    """Returns the facts without those that say the same of the same words: a loan and its guarantee."""
    found: dict[object, FoundFact] = {}
    for one in facts:
        fact = one.fact
        target = fact.target.span if fact.target is not None else None
        parts = (fact.quote, fact.beneficiaries, fact.amounts, fact.rate, fact.limit, fact.reduction)
        found.setdefault((one.head.id, parts, fact.conditions, fact.region, target, fact.rule), one)
    return found.values()


def _lead(asked: Understanding, found: Sequence[FoundFact]) -> str:
    """Returns the line before the rows, which says where a question asks for places that have them."""
    phrases = phrases_for(asked.language)
    if asked.breadth is Breadth.WHICH:
        places = dict.fromkeys(one.head.region or one.head.title for one in found)
        return phrases.which.format(regions=phrases.joint.join(places))
    return phrases.listed if len(found) > 1 else ""


def _quoted(rows: Sequence[FactRow], *, beside: Sequence[FactColumn]) -> list[Quoted]:
    """Returns the quotes of the rows by clause, with the cells of the columns `beside`."""
    clauses: dict[str, list[FactRow]] = {}
    for row in rows:
        clauses.setdefault(row.quote.clause.key, []).append(row)
    return [_of_clause(own, beside) for own in clauses.values()]


def _of_clause(rows: Sequence[FactRow], beside: Sequence[FactColumn]) -> Quoted:
    first = rows[0].quote
    spans = [row.quote.span for row in rows]
    for cell in (cell for row in rows for cell in row.cells if cell.column in beside):
        own = (c.span for value in cell.values for c in value if c.clause.key == first.clause.key)
        spans += own
    return Quoted(first.document, first.clause, completed(first.document, first.clause, spans))
