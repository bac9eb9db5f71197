"""From an earlier schema to the next. The tables themselves are made before; no paper is ever lost."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from corpus.store import rows
from corpus.store.database import Upgrade
from corpus.store.schema import DOCUMENTS


def _heads_and_names(connection: Connection) -> str:
    """Schema 2 has the head of each paper beside its text, and the names of the papers it names."""
    in_use = connection.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.version).order_by(DOCUMENTS.c.id)).all()
    for document_id, version in in_use:
        # One at a time: the memory that this takes does not depend on the number of papers.
        for document in rows.read(connection, [(document_id, version)]):
            rows.insert_head(connection, document, version=version)
    return "2"


UPGRADES: Mapping[str, Upgrade] = {"1": _heads_and_names}
