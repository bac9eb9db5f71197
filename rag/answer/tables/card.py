"""The card over an answer about money: what the quoted clauses pay, to whom, and from whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.facts.model import FactKind
from rag.answer.tables.cells import row_of
from rag.answer.tables.choose import on_matter
from rag.answer.tables.columns import OF_CARD
from rag.answer.tables.matter import Matter
from rag.facts.found import FoundFact
from rag.model import Citation, FactRow, Marked
from rag.question.intent import Want

_MOST = 4  # rows of a card; more are a table
_PAYING = frozenset({FactKind.MONEY, FactKind.INTEREST})
_OF_MONEY = frozenset({Want.MONEY, Want.PERCENT, Want.FUND})


def is_about_money(wants: Iterable[Want]) -> bool:
    """Whether an answer to the question begins with a card."""
    return not _OF_MONEY.isdisjoint(wants)


def card_of(
    citations: Sequence[Marked], facts: Iterable[FoundFact], *, matter: Matter
) -> tuple[FactRow, ...]:
    """Returns the rows of the facts on the matter that are quoted, all those of a list (分别给予…) together.

    There are none where they are too many for a card.
    """
    quotes = [marked.citation for marked in citations if marked.answer_span is not None]
    found = [one for one in facts if one.fact.kind in _PAYING and any(_states(q, one) for q in quotes)]
    found = on_matter(found, matter) or found
    return tuple(row_of(one, OF_CARD) for one in found) if len(found) <= _MOST else ()


def _states(quote: Citation, found: FoundFact) -> bool:
    """Whether the words of the fact and the quote overlap, and the quote has its sum if it has one."""
    fact = found.fact
    if quote.document.id != fact.document_id:
        return False
    sums = [amount.span for amount in fact.amounts] + ([fact.rate.span] if fact.rate else [])
    needed = sums or [fact.quote]
    return any(quote.span.start <= span.start and span.end <= quote.span.end for span in needed)
