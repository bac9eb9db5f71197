"""Sentences of a clause, as facts are read from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind, Span
from corpus.structure.lead_ins import LeadIns

_END = re.compile(r"[。；;！!？?\n]")
# Parts of a paper that promise nothing: title, addressees and signature.
_WITHOUT_FACTS = (Kind.HEAD, Kind.SIGN_OFF, Kind.INNER_TITLE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the clause and paper it stands in; `span` excludes the mark at its end."""

    document: Document
    clause: Clause
    span: Span
    number: int  # in its clause, from 0
    lead_ins: tuple[Span, ...] = ()  # of the clauses above that this one completes, from the top

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)

    def place(self, start: int, end: int) -> Span:
        """The span of the paper for offsets of `text`."""
        return Span(self.span.start + start, self.span.start + end)


def sentences_of(document: Document) -> Iterator[Sentence]:
    """Yields the sentences of all clauses in reading order, without headings and labels."""
    for sentences in clauses_of(document):
        yield from sentences


def clauses_of(document: Document) -> Iterator[tuple[Sentence, ...]]:
    """Yields the sentences of one clause after the other."""
    above = LeadIns(document)
    for clause in document.clauses:
        if clause.kind not in _WITHOUT_FACTS:
            lead_ins = tuple(lead.span for lead in above.of(clause))
            yield tuple(_in_clause(document, clause, lead_ins))


def _in_clause(document: Document, clause: Clause, lead_ins: tuple[Span, ...]) -> Iterator[Sentence]:
    start, number = clause.body_start, 0
    text = document.text
    while start < clause.end:
        found = _END.search(text, start, clause.end)
        end = found.start() if found else clause.end
        words = text[start:end]
        left, right = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        if left < right:
            yield Sentence(document, clause, Span(left, right), number, lead_ins)
            number += 1
        start = end + 1
