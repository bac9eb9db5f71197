"""Facts as rows of a page, each part with a link to its words in the paper."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.pages.fact_words import FactGroup, FactWords
from api.pages.links import quote_link
from corpus.facts.comparing.fields import FactField
from corpus.facts.in_force import FactCorrection
from corpus.facts.model import Fact, FactKind, Strength
from corpus.model import Document, Span
from rag.language.citation_names import spoken_label

_GROUPS = {
    FactKind.MONEY: FactGroup.MONEY,
    FactKind.INTEREST: FactGroup.MONEY,
    FactKind.LOAN: FactGroup.MONEY,
    FactKind.GUARANTEE: FactGroup.MONEY,
    FactKind.EQUITY: FactGroup.MONEY,
    FactKind.FUND: FactGroup.MONEY,
    FactKind.TAX: FactGroup.MONEY,
    FactKind.FEE: FactGroup.MONEY,
    FactKind.TIME_LIMIT: FactGroup.TIME,
    FactKind.FAST_TRACK: FactGroup.TIME,
    FactKind.TARGET: FactGroup.TARGETS,
    FactKind.RULE: FactGroup.RULES,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with a link to their place in the paper; words of the interface have none."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a fact."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a row of a table, or a card on a narrow screen."""

    kind: str
    strength: Piece | None  # None for a promise without a weakening word
    marks: tuple[str, ...]  # that it is corrected, or not divided
    whom: tuple[Part, ...]
    what: tuple[Part, ...]
    in_charge: tuple[Part, ...]
    quote: Piece
    label: str  # of the clause


def group_of(fact: Fact) -> FactGroup:
    """The group that a fact is shown in."""
    return _GROUPS.get(fact.kind, FactGroup.OTHER)


class FactRows:
    """Makes the rows of one paper. `base` is the path of the service."""

    def __init__(self, document: Document, *, words: FactWords, base: str) -> None:
        self._document, self._words, self._base = document, words, base
        self._starts = [clause.start for clause in document.clauses]
        self._labels = {clause.id: spoken_label(clause) for clause in document.clauses}

    def row(self, fact: Fact, corrections: Sequence[FactCorrection] = ()) -> FactRow:
        """The row of a fact of the paper, which contains these corrections."""
        return FactRow(
            kind=self._kind(fact),
            strength=self._strength(fact),
            marks=tuple(self._marks(fact, corrections)),
            whom=tuple(self._whom(fact)),
            what=tuple(self._what(fact)),
            in_charge=tuple(self._in_charge(fact)),
            quote=self.piece(fact.quote),
            label=self.label(fact.quote),
        )

    def piece(self, span: Span) -> Piece:
        """Words of the paper, linked to the clause in which they stand."""
        document, words = self._document, span.of(self._document.text)
        clause = document.clauses[max(0, bisect_right(self._starts, span.start) - 1)]
        return Piece(words, self._base + quote_link(document.id, clause.id, span, words=words))

    def label(self, span: Span) -> str:
        """The label of the clause in which words stand."""
        return spoken_label(self._document.clauses[max(0, bisect_right(self._starts, span.start) - 1)])

    def label_of(self, clause_id: str) -> str:
        """The label of a clause, which the paper may no longer have."""
        return self._labels.get(clause_id) or clause_id.replace("/", "")

    def _kind(self, fact: Fact) -> str:
        if fact.rule is not None:
            return self._words.rules[fact.rule.kind]
        return self._words.kinds[fact.kind]

    def _strength(self, fact: Fact) -> Piece | None:
        if fact.strength is Strength.FIRM:
            return None
        said = self._words.strengths[fact.strength]
        return Piece(said, self.piece(fact.strength_span).href) if fact.strength_span else Piece(said)

    def _marks(self, fact: Fact, corrections: Sequence[FactCorrection]) -> Iterator[str]:
        for one in corrections:
            yield self._words.corrected.format(reason=one.reason)
        if fact.is_whole:
            yield self._words.undivided

    def _part(self, field: FactField, *spans: Span | None) -> Iterator[Part]:
        """The part that has these words, each once; none without words."""
        pieces = tuple(self.piece(span) for span in dict.fromkeys(spans) if span is not None)
        if pieces:
            yield Part(self._words.fields[field], pieces)

    def _whom(self, fact: Fact) -> Iterator[Part]:
        yield from self._part(FactField.BENEFICIARY, *fact.beneficiaries)
        yield from self._part(FactField.MUST_ACT, fact.must_act)
        yield from self._part(FactField.CONDITION, *fact.conditions)
        yield from self._part(FactField.THRESHOLD, *_outside(fact.conditions, fact))
        yield from self._part(FactField.REGION, fact.region)

    def _what(self, fact: Fact) -> Iterator[Part]:
        if fact.form is not None:
            yield Part(self._words.form, (self.piece(fact.form),))
        yield from self._sums(fact)
        rate, limit, cut, target = fact.rate, fact.limit, fact.reduction, fact.target
        if rate is not None:
            yield from self._part(FactField.RATE, rate.base, rate.bound_span, rate.span)
        yield from self._part(FactField.FREQUENCY, *(one.span for one in fact.frequency))
        if limit is not None:
            period = limit.period.span if limit.period is not None else None
            yield from self._part(FactField.TIME_LIMIT, limit.start, limit.what, limit.bound_span, period)
        if cut is not None:
            yield from self._part(FactField.REDUCTION, cut.relative_to, cut.bound_span, cut.span)
        if target is not None:
            yield from self._part(FactField.TARGET, target.indicator, target.bound_span, target.span)
            yield from self._part(FactField.DEADLINE, target.deadline)
        yield from self._part(FactField.SOURCE, fact.source)

    def _sums(self, fact: Fact) -> Iterator[Part]:
        for amount in fact.amounts:
            spans = [span for span in (amount.bound_span, amount.span, amount.per) if span is not None]
            pieces = tuple(self.piece(span) for span in _in_order(spans))
            yield Part(self._words.roles[amount.role], pieces)
        if fact.is_paid_without_sum:
            reference = [self.piece(fact.amount_reference)] if fact.amount_reference else []
            name = self._words.fields[FactField.AMOUNT]
            yield Part(name, (Piece(self._words.no_sum), *reference))

    def _in_charge(self, fact: Fact) -> Iterator[Part]:
        if fact.departments is None:
            return
        yield from self._part(FactField.LEAD, *fact.departments.lead)
        others = (unit for unit in fact.departments.units if unit not in fact.departments.lead)
        yield from self._part(FactField.DEPARTMENT, *others)


def _outside(conditions: Iterable[Span], fact: Fact) -> Iterator[Span]:
    """The thresholds that no condition already shows."""
    shown = tuple(conditions)
    for one in fact.thresholds:
        if not any(span.start <= one.span.start and one.span.end <= span.end for span in shown):
            yield one.span


def _in_order(spans: Iterable[Span]) -> list[Span]:
    """The spans in reading order, without those that lie in another one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return kept
