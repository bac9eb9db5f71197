"""Quotes words of a paper with the clause they stand in."""

from __future__ import annotations

from bisect import bisect_right

from corpus.model import Document, Span
from rag.matching.model import Quoted


class Quotes:
    """The words of one paper."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._clauses = sorted(document.clauses, key=lambda one: (one.start, -one.end))
        self._starts = [one.start for one in self._clauses]

    def words(self, span: Span) -> str:
        return span.of(self._document.text)

    def clause_start(self, span: Span) -> int:
        """Where the last clause begins that begins at or before the span."""
        at = bisect_right(self._starts, span.start)
        return self._starts[at - 1] if at else 0

    def of(self, span: Span) -> Quoted:
        """The words at the span, in the last clause that begins before them and contains their beginning."""
        for clause in reversed(self._clauses[: bisect_right(self._starts, span.start)]):
            if span.start < clause.tree_end:
                return Quoted(self._document.id, span, self.words(span), clause.id, clause.label)
        return Quoted(self._document.id, span, self.words(span), "", "")
