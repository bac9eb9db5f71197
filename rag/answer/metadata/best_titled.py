"""Chooses among papers of one place by what their titles say of the question."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Document
from index.terms.tokenize import terms
from rag.language.query_terms import Query


def best_titled(query: Query, documents: Sequence[Document]) -> list[Document]:
    """Returns the papers whose titles contain most concepts of the question; all where no title has any."""
    shared = {document.id: _shared(query, document) for document in documents}
    most = max(shared.values(), default=0.0)
    return [document for document in documents if shared[document.id] == most]


def _shared(query: Query, document: Document) -> float:
    """Returns how many concepts of the question a title contains, in the question's words or a synonym."""
    titles = (document.head.title, document.head.inner_title)
    found = set(terms(" ".join(title.value for title in titles if title is not None)))
    return sum(
        max((sum(term in found for term in way) / len(way) for way in ways if way), default=0.0)
        for ways in query.concepts
    )
