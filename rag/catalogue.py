"""The stored papers and what became of each: all that can be told without the index or a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from corpus.errors import UnknownDocument
from corpus.head.status import effective
from corpus.model import Document, Status


class Shelf:
    """Papers by id, with their status on a day."""

    def __init__(self, documents: Sequence[Document], *, today: date) -> None:
        self._documents = {document.id: document for document in documents}
        self._statuses = {d.id: effective(d, documents, today=today) for d in documents}

    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents.values())

    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""
        if document_id not in self._documents:
            raise UnknownDocument(document_id)
        return self._documents[document_id]

    def status(self, document: Document) -> Status:
        """What became of the paper: in force, draft, repealed, expired."""
        return self._statuses[document.id]

    @property
    def statuses(self) -> Mapping[str, Status]:
        """The status of every paper by its id."""
        return self._statuses
