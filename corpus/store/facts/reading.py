"""Reads the facts of papers, and makes those that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from corpus.errors import DamagedDocument, StoreDamaged
from corpus.facts.building import facts_in_force
from corpus.facts.in_force import FactCorrection, FactsInForce, ReadFacts
from corpus.facts.model import EXTRACTOR, PaperFacts
from corpus.progress import Progress
from corpus.store import rows
from corpus.store.database import Database
from corpus.store.facts.rows import corrections_of, read_again, read_ahead, stored
from corpus.store.rows import Key
from corpus.store.schema import DOCUMENTS, FACTS


class StoredFacts:
    """Reads the facts of papers, in the versions that a catalogue lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, papers: Sequence[tuple[str, str]]) -> ReadFacts:
        """The facts of papers with these ids and content hashes; leaves out papers that were deleted.

        Those that are not stored, or were made by another extractor, are read from the texts and not stored:
        that is left to `complete`, as a reader may not be allowed to write.
        """
        with self._database.reading() as connection:
            versions = rows.versions_with(connection, papers)
        found = self._stored(versions)
        for key in versions:
            if key[0] not in found:
                found[key[0]] = self._made(key)
        facts = {document_id: one for document_id, one in found.items() if one is not None}
        return ReadFacts(facts, frozenset(found.keys() - facts.keys()))

    def number(self, document_id: str, version: int) -> int:
        """How many facts are stored of a version; 0 for one without any, or without facts."""
        of_version = (FACTS.c.document_id == document_id, FACTS.c.version == version)
        with self._database.reading() as connection:
            return connection.execute(select(FACTS.c.facts).where(*of_version)).scalar() or 0

    def detached(self, document_id: str, version: int) -> tuple[FactCorrection, ...]:
        """The corrections of editors whose fact or words a version does not have; none of a damaged paper."""
        with self._database.reading() as connection:
            if not corrections_of(connection, document_id):
                return ()
        key = (document_id, version)
        facts = self._stored([key]).get(document_id) or self._made(key)
        return facts.detached if facts is not None else ()

    def complete(self, *, progress: Progress | None = None) -> int:
        """Stores the facts of papers that have none of the extractor in use; returns how many were made.

        Each paper is a transaction of its own: a kill loses nothing, and another process may do the same at
        once. A paper that is damaged is left out. Raises StoreError where the database cannot be written.
        """
        with self._database.reading() as connection:
            wanted, made = _incomplete(connection), 0
        for done, (document_id, version) in enumerate(wanted, start=1):
            read = read_ahead(self._database, document_id, version)
            with self._database.writing() as connection:
                # Unless another process has been here meanwhile.
                if read is not None and (document_id, version) in _incomplete(connection, document_id):
                    made += _is_made(connection, document_id, version, read)
            if progress is not None:
                progress(done, len(wanted), "reading facts")
        return made

    def _stored(self, versions: Sequence[Key]) -> dict[str, FactsInForce | None]:
        """The stored facts of versions, by id of the paper; None for damaged ones."""
        try:
            with self._database.reading() as connection:
                return {key[0]: facts for key, facts in stored(connection, versions)}
        except (StoreDamaged, ValueError):
            if len(versions) == 1:
                return {versions[0][0]: None}
            # One by one, as a query of several may not tell which of them cannot be read.
            return {i: facts for key in versions for i, facts in self._stored([key]).items()}

    def _made(self, key: Key) -> FactsInForce | None:
        """The facts of a version, read from its text outside of a transaction; None for a damaged one."""
        try:
            with self._database.reading() as connection:
                documents = list(rows.read(connection, [key]))
                made = corrections_of(connection, key[0])
        except (DamagedDocument, StoreDamaged, ValueError):
            return None
        return next((facts_in_force(document, made) for document in documents), None)


def _is_made(connection: Connection, document_id: str, version: int, read: PaperFacts) -> bool:
    """Makes the facts of a version; returns False for one that is damaged."""
    try:
        read_again(connection, document_id, version, read=read)
    except DamagedDocument:
        return False
    return True


def _incomplete(connection: Connection, document_id: str = "") -> list[Key]:
    """The versions in use without facts of the extractor in use, of all papers or of one."""
    of_version = (FACTS.c.document_id == DOCUMENTS.c.id) & (FACTS.c.version == DOCUMENTS.c.version)
    query = (
        select(DOCUMENTS.c.id, DOCUMENTS.c.version)
        .outerjoin(FACTS, of_version & (FACTS.c.extractor == EXTRACTOR))
        .where(DOCUMENTS.c.version > 0, FACTS.c.version.is_(None))
        .order_by(DOCUMENTS.c.id)
    )
    if document_id:
        query = query.where(DOCUMENTS.c.id == document_id)
    return [(row.id, row.version) for row in connection.execute(query)]
