"""Finds the words that stand over a provision and say what it is about, so that it need not say it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.model import Clause, Span
from rag.facts.found import FactPaper, FoundFact

# Characters of a first sentence that names what its paragraph is about: 第17条 种植基地建设奖励补助。
_LONGEST = 40
_LINE, _STOP, _COLON = "\n", "。", "：:"


class Headings:
    """Returns the words over facts; reads the structure of each paper once."""

    def __init__(self) -> None:
        self._papers: dict[str, _Paper] = {}

    def over(self, found: FoundFact) -> list[str]:
        """Returns headings and first sentences that the fact stands under, from its clause upwards.

        Reads the paper. Raises UnknownDocument and DamagedDocument.
        """
        paper = self._papers.get(found.head.id)
        if paper is None:
            paper = self._papers[found.head.id] = _Paper(found.paper)
        return list(paper.over(found.fact.clause_id, found.fact.quote))


class _Paper:
    def __init__(self, paper: FactPaper) -> None:
        self._text = paper.document.text
        self._clauses: Mapping[str, Clause] = {one.id: one for one in paper.document.clauses}
        self._quotes: dict[str, set[Span]] = {}
        for one in paper.facts.facts:
            self._quotes.setdefault(one.fact.clause_id, set()).add(one.fact.quote)

    def over(self, clause_id: str, quote: Span) -> Iterator[str]:
        clause = self._clauses.get(clause_id)
        if clause is not None:
            yield self._topic(clause, quote)
            yield self._label(clause, quote)
        while clause is not None:
            yield clause.heading
            clause = self._clauses.get(clause.parent or "")

    def _topic(self, clause: Clause, quote: Span) -> str:
        """Returns the first sentence of the paragraph, if it is short and no fact: 鼓励企业升级入统。"""
        start = max(clause.start, self._text.rfind(_LINE, clause.start, quote.start) + 1)
        end = self._text.find(_STOP, start, min(quote.start, start + _LONGEST))
        states = any(one.start < end and start < one.end for one in self._quotes.get(clause.id, ()))
        return "" if end < 0 or states else self._text[start:end]

    def _label(self, clause: Clause, quote: Span) -> str:
        """Returns the words before the colon in the sentence: 减船转产补助：对钢制渔船…；对木质渔船…."""
        ends = (self._text.rfind(mark, clause.start, quote.start) + 1 for mark in (_LINE, _STOP))
        start = max(clause.start, *ends)
        words = self._text[start : min(quote.start, start + _LONGEST)]
        colon = max(words.rfind(mark) for mark in _COLON)
        return words[:colon] if colon > 0 else ""
