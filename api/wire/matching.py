"""Converts profiles and matches between wire models and those of rag."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain, islice
from typing import Literal

from api.pages.links import facts_link, paper_link, quote_link
from api.wire import match_schemas as wire
from api.wire.facts import fact_on_wire
from rag.facts.found import FactPaper
from rag.matching.matcher import Matcher
from rag.matching.model import (
    Applies,
    Calculation,
    DoesNotApply,
    DraftOutlook,
    Match,
    Matches,
    PaperRule,
    Quoted,
    Term,
    ToConfirm,
)
from rag.matching.profile import Event, Profile

_MYRIAD = Decimal(10_000)


def matched(request: wire.MatchRequest, matcher: Matcher) -> wire.MatchResponse:
    """The reply to a request. Raises UnknownDocument and DamagedDocument."""
    matches = matcher.match(profile_of(request), as_of=request.as_of)
    return on_wire(matches, limit=request.limit, with_others=request.with_others)


def profile_of(request: wire.MatchRequest) -> Profile:
    """The profile of a request. What is empty is not known."""
    return Profile(
        place=request.place,
        type=request.type,
        industry=request.industry,
        product=request.product,
        stage=request.stage,
        events=tuple(Event(one.what, one.on) for one in request.events) or None,
        size=request.size,
        revenue=request.revenue,
        investment=request.investment,
        titles=tuple(request.titles) or None,
        sentence=request.sentence or None,
    )


def on_wire(matches: Matches, *, limit: int, with_others: bool) -> wire.MatchResponse:
    """The matches, up to `limit` of each group; those that do not apply only if wanted."""
    others = list(islice(matches.does_not_apply(), limit)) if with_others else []
    applies, to_confirm = matches.applies[:limit], matches.to_confirm[:limit]
    papers = {one.found.head.id: one for one in chain(applies, to_confirm, others)}
    return wire.MatchResponse(
        as_of=matches.as_of,
        applies=[_fact(one) for one in applies],
        to_confirm=[_fact(one) for one in to_confirm],
        does_not_apply=[_fact(one) for one in others],
        totals=wire.MatchTotals(
            applies=len(matches.applies),
            to_confirm=len(matches.to_confirm),
            does_not_apply=matches.others_total,
        ),
        papers=[_paper(one.found.paper, one.rules) for one in papers.values()],
        drafts=[_draft(one) for one in matches.drafts],
        not_understood=[
            wire.MatchNotUnderstood(aspect=one.aspect, text=one.words) for one in matches.not_understood
        ],
        note=wire.NOTE,
    )


def _draft(one: DraftOutlook) -> wire.MatchDraft:
    head = one.paper.head
    return wire.MatchDraft(
        document_id=head.id,
        title=head.title,
        doc_number=head.doc_number,
        permalink=facts_link(head.id),
        applies=one.applies,
        to_confirm=one.to_confirm,
    )


def _fact(one: Match) -> wire.MatchedFact:
    verdict = one.verdict
    open_ones = verdict.otherwise if isinstance(verdict, DoesNotApply) else verdict
    return wire.MatchedFact(
        fact=fact_on_wire(one.found),
        quotes=_proofs(open_ones.quotes) if open_ones is not None else [],
        understood=[
            wire.MatchUnderstood(quote=proof(one.quote), said=one.said)
            for one in (open_ones.understood if open_ones is not None else ())
        ],
        questions=_questions(open_ones),
        reasons=_reasons(verdict),
        otherwise=_otherwise(verdict),
        calculation=_calculation(one.calculation) if one.calculation is not None else None,
    )


def _questions(verdict: Applies | ToConfirm | None) -> list[wire.MatchQuestion]:
    if not isinstance(verdict, ToConfirm):
        return []
    return [
        wire.MatchQuestion(why=one.why, question=one.text, quote=proof(one.quote), aspect=one.aspect)
        for one in verdict.questions
    ]


def _reasons(verdict: Applies | ToConfirm | DoesNotApply) -> list[wire.MatchReason]:
    if not isinstance(verdict, DoesNotApply):
        return []
    return [wire.MatchReason(why=one.why, quote=proof(one.quote)) for one in verdict.reasons]


def _otherwise(verdict: Applies | ToConfirm | DoesNotApply) -> Literal["applies", "to_confirm"] | None:
    match verdict:
        case DoesNotApply(otherwise=Applies()):
            return "applies"
        case DoesNotApply(otherwise=ToConfirm()):
            return "to_confirm"
    return None


def _proofs(quotes: Iterable[Quoted]) -> list[wire.Proof]:
    return [proof(one) for one in quotes]


def proof(quote: Quoted) -> wire.Proof:
    """Words of a paper with the address of the page that marks them."""
    address = paper_link(quote.document_id)
    if quote.clause_id:
        address = quote_link(quote.document_id, quote.clause_id, quote.span, words=quote.words)
    return wire.Proof(
        text=quote.words,
        start=quote.span.start,
        end=quote.span.end,
        label=quote.label,
        permalink=address,
    )


def _paper(paper: FactPaper, rules: Iterable[PaperRule]) -> wire.MatchPaper:
    head = paper.head
    return wire.MatchPaper(
        document_id=head.id,
        title=head.title,
        doc_number=head.doc_number,
        issuer=head.issuer,
        region=head.region,
        status=paper.status.value,
        valid_until=paper.catalogue.acts.last_day(head.id),
        permalink=facts_link(head.id),
        rules=[
            wire.MatchRule(kind=one.fact.rule.kind, quote=proof(one.quote))
            for one in rules
            if one.fact.rule is not None
        ],
    )


def _calculation(one: Calculation) -> wire.MatchCalculation:
    return wire.MatchCalculation(
        expression=expression(one),
        factors=[_term(factor) for factor in one.factors],
        cap=_term(one.cap) if one.cap is not None else None,
        result=float(one.result),
        is_limit=one.is_limit,
        note=wire.NOTE,
    )


def _term(term: Term) -> wire.CalculationTerm:
    return wire.CalculationTerm(
        text=term.words,
        value=float(term.value),
        source=term.source,
        start=term.span.start if term.span is not None else None,
        end=term.span.end if term.span is not None else None,
    )


def expression(one: Calculation) -> str:
    """The calculation in a line: 30% × 8000万元，最高1500万元 = 1500万元."""
    product = " × ".join("".join(factor.words.split()) for factor in one.factors)
    cap = f"，最高{''.join(one.cap.words.split())}" if one.cap is not None else ""
    sign = "≤" if one.is_limit else "="
    return f"{product}{cap} {sign} {_yuan(one.result)}"


def _yuan(value: Decimal) -> str:
    if value >= _MYRIAD:
        return f"{(value / _MYRIAD).normalize():f}万元"
    return f"{value.normalize():f}元"
