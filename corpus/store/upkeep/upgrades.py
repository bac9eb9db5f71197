"""Upgrades from an earlier schema to a later one, after new tables were created. They keep all papers."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, inspect, select, text, update

from corpus.store import codec, rows
from corpus.store.database import Upgrade
from corpus.store.schema import DOCUMENTS, HEADS, IDENTITIES, NAMES, NAMES_OF_VERSION, VERSIONS


def _heads_and_names(connection: Connection) -> str:
    """Adds heads and the names in each paper, in tables as schema 3 has them: they were just created."""
    in_use = (VERSIONS.c.document_id == DOCUMENTS.c.id) & (VERSIONS.c.version == DOCUMENTS.c.version)
    query = select(DOCUMENTS.c.id, DOCUMENTS.c.version, VERSIONS.c.content_sha256).join(VERSIONS, in_use)
    for document_id, version, content in connection.execute(query.order_by(DOCUMENTS.c.id)).all():
        # One paper at a time, so that memory does not grow with the number of papers.
        for document in rows.read(connection, [(document_id, version)]):
            rows.insert_head(connection, document, version=version, content=content)
    return "3"


def _contents_and_numbers(connection: Connection) -> str:
    """Adds the content hash to heads, an index to names, and the whole code to the numbers among names."""
    NAMES_OF_VERSION.create(connection)
    connection.execute(text("ALTER TABLE heads ADD COLUMN content_sha256 VARCHAR(64) NOT NULL DEFAULT ''"))
    of_version = (VERSIONS.c.document_id == HEADS.c.document_id) & (VERSIONS.c.version == HEADS.c.version)
    content = select(VERSIONS.c.content_sha256).where(of_version).scalar_subquery()
    connection.execute(update(HEADS).values(content_sha256=content))
    connection.execute(delete(NAMES))
    for document_id, version in connection.execute(select(HEADS.c.document_id, HEADS.c.version)).all():
        of_head = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
        written = connection.execute(select(VERSIONS.c.text).where(*of_head)).scalar_one()
        rows.insert_names(connection, written, document_id=document_id, version=version)
    return "3"


def _identities(connection: Connection) -> str:
    """Adds the keys and days of each version, and deletes at last what was removed; all ids stay."""
    connection.execute(delete(IDENTITIES))
    for document_id, version in connection.execute(select(HEADS.c.document_id, HEADS.c.version)).all():
        for document in rows.read(connection, [(document_id, version)]):
            connection.execute(insert(IDENTITIES).values(codec.identity_row(document, version=version)))
            rows.insert_days(connection, document, version=version)
    if "removed" in inspect(connection).get_table_names():
        connection.execute(
            text(
                "INSERT INTO deleted (document_id, version, at, is_finished) "
                "SELECT removed.document_id, removed.version, removed.removed_at, :no FROM removed "
                "JOIN documents ON documents.id = removed.document_id WHERE documents.version = 0"
            ),
            {"no": False},
        )
        connection.execute(text("DROP TABLE removed"))
        connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.version == 0))
    return "4"


def _facts(_: Connection) -> str:
    """Leaves the table of facts empty: reading them here would stop the program for minutes."""
    return "5"


UPGRADES: Mapping[str, Upgrade] = {
    "1": _heads_and_names,
    "2": _contents_and_numbers,
    "3": _identities,
    "4": _facts,
}
