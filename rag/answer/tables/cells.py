"""Makes the rows of a table: each cell is words of the paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.facts.model import Amount, Fact, FactKind, Rate, Role
from corpus.model import Clause, Document, Span
from rag.facts.found import FoundFact
from rag.model import Citation, FactCell, FactColumn, FactRow

Value = tuple[Span, ...]  # words that are shown in one piece, in reading order

_GIVEN = (FactKind.MONEY, FactKind.INTEREST)
_NOT_PAID = frozenset({Role.POOL, Role.TOTAL})


def row_of(found: FoundFact, columns: Sequence[FactColumn]) -> FactRow:
    """Returns the row of a fact with the columns that it has words for.

    Reads the paper. Raises UnknownDocument and DamagedDocument.
    """
    cite = _Citing(found)
    values = values_of(found.fact)
    if FactColumn.VALIDITY in columns and (validity := cite.document.head.validity) is not None:
        values[FactColumn.VALIDITY] = ((validity.span,),)
    cells = [
        FactCell(
            column,
            tuple(tuple(map(cite.at, value)) for value in values.get(column, ())),
            is_unstated=column is FactColumn.AMOUNT and found.fact.is_paid_without_sum,
        )
        for column in columns
    ]
    return FactRow(
        found.key,
        found.fact.kind,
        cite.at(found.fact.quote),
        tuple(cell for cell in cells if cell.values or cell.is_unstated),
        is_corrected=found.is_corrected,
    )


class _Citing:
    """Cites spans of the paper of a fact, in its clause where that contains them."""

    def __init__(self, found: FoundFact) -> None:
        self.document: Document = found.paper.document
        self._clause, self._status = found.clause, found.status

    def at(self, span: Span) -> Citation:
        own = self._clause
        inside = own.start <= span.start and span.end <= own.tree_end
        clause = own if inside else _smallest(self.document.clauses, span)
        return Citation.of(self.document, clause, span, status=self._status)


def _smallest(clauses: Iterable[Clause], span: Span) -> Clause:
    """Returns the smallest clause that contains the span; every span of a fact is in one."""
    around = [c for c in clauses if c.start <= span.start and span.end <= c.tree_end]
    return min(around, key=lambda clause: clause.tree_end - clause.start)


def values_of(fact: Fact) -> dict[FactColumn, tuple[Value, ...]]:
    """Returns the words of a fact by column; columns without words are left out."""
    found = {column: tuple(values) for column, values in _values(fact)}
    return {column: values for column, values in found.items() if values}


def _values(fact: Fact) -> Iterator[tuple[FactColumn, list[Value]]]:
    yield FactColumn.BENEFICIARY, [(span,) for span in fact.beneficiaries]
    yield FactColumn.FORM, _one(fact.form)
    yield FactColumn.AMOUNT, _amounts(fact)
    if fact.rate is not None:
        yield FactColumn.RATE, [_rate(fact.rate)]
    yield FactColumn.FREQUENCY, [(one.span,) for one in fact.frequency]
    conditions = [*fact.conditions, *(one.span for one in fact.thresholds)]
    yield FactColumn.CONDITIONS, [(span,) for span in _outermost(conditions)]
    yield FactColumn.REGION, _one(fact.region)
    yield FactColumn.MUST_ACT, _one(fact.must_act)
    yield FactColumn.SOURCE, [_pieces(fact.source_condition, fact.source)] if fact.source else []
    if fact.departments is not None:
        yield FactColumn.DEPARTMENTS, [(fact.departments.span,)]
    yield from _times(fact)
    yield from _aims(fact)


def _times(fact: Fact) -> Iterator[tuple[FactColumn, list[Value]]]:
    if (limit := fact.limit) is not None:
        yield FactColumn.WHAT, _one(limit.what)
        yield FactColumn.LIMIT, [_pieces(limit.bound_span, limit.period.span)] if limit.period else []
        yield FactColumn.BEFORE, _one(limit.before.span if limit.before else None)
        yield FactColumn.START, _one(limit.start)
    if (cut := fact.reduction) is not None:
        yield FactColumn.REDUCTION, [_pieces(cut.relative_to, cut.bound_span, cut.span)]


def _aims(fact: Fact) -> Iterator[tuple[FactColumn, list[Value]]]:
    if (target := fact.target) is not None:
        yield FactColumn.INDICATOR, [(target.indicator,)]
        yield FactColumn.TARGET, [_pieces(target.bound_span, target.span)]
        yield FactColumn.DEADLINE, _one(target.deadline)
    if fact.rule is not None:
        yield FactColumn.RULE, [(fact.rule.span or fact.quote,)]


def _amounts(fact: Fact) -> list[Value]:
    """Returns the sums that one gets, else the words that say where the sum is written."""
    given = [one for one in fact.amounts if fact.kind not in _GIVEN or one.role not in _NOT_PAID]
    return [_amount(one) for one in given] or _one(fact.amount_reference)


def _amount(amount: Amount) -> Value:
    return _pieces(amount.per, amount.bound_span, amount.span)


def _rate(rate: Rate) -> Value:
    return _pieces(rate.base, rate.bound_span, rate.span)


def _one(span: Span | None) -> list[Value]:
    return [] if span is None else [(span,)]


def _pieces(*spans: Span | None) -> Value:
    """Returns the spans in reading order, without those inside another one."""
    return _outermost([span for span in spans if span is not None])


def _outermost(spans: Sequence[Span]) -> Value:
    ordered = sorted(dict.fromkeys(spans), key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in ordered:
        if not kept or span.end > kept[-1].end:
            kept.append(span)
    return tuple(kept)
