"""Where and when the files of papers were downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from corpus.store.audit import utc
from corpus.store.database import Database
from corpus.store.schema import FETCHES


@dataclass(frozen=True, slots=True)
class Fetch:
    """The last download of a paper; `url` is empty and `fetched_at` None where that is not known."""

    url: str
    fetched_at: datetime | None


class Fetches:
    """Reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: str) -> Fetch | None:
        """The last download of a paper that is known; None for none."""
        query = select(FETCHES).where(FETCHES.c.document_id == document_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return Fetch(row.url, utc(row.fetched_at) if row.fetched_at else None)


def record(connection: Connection, document_id: str, *, url: str, fetched_at: datetime | None) -> None:
    """Notes a download, unless nothing is known of it or a later one was noted before."""
    if not url and fetched_at is None:
        return
    of_paper = FETCHES.c.document_id == document_id
    before = connection.execute(select(FETCHES.c.fetched_at).where(of_paper)).scalar()
    if before is not None and fetched_at is not None and utc(before) > fetched_at:
        return
    connection.execute(delete(FETCHES).where(of_paper))
    connection.execute(insert(FETCHES).values(document_id=document_id, url=url, fetched_at=fetched_at))
