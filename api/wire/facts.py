"""Converts support facts to wire models, for the HTTP service and for `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from api.errors import RequestFault
from api.pages.links import facts_link, quote_link
from api.wire import fact_schemas as wire
from api.wire.changes import fact_correction
from corpus.facts.in_force import FactCorrection, FactsInForce
from corpus.facts.model import Amount, Fact, Period
from corpus.model import Span
from rag.facts.beside import rules_beside
from rag.facts.coverage import Coverage, unread
from rag.facts.found import FactPaper, FoundFact


def listed(found: Sequence[FoundFact], *, after: str, limit: int, as_of: date) -> wire.FactList:
    """The body of `GET /v1/facts`: up to `limit` facts, those after the one with the key `after`.

    Raises RequestFault for an `after` that is not in the list.
    """
    start = _start(found, after)
    page = found[start : start + limit]
    papers = {one.head.id: one.paper for one in page}
    return wire.FactList(
        facts=[fact_on_wire(one) for one in page],
        papers=[paper_on_wire(paper) for paper in papers.values()],
        total=len(found),
        as_of=as_of,
        next=page[-1].key if start + limit < len(found) else None,
    )


def _start(found: Sequence[FoundFact], after: str) -> int:
    """The place of the first fact after `after`. Raises RequestFault where that is none of the list."""
    if not after:
        return 0
    for place, one in enumerate(found):
        if one.key == after:
            return place + 1
    raise RequestFault(
        f"no fact of this list is {after!r}: the papers or the filters have changed. Begin without `after`",
        field="after",
    )


def paper_on_wire(paper: FactPaper) -> wire.FactPaper:
    """A paper with the rules over its facts."""
    head = paper.head
    return wire.FactPaper(
        document_id=head.id,
        title=head.title,
        doc_number=head.doc_number,
        issuer=head.issuer,
        region=head.region,
        date_issued=head.date_issued,
        status=paper.status.value,
        valid_since=head.valid_since,
        valid_until=paper.catalogue.acts.last_day(head.id),
        permalink=facts_link(head.id),
        coverage=coverage_on_wire(paper),
        rules=[fact_on_wire(one) for one in rules_beside(paper)],
    )


def coverage_on_wire(paper: FactPaper) -> wire.FactCoverage:
    """How much of a paper became facts."""
    found = Coverage.of(paper)
    return wire.FactCoverage(sentences=found.sentences, with_facts=found.with_facts)


def coverage_of(paper: FactPaper) -> wire.PaperCoverage:
    """The coverage of a paper with the sentences that no fact was read from. Raises as `unread` does."""
    return wire.PaperCoverage(
        document_id=paper.head.id,
        title=paper.head.title,
        doc_number=paper.head.doc_number,
        facts=len(paper.facts.facts),
        coverage=coverage_on_wire(paper),
        unread=[
            wire.UnreadSentence(
                clause_id=one.clause_id,
                label=one.label,
                span=wire.FactSpan(text=one.words, start=one.span.start, end=one.span.end),
            )
            for one in unread(paper)
        ],
        unproved=list(paper.facts.unproved),
    )


def corrections_of(
    document_id: str, made: Iterable[FactCorrection], facts: FactsInForce
) -> wire.FactCorrectionList:
    """The corrections in force of a paper's facts; `facts` contain those that found their fact."""
    lost = {one.number for one in facts.detached}
    return wire.FactCorrectionList(
        document_id=document_id,
        corrections=[fact_correction(one, is_attached=one.number not in lost) for one in made],
    )


def fact_on_wire(found: FoundFact) -> wire.SupportFact:
    """A fact with all its words."""
    fact, of = found.fact, _Words(found)
    return wire.SupportFact(
        id=fact.id,
        document_id=found.head.id,
        clause_id=fact.clause_id,
        label=found.clause_label,
        permalink=quote_link(found.head.id, fact.clause_id, fact.quote, words=found.quote),
        kind=fact.kind,
        quote=of.span(fact.quote),
        strength=wire.FactStrength(value=fact.strength, span=of.maybe(fact.strength_span)),
        form=of.maybe(fact.form),
        beneficiaries=of.spans(fact.beneficiaries),
        conditions=of.spans(fact.conditions),
        thresholds=[
            wire.FactThreshold(
                span=of.span(one.span), value=float(one.value), unit=one.unit, comparison=one.comparison
            )
            for one in fact.thresholds
        ],
        amounts=[of.amount(one) for one in fact.amounts],
        amount_unstated=fact.is_paid_without_sum,
        amount_reference=of.maybe(fact.amount_reference),
        rate=of.rate(fact),
        frequency=[
            wire.FactFrequency(span=of.span(one.span), kind=one.kind, count=one.count)
            for one in fact.frequency
        ],
        source=of.maybe(fact.source),
        source_condition=of.maybe(fact.source_condition),
        departments=of.departments(fact),
        limit=of.limit(fact),
        reduction=of.reduction(fact),
        must_act=of.maybe(fact.must_act),
        region=of.maybe(fact.region),
        target=of.target(fact),
        rule=of.rule(fact),
        refers_to=of.spans(fact.refers_to),
        is_whole=fact.is_whole,
        corrections=[
            wire.FactCorrected(field=one.field, reason=one.reason, at=one.at) for one in found.corrections
        ],
    )


class _Words:
    """The parts of one fact with their words."""

    def __init__(self, found: FoundFact) -> None:
        self._found = found

    def span(self, span: Span) -> wire.FactSpan:
        return wire.FactSpan(text=self._found.words(span), start=span.start, end=span.end)

    def maybe(self, span: Span | None) -> wire.FactSpan | None:
        return None if span is None else self.span(span)

    def spans(self, spans: Iterable[Span]) -> list[wire.FactSpan]:
        return [self.span(span) for span in spans]

    def amount(self, amount: Amount) -> wire.FactAmount:
        return wire.FactAmount(
            span=self.span(amount.span),
            value=float(amount.value),
            upper=_number(amount.upper),
            unit=amount.unit,
            bound=amount.bound,
            bound_span=self.maybe(amount.bound_span),
            role=amount.role,
            per=self.maybe(amount.per),
        )

    def rate(self, fact: Fact) -> wire.FactRate | None:
        rate = fact.rate
        if rate is None:
            return None
        return wire.FactRate(
            span=self.span(rate.span),
            value=_number(rate.value),
            upper=_number(rate.upper),
            bound=rate.bound,
            bound_span=self.maybe(rate.bound_span),
            base=self.maybe(rate.base),
        )

    def departments(self, fact: Fact) -> wire.FactDepartments | None:
        found = fact.departments
        if found is None:
            return None
        return wire.FactDepartments(
            span=self.span(found.span), units=self.spans(found.units), lead=self.spans(found.lead)
        )

    def period(self, period: Period | None) -> wire.FactPeriod | None:
        if period is None:
            return None
        return wire.FactPeriod(span=self.span(period.span), value=float(period.value), unit=period.unit)

    def limit(self, fact: Fact) -> wire.FactTimeLimit | None:
        limit = fact.limit
        if limit is None:
            return None
        return wire.FactTimeLimit(
            what=self.maybe(limit.what),
            period=self.period(limit.period),
            bound=limit.bound,
            bound_span=self.maybe(limit.bound_span),
            before=self.period(limit.before),
            start=self.maybe(limit.start),
        )

    def reduction(self, fact: Fact) -> wire.FactReduction | None:
        cut = fact.reduction
        if cut is None:
            return None
        return wire.FactReduction(
            span=self.span(cut.span),
            value=float(cut.value),
            unit=cut.unit,
            relative_to=self.maybe(cut.relative_to),
            bound_span=self.maybe(cut.bound_span),
        )

    def target(self, fact: Fact) -> wire.FactTarget | None:
        target = fact.target
        if target is None:
            return None
        return wire.FactTarget(
            indicator=self.span(target.indicator),
            span=self.span(target.span),
            value=float(target.value),
            upper=_number(target.upper),
            unit=target.unit,
            bound=target.bound,
            bound_span=self.maybe(target.bound_span),
            kind=target.kind,
            deadline=self.maybe(target.deadline),
            year=target.year,
        )

    def rule(self, fact: Fact) -> wire.FactRule | None:
        rule = fact.rule
        if rule is None:
            return None
        return wire.FactRule(kind=rule.kind, span=self.maybe(rule.span), since=rule.since, until=rule.until)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
