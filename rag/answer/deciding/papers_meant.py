"""Finds the papers whose metadata a question is about."""

from __future__ import annotations

from collections.abc import Collection

from corpus.model import Document
from rag.answer.content.findings import Findings
from rag.answer.deciding.basis import Basis
from rag.answer.metadata.best_titled import best_titled
from rag.question.metadata_fields import has_matter
from rag.question.understand import Understanding


def papers_meant(findings: Findings, *, basis: Basis) -> list[Document]:
    """Returns the papers whose metadata the question is about.

    Of several papers of a place those on the matter that the question names, if their titles tell.
    """
    asked = findings.understanding
    named = asked.scope.preferred
    if fits_all(asked):
        named = tuple(_within(asked, basis=basis))
    if not 0 < len(named) <= basis.ranking.deciding.most_named:
        return [passage.document for passage in findings.ranked[:1]]
    documents = basis.catalogue.documents(named)
    if len(named) == 1 or asked.scope.by_number or asked.spans_papers:
        return documents
    return best_titled(asked.query, documents)


def fits_all(asked: Understanding) -> bool:
    """Whether a question after the metadata of a paper names neither paper, place nor matter."""
    return asked.only_fields and not asked.scope.named and not has_matter(asked.words)


def fits_too_many(asked: Understanding, *, basis: Basis) -> bool:
    """Whether such a question could mean more papers than are answered about."""
    return fits_all(asked) and len(_within(asked, basis=basis)) > basis.ranking.deciding.most_named


def _within(asked: Understanding, *, basis: Basis) -> Collection[str]:
    """Returns the papers that the request is limited to, all without a limit."""
    return basis.catalogue.ids if asked.limit is None else sorted(asked.limit)
