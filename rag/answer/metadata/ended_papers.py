"""Quotes what ended a paper: the clause of another paper that repeals it, or its own clause on its term."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Document, Reference, Status
from corpus.notation.doc_numbers import DocNumber, coded_numbers, same_number
from corpus.notation.paper_names import key_of, means
from rag.answer.content.plan import Quoted
from rag.answer.metadata.facts import clause_at, sentence_around
from rag.question.metadata_fields import MetadataField

_MOST_READ = 20  # papers that name a number and are read for its repeal


def repeals_of_named(text: str, catalogue: Catalogue) -> list[Quoted]:
    """Returns the clauses that repeal the papers, stored or not, whose numbers `text` names."""
    found: dict[tuple[str, str], Quoted] = {}
    for number in coded_numbers(text):
        for quoted in _repeals(number, catalogue):
            found.setdefault((quoted.document.id, quoted.clause.id), quoted)
    return list(found.values())


def end_of(document: Document, catalogue: Catalogue) -> Quoted | None:
    """Returns what shows that a paper out of force has ended; None where no stored paper says it."""
    match catalogue.status(document.id):
        case Status.REPEALED:
            for head in catalogue.acts.repealers(document.id):
                other = catalogue.document(head.id)
                for reference in other.head.repeals:
                    if _means(reference, document):
                        return _quoted(other, reference)
        case Status.EXPIRED if document.head.validity is not None:
            span = document.head.validity.span
            clause = clause_at(document, span)
            if clause is not None:
                words = sentence_around(document, clause, span)
                return Quoted(document, clause, (words,), (MetadataField.VALIDITY,))
    return None


def _repeals(number: DocNumber, catalogue: Catalogue) -> Iterator[Quoted]:
    citing = catalogue.names.citing_number(number).ids
    for document in catalogue.documents(citing[:_MOST_READ]):
        if catalogue.status(document.id) in (Status.DRAFT, Status.NOT_YET):
            continue
        for reference in document.head.repeals:
            if reference.doc_number and means(number, reference.doc_number):
                quoted = _quoted(document, reference)
                if quoted is not None:
                    yield quoted


def _means(reference: Reference, document: Document) -> bool:
    """Whether a repeal means this paper, one of those that the paper is known to repeal."""
    number = document.head.doc_number
    if reference.doc_number and number is not None:
        return same_number(reference.doc_number, number.value)
    titles = [document.head.title, document.head.inner_title]
    return any(title is not None and key_of(title.value) == key_of(reference.title) for title in titles)


def _quoted(document: Document, reference: Reference) -> Quoted | None:
    clause = clause_at(document, reference.span)
    if clause is None:
        return None
    return Quoted(document, clause, (sentence_around(document, clause, reference.span),))
