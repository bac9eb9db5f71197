"""Which sentences of a paper promise, limit or count something, and which of them no fact was read from."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Span
from rag.facts.found import FactPaper


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence with an amount, a rate, a time limit or a word of giving that no fact was read from."""

    clause_id: str
    label: str  # of the clause
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many such sentences a paper has, and how many of them became facts."""

    sentences: int
    with_facts: int

    @classmethod
    def of(cls, paper: FactPaper) -> Coverage:
        sentences = paper.facts.sentences
        return cls(len(sentences), sum(one.has_facts for one in sentences))


def unread(paper: FactPaper) -> list[Unread]:
    """The sentences without a fact, in reading order.

    Reads the text of the paper. Raises UnknownDocument, DamagedDocument and DamagedFacts.
    """
    without = [one for one in paper.facts.sentences if not one.has_facts]
    if not without:
        return []
    document = paper.document
    labels = {clause.id: clause.label for clause in document.clauses}
    return [
        Unread(one.clause_id, labels[one.clause_id], one.span, one.span.of(document.text)) for one in without
    ]
