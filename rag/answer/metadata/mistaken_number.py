"""Finds a document number in the question that no paper has, and the number that it was mistaken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Document
from corpus.notation.doc_numbers import DocNumber, coded_numbers
from rag.answer.content.plan import Quoted
from rag.answer.metadata.facts import clause_at, sentence_around
from rag.question.metadata_fields import MetadataField


def unknown_numbers(text: str, catalogue: Catalogue) -> list[DocNumber]:
    """Returns the numbers in `text` that no stored paper has or cites."""
    return [number for number in coded_numbers(text) if not _is_known(number, catalogue)]


def _is_known(number: DocNumber, catalogue: Catalogue) -> bool:
    bearers = catalogue.names.numbered(number)
    return bool(bearers.ids or bearers.too_many or catalogue.names.citing_number(number))


def mistaken_number(numbers: Sequence[DocNumber], documents: Sequence[Document]) -> Quoted | None:
    """Returns where one of `documents` states the number that one of `numbers` was mistaken for, or None.

    A paper's own number is preferred to one that it cites.
    """
    for number in numbers:
        for document in documents:
            meant = next((other for other in _stated(document) if _resembles(number, other)), None)
            if meant is not None:
                return _quoted(document, meant)
    return None


def _stated(document: Document) -> Iterator[DocNumber]:
    """Yields the paper's own number, then all that occur in its text."""
    own = document.head.doc_number
    numbers = list(coded_numbers(document.text))
    yield from (number for number in numbers if own is not None and number.span == own.span)
    yield from numbers


def _resembles(number: DocNumber, other: DocNumber) -> bool:
    """Whether two of code, year and serial are equal: 湘政办发〔2026〕51号 and 湘政办发〔2026〕15号.

    The code of a number in a question may begin with words before it: 依据是省里湘政办发.
    """
    year, serial = number.year_and_serial
    other_year, other_serial = other.year_and_serial
    return [number.code.endswith(other.code), year == other_year, serial == other_serial].count(True) == 2


def _quoted(document: Document, number: DocNumber) -> Quoted | None:
    clause = clause_at(document, number.span)
    if clause is None:
        return None
    own = document.head.doc_number
    fields = (MetadataField.DOC_NUMBER,) if own is not None and own.span == number.span else ()
    return Quoted(document, clause, (sentence_around(document, clause, number.span),), fields)
