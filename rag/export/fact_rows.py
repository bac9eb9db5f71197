"""Rows of support facts: every field in the words of the paper, with offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from corpus.facts.in_force import FactInForce, FactsInForce
from corpus.facts.model import Amount, Fact, Rate, Reduction, Target, TimeLimit
from corpus.model import Document, Span
from rag.export.paper_rows import ExportedPaper, Row, words

_PLACES = Decimal("1e-9")  # of a decimal column


def fact_rows(paper: ExportedPaper, facts: FactsInForce) -> Iterator[Row]:
    """The rows of a paper's facts, in reading order."""
    return (_row(paper, facts, one) for one in facts.facts)


def _row(paper: ExportedPaper, facts: FactsInForce, one: FactInForce) -> Row:
    document, own, fact = paper.document, paper.head, one.fact
    return {
        "document_id": document.id,
        "fact_id": fact.id,
        "clause_id": fact.clause_id,
        "clause_label": facts.labels[fact.clause_id],
        "doc_number": own.doc_number,
        "title": own.title,
        "region": own.region,
        "status": paper.status.value,
        "kind": fact.kind.value,
        "quote": words(document, fact.quote),
        "strength": fact.strength.value,
        "is_whole": fact.is_whole,
        "corrected": bool(one.corrections),
        "content_sha256": own.content_sha256,
        **_given(document, fact),
        **_fixed(document, fact),
    }


def _given(document: Document, fact: Fact) -> Row:
    """What is given to whom, on what condition, by whom."""
    charge = fact.departments
    return {
        "strength_words": words(document, fact.strength_span),
        "form": words(document, fact.form),
        "beneficiaries": _all(document, fact.beneficiaries),
        "conditions": _all(document, fact.conditions),
        "thresholds": [
            _figure(document, one.span, one.value, one.unit, one.comparison) for one in fact.thresholds
        ],
        "amounts": [_amount(document, one) for one in fact.amounts],
        "amount_reference": words(document, fact.amount_reference),
        "rate": _rate(document, fact.rate),
        "frequency": [
            {**_required(document, one.span), "kind": one.kind.value, "count": one.count}
            for one in fact.frequency
        ],
        "source": words(document, fact.source),
        "departments": _all(document, charge.units if charge is not None else ()),
        "lead_departments": _all(document, charge.lead if charge is not None else ()),
        "place": words(document, fact.region),
        "refers_to": _all(document, fact.refers_to),
    }


def _fixed(document: Document, fact: Fact) -> Row:
    """Time limits, duties, targets and rules."""
    limit, target, rule = fact.limit, fact.target, fact.rule
    return {
        "limit_what": words(document, limit.what if limit is not None else None),
        "limit": _limit(document, limit),
        "reduction": _reduction(document, fact.reduction),
        "must_act": words(document, fact.must_act),
        "target_indicator": words(document, target.indicator if target is not None else None),
        "target": _target(document, target),
        "target_deadline": words(document, target.deadline if target is not None else None),
        "rule": rule.kind.value if rule is not None else None,
        "rule_words": words(document, rule.span if rule is not None else None),
    }


def _required(document: Document, span: Span) -> Row:
    return {"text": span.of(document.text), "start": span.start, "end": span.end}


def _all(document: Document, spans: Iterable[Span]) -> list[Row]:
    return [_required(document, span) for span in spans]


def _figure(document: Document, span: Span, value: Decimal, unit: str, bound: str) -> Row:
    return {**_required(document, span), "value": _number(value), "unit": unit, "bound": bound}


def _number(value: Decimal | None) -> Any:
    return None if value is None else value.quantize(_PLACES)


def _amount(document: Document, one: Amount) -> Row:
    return {
        **_figure(document, one.span, one.value, one.unit, one.bound.value),
        "upper": _number(one.upper),
        "role": one.role.value,
        "bound_words": words(document, one.bound_span),
        "per": words(document, one.per),
    }


def _rate(document: Document, rate: Rate | None) -> Row | None:
    if rate is None:
        return None
    return {
        **_required(document, rate.span),
        "value": _number(rate.value),
        "bound": rate.bound.value,
        "upper": _number(rate.upper),
        "base": words(document, rate.base),
    }


def _limit(document: Document, limit: TimeLimit | None) -> Row | None:
    if limit is None or limit.period is None:
        return None
    period = limit.period
    return _figure(document, period.span, period.value, period.unit, limit.bound.value)


def _reduction(document: Document, cut: Reduction | None) -> Row | None:
    return None if cut is None else _figure(document, cut.span, cut.value, cut.unit, "")


def _target(document: Document, target: Target | None) -> Row | None:
    if target is None:
        return None
    return _figure(document, target.span, target.value, target.unit, target.bound.value)
