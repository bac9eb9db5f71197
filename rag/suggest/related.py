"""Finds papers of other regions that are likely to answer the same question, by their words alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise

from corpus.catalogue.catalogue import Catalogue
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, Kind, Span
from corpus.notation.figures import FigureKind, figures
from corpus.regions.mentions import find_divisions
from corpus.text.script import simplify
from rag.language.stopwords import content, without
from rag.question.intent import Want, figure_kinds, wants_of
from rag.question.metadata_fields import metadata_fields_of
from rag.question.scope import scope_of
from rag.suggest.heading_topics import can_be_asked

# Share of a question's pairs of characters that a clause must contain. On the development questions all 16
# papers above it answered when they were asked; from 0.4 on, 94 % of 34.
_ALIKE = 0.45
# Share of common pairs of two headings: 加大金融支持 and 加强金融支持力度 have 0.5.
_SAME_MATTER = 0.5
_FEWEST_PAIRS = 3  # a question with fewer is too short
_MOST_PAPERS = 20  # papers that are read for a suggestion
_MOST_ALIKE = 40  # most similar papers, of which those of other regions are taken
_REMEMBERED = 1024  # cached clauses; some 30 kB each
_CLAUSES = (Kind.ARTICLE, Kind.ITEM)


def related_papers(document: Document, catalogue: Catalogue) -> list[Document]:
    """Returns papers of other regions that may be on the same matter, in the order of their ids.

    Of many papers those with the most similar titles: reading all of them would take longer than the answer.
    """
    heads: Collection[PaperHead] = catalogue.heads
    if len(catalogue) > _MOST_PAPERS:
        heads = catalogue.names.similar_titles(document.head.title.value, most=_MOST_ALIKE)
    others = [head.id for head in heads if head.region != document.head.region]
    return catalogue.documents(sorted(others[:_MOST_PAPERS]))


def papers_answering(question: str, documents: Sequence[Document], *, catalogue: Catalogue) -> list[Document]:
    """Returns those of `documents` with a clause on the matter of `question`, the likeliest first."""
    plain = simplify(question)
    if metadata_fields_of(plain):
        return []
    wants = wants_of(plain)
    places = [Span(mention.start, mention.end) for mention in find_divisions(plain)]
    pairs = _pairs(content(without(plain, (*scope_of(plain, catalogue).spans, *places))))
    if len(pairs) < _FEWEST_PAIRS:
        return []
    likeness = {document.id: _likeness(document, pairs, wants) for document in documents}
    likely = [document for document in documents if likeness[document.id] >= _ALIKE]
    return sorted(likely, key=lambda document: -likeness[document.id])


def same_matter(clause: Clause, documents: Sequence[Document]) -> tuple[Document, Clause] | None:
    """Returns the clause of another paper with the most similar heading, or None when none is similar."""
    pairs = _pairs(clause.heading)
    best, most = None, _SAME_MATTER
    for document in documents:
        for other in document.clauses:
            theirs = _pairs(other.heading)
            alike = 2 * len(pairs & theirs) / (len(pairs) + len(theirs)) if pairs and theirs else 0.0
            if alike >= most and can_be_asked(other):
                best, most = (document, other), alike
    return best


def _likeness(document: Document, pairs: frozenset[str], wants: Sequence[Want]) -> float:
    return max(
        (
            len(pairs & _pairs(document.text_of(clause))) / len(pairs)
            for clause in document.clauses
            if clause.kind in _CLAUSES and _has(document, clause, wants)
        ),
        default=0.0,
    )


def _has(document: Document, clause: Clause, wants: Sequence[Want]) -> bool:
    """Whether the clause contains the wanted kinds of figures and, if wanted, who is in charge."""
    kinds = _kinds(document.text_of(clause)) if wants else frozenset()
    for want in wants:
        if want is Want.UNITS:
            if clause.responsibility is None:
                return False
        elif not kinds & figure_kinds(want):
            return False
    return True


@lru_cache(maxsize=_REMEMBERED)
def _kinds(text: str) -> frozenset[FigureKind]:
    return frozenset(figure.kind for figure in figures(text))


@lru_cache(maxsize=_REMEMBERED)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(first + second for first, second in pairwise(text) if not (first + second).isspace())
