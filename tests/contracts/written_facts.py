"""Facts written by hand over a small text, for tests of what is done with facts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from corpus.facts.model import Amount, Bound, Departments, Fact, FactKind, Role
from corpus.model import Span

_YUAN = {"万元": 10_000, "亿元": 100_000_000}


def place(text: str, words: str, *, after: int = 0) -> Span:
    """The first place of the words in the text from an offset on. Raises ValueError where there is none."""
    start = text.index(words, after)
    return Span(start, start + len(words))


def money(
    text: str, words: str, *, bound: Bound = Bound.MAX, role: Role = Role.PAY, after: int = 0
) -> Amount:
    """An amount such as 500万元, not to be exceeded unless another bound is given."""
    return Amount(place(text, words, after=after), Decimal(words[:-2]) * _YUAN[words[-2:]], "元", bound, role)


def fact(
    text: str,
    quote: str,
    *,
    kind: FactKind = FactKind.MONEY,
    who: Sequence[str] = (),
    on: Sequence[str] = (),
    amounts: Sequence[str] = (),
    by: str = "",
    clause_id: str = "一、",
    document_id: str = "paper",
    number: int = 1,
) -> Fact:
    """A fact of the text; all words are looked up within the quote, the department after it."""
    found = place(text, quote)
    return Fact(
        id=f"{clause_id}.{kind.value}.{number}",
        document_id=document_id,
        clause_id=clause_id,
        kind=kind,
        quote=found,
        beneficiaries=tuple(place(text, words, after=found.start) for words in who),
        conditions=tuple(place(text, words, after=found.start) for words in on),
        amounts=tuple(money(text, words, after=found.start) for words in amounts),
        departments=_departments(text, by, found) if by else None,
    )


def _departments(text: str, name: str, quote: Span) -> Departments:
    span = place(text, name, after=quote.end)
    return Departments(span, (span,))
