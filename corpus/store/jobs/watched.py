"""Knows which files of the watched folder were taken, so that each is taken once for each of its states."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from corpus.store.database import Database
from corpus.store.schema import WATCHED


class WatchedFiles:
    """The files that became jobs, by path, with a signature of the state in which they did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Signatures by path."""
        with self._database.reading() as connection:
            return {row.path: row.signature for row in connection.execute(select(WATCHED))}

    def note(self, path: str, signature: str) -> None:
        """Notes that a file was taken in this state."""
        with self._database.writing() as connection:
            connection.execute(delete(WATCHED).where(WATCHED.c.path == path))
            connection.execute(insert(WATCHED).values(path=path, signature=signature))
