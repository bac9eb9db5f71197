"""The days that papers state for their facts: ends of validity, and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.facts.deadlines import deadlines_of
from corpus.facts.in_force import FactInForce
from corpus.head.paper_head import PaperHead
from corpus.model import Document, HeadField, Span, Status, Validity
from rag.facts.found import FactPaper

# A day of a paper that is repealed, superseded or a draft binds nobody.
_WITH_DAYS = (Status.IN_FORCE, Status.NOT_YET, Status.EXPIRED)


class DayKind(StrEnum):
    """What ends on a day."""

    VALIDITY = "validity"  # the paper
    DEADLINE = "deadline"  # the time for something that a fact is about


class Source(StrEnum):
    """How the day is known."""

    STATED = "stated"
    DERIVED = "derived"  # computed from a day and a length of time that the paper states
    EXTENDED = "extended"  # another paper has extended the term
    CORRECTED = "corrected"  # an editor has set it


@dataclass(frozen=True, slots=True)
class StatedDay:
    """The last day of something, with the words that state it."""

    kind: DayKind
    day: date
    source: Source
    paper: PaperHead
    clause_id: str  # of the clause with the words
    quote: str  # empty where an editor has set a day that the paper does not state
    span: Span
    extended_by: tuple[PaperHead, ...] = ()


def stated_days(paper: FactPaper) -> list[StatedDay]:
    """The days of a paper, the end of its validity first. Raises UnknownDocument and DamagedDocument.

    Only days that are written are deadlines: 到2027年 names none.
    """
    if paper.status not in _WITH_DAYS:
        return []
    deadlines = [day for one in paper.facts.facts for day in _deadlines(paper, one)]
    end = _end_of_validity(paper)
    return [*([end] if end is not None else []), *deadlines]


def _end_of_validity(paper: FactPaper) -> StatedDay | None:
    last = paper.catalogue.acts.last_day(paper.head.id)
    if last is None:
        return None
    document = paper.document
    validity = document.head.validity
    span = validity.span if validity is not None else Span(0, 0)
    return StatedDay(
        DayKind.VALIDITY,
        last,
        _source(document, validity, last),
        paper.head,
        _clause_at(document, span),
        span.of(document.text),
        span,
        tuple(paper.catalogue.acts.extending(paper.head.id)),
    )


def _source(document: Document, validity: Validity | None, last: date) -> Source:
    if validity is None or validity.until != last:
        return Source.EXTENDED
    if any(one.field is HeadField.VALID_UNTIL for one in document.corrections):
        return Source.CORRECTED
    return Source.DERIVED if validity.until_derived else Source.STATED


def _clause_at(document: Document, span: Span) -> str:
    """The clause that contains the words; the first one where none does."""
    found = (one.id for one in document.clauses if one.start <= span.start < one.end)
    return next(found, document.clauses[0].id)


def _deadlines(paper: FactPaper, one: FactInForce) -> Iterator[StatedDay]:
    words, fact = paper.facts.excerpts.words, one.fact
    for day in deadlines_of(fact, words):
        yield StatedDay(
            DayKind.DEADLINE,
            day.value,
            Source.STATED,
            paper.head,
            fact.clause_id,
            words(fact.quote),
            fact.quote,
        )
