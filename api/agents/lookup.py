"""Finds a paper and a clause by the names that programs and people use."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from api.errors import ApiError
from api.wire import papers
from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.names import Namesakes
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document
from corpus.notation.paper_names import key_of
from index.terms.tokenize import fold
from rag.assistant import Assistant
from rag.language.short_names import shortly_called

_MOST_NAMED = 60  # clauses listed in a message; longer papers are cut


class NoSuchPaper(ApiError):
    """No paper, or more than one, matches the name."""


class NoSuchClause(ApiError):
    """No clause, or more than one, matches the name."""


def paper_named(assistant: Assistant, name: str) -> Document:
    """The paper with that id, else that 文号 or title, else that short name. Raises NoSuchPaper."""
    catalogue = assistant.catalogue
    if name.strip() in catalogue:
        return assistant.document(name.strip())
    plain = name.strip().strip("《》")
    candidates = [find(key) for key in dict.fromkeys((plain, fold(plain))) for find in _finders(catalogue)]
    ids = {i for named in candidates for i in named.ids}
    found = sorted(i for i in ids if fold(plain) in map(fold, _names(catalogue.head(i))))
    if len(found) == 1:
        return assistant.document(found[0])
    if any(named.too_many for named in candidates):
        raise NoSuchPaper(f"{name!r} names more papers than can be listed. Use the id of one")
    if not found:
        found = list(shortly_called(plain, catalogue))
        if len(found) == 1:
            return assistant.document(found[0])
    if found:
        listed = _listed(found)
        raise NoSuchPaper(f"{name!r} names several papers: {listed}. Use one of these ids")
    raise NoSuchPaper(f"no paper is called {name!r}. list_documents lists them all with their ids")


def clause_named(document: Document, name: str) -> Clause:
    """The clause with that id or label, or at that address (第四条). Raises NoSuchClause."""
    found = papers.clauses_named(document, name)
    if len(found) == 1:
        return found[0]
    if found:
        ids = _listed(clause.id for clause in found)
        raise NoSuchClause(f"{name!r} names several clauses of {document.id!r}: {ids}. Use one of these ids")
    labels = _listed(clause.label for clause in document.clauses)
    raise NoSuchClause(f"{document.id!r} has no clause {name!r}. Its clauses: {labels}")


def _finders(catalogue: Catalogue) -> tuple[Callable[[str], Namesakes], ...]:
    """The lookups of a name: as a title, and as a number."""
    return (lambda name: catalogue.names.titled(key_of(name)), catalogue.names.with_number)


def _names(head: PaperHead) -> list[str]:
    return [name for name in (*head.titles, head.doc_number) if name]


def _listed(names: Iterable[str]) -> str:
    all_of_them = list(names)
    cut = " …" if len(all_of_them) > _MOST_NAMED else ""
    return " ".join(all_of_them[:_MOST_NAMED]) + cut
