"""Finding a paper and a clause by the names that programs and people give them."""

from __future__ import annotations

from collections.abc import Iterable

from api.errors import ApiError
from api.wire import papers
from corpus.errors import UnknownDocument
from corpus.model import Clause, Document
from index.terms.tokenize import fold
from rag.assistant import Assistant

_MOST_NAMED = 60  # clauses listed in a message; longer papers are cut


class NoSuchPaper(ApiError):
    """No paper, or more than one, goes by that name."""


class NoSuchClause(ApiError):
    """No clause, or more than one, goes by that name."""


def paper_named(assistant: Assistant, name: str) -> Document:
    """The paper with that id, or else that 文号 or title. Raises NoSuchPaper."""
    try:
        return assistant.document(name.strip())
    except UnknownDocument:
        wanted = fold(name.strip().strip("《》"))
    found = [document for document in assistant.documents() if wanted in map(fold, _names(document))]
    if len(found) == 1:
        return found[0]
    if found:
        ids = _listed(document.id for document in found)
        raise NoSuchPaper(f"{name!r} names several papers: {ids}. Use one of these ids")
    raise NoSuchPaper(f"no paper is called {name!r}. list_documents names them all with their ids")


def clause_named(document: Document, name: str) -> Clause:
    """The clause with that id or label, or the one addressed so (第四条). Raises NoSuchClause."""
    found = papers.clauses_named(document, name)
    if len(found) == 1:
        return found[0]
    if found:
        ids = _listed(clause.id for clause in found)
        raise NoSuchClause(f"{name!r} names several clauses of {document.id!r}: {ids}. Use one of these ids")
    labels = _listed(clause.label for clause in document.clauses)
    raise NoSuchClause(f"{document.id!r} has no clause {name!r}. Its clauses: {labels}")


def _names(document: Document) -> list[str]:
    head = document.head
    stated = (head.title, head.inner_title, head.doc_number)
    return [one.value for one in stated if one is not None]


def _listed(names: Iterable[str]) -> str:
    all_of_them = list(names)
    cut = " …" if len(all_of_them) > _MOST_NAMED else ""
    return " ".join(all_of_them[:_MOST_NAMED]) + cut
