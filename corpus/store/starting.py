"""Stores the papers that come with the program, all or none, once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from corpus.model import Document
from corpus.store import versions
from corpus.store.database import Database
from corpus.store.schema import DELETED, DOCUMENTS

_KEY = "starting_papers"  # in the table `meta`


class StartingPapers:
    """Knows whether the starting papers were stored: those that were removed since do not come back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missing(self, document_ids: Collection[str]) -> list[str]:
        """The starting papers, of those with these ids, that are to be stored.

        All of an empty store; the rest of a store of an earlier version whose first start was interrupted. A
        store that was filled with other papers gets none.
        """
        with self._database.reading() as connection:
            if self._database.noted(connection, _KEY):
                return []
            known = _known(connection)
        begun = not known or not known.isdisjoint(document_ids)
        return [one for one in document_ids if one not in known] if begun else []

    def add(self, papers: Iterable[tuple[Document, bytes]]) -> None:
        """Stores papers with their files in one transaction, and that the starting papers are complete."""
        with self._database.writing() as connection:
            if self._database.noted(connection, _KEY):
                return  # another process was faster
            known = _known(connection)
            for document, original in papers:
                if document.id not in known:
                    versions.put(connection, document, original=original)
            self._database.note(connection, _KEY, "stored")


def _known(connection: Connection) -> set[str]:
    """Ids of papers that are stored or were deleted."""
    tables = (DOCUMENTS.c.id, DELETED.c.document_id)
    return {found for column in tables for found in connection.execute(select(column)).scalars()}
