"""Facts made by a rule that is easy to follow: each 万元 is a sum, and what stands before it who gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from corpus.facts.model import Amount, Bound, Fact, FactKind, PaperFacts, Role
from corpus.model import Clause, Document, Span

_SUM = re.compile(r"(\d+)\s*万\s*元")  # 最高500万元
_TAX = "税"


def made_facts(document: Document) -> PaperFacts:
    """One fact for each sum in the text: a tax where the clause names one, else money."""
    return PaperFacts(document.id, 1, tuple(_facts(document)))


def _facts(document: Document) -> Iterator[Fact]:
    for clause in document.clauses:
        for number, match in enumerate(_SUM.finditer(document.text, clause.start, clause.end), start=1):
            yield _fact(document, clause, Span(*match.span()), Decimal(match[1]) * 10_000, number)


def _fact(document: Document, clause: Clause, sum_at: Span, value: Decimal, number: int) -> Fact:
    kind = FactKind.TAX if _TAX in document.text_of(clause) else FactKind.MONEY
    before = Span(max(clause.start, sum_at.start - 30), sum_at.start)
    return Fact(
        id=f"{clause.id}.{kind.value}.{number}",
        document_id=document.id,
        clause_id=clause.id,
        kind=kind,
        quote=Span(before.start, sum_at.end),
        beneficiaries=(before,) if before.start < before.end else (),
        amounts=(Amount(sum_at, value, "元", Bound.MAX, Role.PAY),),
    )


def made_for(documents: Sequence[Document]) -> list[PaperFacts]:
    return [made_facts(document) for document in documents]
