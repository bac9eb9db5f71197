"""Writes and reads the facts of versions, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select
from sqlalchemy.exc import DBAPIError

from corpus.errors import DamagedDocument
from corpus.facts.building import facts_in_force, facts_of_text
from corpus.facts.in_force import FactCorrection, FactsInForce
from corpus.facts.model import EXTRACTOR, PaperFacts
from corpus.model import Document
from corpus.store import audit, rows
from corpus.store.database import Database
from corpus.store.facts import codec
from corpus.store.rows import Key
from corpus.store.schema import FACT_CORRECTIONS, FACTS, VERSIONS


def insert_facts(connection: Connection, facts: FactsInForce, *, version: int, content: str) -> None:
    """Inserts the facts of a version, in place of earlier ones. `content` is the hash of the paper."""
    row = codec.row_of(facts, content=content)
    connection.execute(delete(FACTS).where(*_is(facts.document_id, version)))
    values = {"document_id": facts.document_id, "version": version, "extractor": EXTRACTOR}
    body = {"facts": row.facts, "body": row.body, "sha256": row.sha256}
    connection.execute(insert(FACTS).values(values | body))


def read_facts(
    connection: Connection,
    document: Document,
    *,
    version: int,
    content: str,
    read: PaperFacts | None = None,
) -> None:
    """Inserts the facts of a paper with the corrections that editors have made.

    `read` are those of its text, where they were read before the transaction; else they are read here.
    """
    facts = facts_in_force(document, corrections_of(connection, document.id), facts=read)
    insert_facts(connection, facts, version=version, content=content)


def read_ahead(database: Database, document_id: str, version: int) -> PaperFacts | None:
    """The facts of the text of a version, read outside of a transaction; None where it cannot be read.

    A version never has another text, so they can be stored later.
    """
    try:
        with database.reading() as connection:
            documents = list(rows.read(connection, [(document_id, version)]))
    except DamagedDocument:
        return None
    return facts_of_text(documents[0]) if documents else None


def read_again(
    connection: Connection, document_id: str, version: int, *, read: PaperFacts | None = None
) -> None:
    """Makes the facts of a stored version again, from `read` as `read_facts` does.

    Raises DamagedDocument where its paper cannot be read.
    """
    of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
    content = connection.execute(select(VERSIONS.c.content_sha256).where(*of_version)).scalar_one()
    for document in rows.read(connection, [(document_id, version)]):
        read_facts(connection, document, version=version, content=content, read=read)


def are_sound(connection: Connection, document_id: str, version: int) -> bool:
    """Whether the facts of a version are stored, made by the extractor in use, and as they were stored."""
    try:
        return any(facts is not None for _, facts in stored(connection, [(document_id, version)]))
    except ValueError:
        return False
    except DBAPIError as error:
        if error.connection_invalidated:  # as in corpus.store.rows.is_sound
            raise
        return False


def stored(connection: Connection, wanted: Sequence[Key]) -> Iterator[tuple[Key, FactsInForce | None]]:
    """Yields the facts of versions that have some of the extractor in use; None for damaged ones."""
    of_facts = (FACTS.c.document_id == VERSIONS.c.document_id) & (FACTS.c.version == VERSIONS.c.version)
    query = select(FACTS, VERSIONS.c.content_sha256).join(VERSIONS, of_facts)
    for some in rows.batches(wanted):
        of_versions = rows.are(FACTS.c.document_id, FACTS.c.version, some)
        for row in connection.execute(query.where(of_versions, FACTS.c.extractor == EXTRACTOR)):
            columns = codec.FactsRow(row.facts, row.body, row.sha256)
            yield (row.document_id, row.version), codec.facts_of(columns, content=row.content_sha256)


def corrections_of(connection: Connection, document_id: str) -> tuple[FactCorrection, ...]:
    """The corrections of the facts of a paper that are in force, oldest first."""
    query = select(FACT_CORRECTIONS).where(FACT_CORRECTIONS.c.document_id == document_id)
    made = {row.id: row for row in connection.execute(query.order_by(FACT_CORRECTIONS.c.id))}
    undone = {row.undoes for row in made.values() if row.undoes is not None}
    return tuple(
        FactCorrection(
            number,
            codec.address_of(row.address),
            row.field,
            codec.words_of(row.words),
            row.reason,
            audit.utc(row.at),
        )
        for number, row in made.items()
        if row.undoes is None and number not in undone
    )


def _is(document_id: str, version: int) -> tuple[ColumnElement[bool], ...]:
    return FACTS.c.document_id == document_id, FACTS.c.version == version
