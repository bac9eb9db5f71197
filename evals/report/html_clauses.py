"""Looks up the clauses that a test case names in the stored papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Clause, Document
from evals.measures.matching import contains, normal
from evals.model import Evidence, Item, Quoted
from evals.report.html_marks import Piece, cut, find, fold


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as named in the report."""

    id: str
    title: str
    number: str  # 文号; empty when it has none

    @classmethod
    def of(cls, document_id: str, papers: Mapping[str, Document]) -> Paper:
        """Returns the paper with that id; one that is not stored has only its id."""
        document = papers.get(document_id)
        if document is None:
            return cls(document_id, document_id, "")
        number = document.head.doc_number
        return cls(document_id, document.head.title.value, number.value if number is not None else "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An expected clause with its evidence marked; without pieces when the paper lacks the label."""

    paper: Paper
    label: str  # as in the test case
    places: frozenset[tuple[str, tuple[str, ...]]]  # paper and path of the clauses the label may mean
    pieces: list[Piece]
    alternative: bool  # answers as well as the evidence before it
    cited: bool

    def contains(self, quoted: Quoted) -> bool:
        """Whether the quote was taken from this clause."""
        return (quoted.document, quoted.path) in self.places


def wanted(item: Item, citations: Sequence[Quoted], papers: Mapping[str, Document]) -> list[Wanted]:
    """Returns every clause that the evidence of `item` names, alternatives last."""
    entries = [(entry, False) for entry in item.evidence] + [(entry, True) for entry in item.alternatives]
    return [
        _wanted(entry, label, citations, papers, alternative=alternative)
        for entry, alternative in entries
        for label in entry.articles
    ]


def misplaced(item: Item, papers: Mapping[str, Document]) -> list[str]:
    """Returns the gold quotes that no clause named with them contains: an error of the test case."""
    return [
        quote
        for entry in item.evidence + item.alternatives
        for quote in entry.quotes
        if not any(contains(text, quote) for text in _texts(entry, papers))
    ]


def _wanted(
    entry: Evidence,
    label: str,
    citations: Sequence[Quoted],
    papers: Mapping[str, Document],
    *,
    alternative: bool,
) -> Wanted:
    document = papers.get(entry.document)
    clauses = _named(document, label) if document is not None else []
    text = _best(document, clauses, entry.quotes) if document is not None else ""
    spans = [span for quote in entry.quotes for span in find(text, quote)]
    places = frozenset((entry.document, clause.path) for clause in clauses)
    cited = any((quoted.document, quoted.path) in places for quoted in citations)
    paper = Paper.of(entry.document, papers)
    return Wanted(paper, label, places, fold(cut(text, {"gold": spans})), alternative, cited)


def _best(document: Document, clauses: Iterable[Clause], quotes: Iterable[str]) -> str:
    """Returns the first text with a quote: of a clause, else with its children; else the first text."""
    clauses = list(clauses)
    texts = [document.text_of(clause) for clause in clauses]
    texts += [document.text[clause.start : clause.tree_end] for clause in clauses]
    holding = (text for text in texts if any(contains(text, quote) for quote in quotes))
    return next(holding, texts[0] if texts else "")


def _texts(entry: Evidence, papers: Mapping[str, Document]) -> list[str]:
    document = papers.get(entry.document)
    if document is None:
        return []
    clauses = (clause for label in entry.articles for clause in _named(document, label))
    return [document.text[clause.start : clause.tree_end] for clause in clauses]


def _named(document: Document, label: str) -> list[Clause]:
    """Returns the clauses that `label` may mean: by their short name, or by the end of their path."""
    sought = normal(label)
    return [clause for clause in document.clauses if sought in _names(clause)]


def _names(clause: Clause) -> set[str]:
    ends = ("".join(clause.path[start:]) for start in range(len(clause.path)))
    return {normal(name) for name in (clause.label, *ends)}
