"""Upgrades from an earlier schema to the next, after new tables were created. They keep all papers."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from corpus.store import rows
from corpus.store.database import Upgrade
from corpus.store.schema import DOCUMENTS


def _heads_and_names(connection: Connection) -> str:
    """Schema 2 adds the tables of heads and of the names in each paper."""
    in_use = connection.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.version).order_by(DOCUMENTS.c.id)).all()
    for document_id, version in in_use:
        # One paper at a time, so that memory does not grow with the number of papers.
        for document in rows.read(connection, [(document_id, version)]):
            rows.insert_head(connection, document, version=version)
    return "2"


UPGRADES: Mapping[str, Upgrade] = {"1": _heads_and_names}
