"""Which columns a table has, by the kinds of its facts and by what is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from corpus.facts.model import FactKind
from rag.model import FactColumn, FactRow
from rag.question.intent import Want

_OF_KIND = {
    FactKind.TIME_LIMIT: (
        FactColumn.WHAT,
        FactColumn.BENEFICIARY,
        FactColumn.LIMIT,
        FactColumn.REDUCTION,
        FactColumn.BEFORE,
        FactColumn.START,
        FactColumn.MUST_ACT,
    ),
    FactKind.TARGET: (
        FactColumn.INDICATOR,
        FactColumn.TARGET,
        FactColumn.DEADLINE,
        FactColumn.CONDITIONS,
        FactColumn.MUST_ACT,
    ),
    FactKind.RULE: (FactColumn.RULE, FactColumn.BENEFICIARY, FactColumn.AMOUNT),
}
_OF_BENEFIT = (
    FactColumn.BENEFICIARY,
    FactColumn.FORM,
    FactColumn.AMOUNT,
    FactColumn.RATE,
    FactColumn.FREQUENCY,
    FactColumn.CONDITIONS,
    FactColumn.REGION,
    FactColumn.SOURCE,
)
_WANTED = {Want.FUND: FactColumn.SOURCE, Want.UNITS: FactColumn.DEPARTMENTS}
# What the card over an answer says of a fact.
OF_CARD = (
    FactColumn.BENEFICIARY,
    FactColumn.AMOUNT,
    FactColumn.RATE,
    FactColumn.FREQUENCY,
    FactColumn.CONDITIONS,
    FactColumn.REGION,
    FactColumn.SOURCE,
    FactColumn.DEPARTMENTS,
    FactColumn.VALIDITY,
)


def columns_for(kinds: Iterable[FactKind], wants: Collection[Want]) -> list[FactColumn]:
    """Returns the columns that facts of these kinds can have, in order."""
    found = {column for kind in kinds for column in _OF_KIND.get(kind, _OF_BENEFIT)}
    return [column for column in FactColumn if column in found | set(asked_for(wants))]


def asked_for(wants: Collection[Want]) -> list[FactColumn]:
    """Returns the columns that the question asks for by name, which the text of the answer states too."""
    return [column for want, column in _WANTED.items() if want in wants]


def filled(columns: Iterable[FactColumn], rows: Collection[FactRow]) -> tuple[FactColumn, ...]:
    """Returns the columns in which some row has a cell."""
    return tuple(column for column in columns if any(row.cell(column) is not None for row in rows))
