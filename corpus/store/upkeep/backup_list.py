"""The copies of the database that the program has made, by path."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from corpus.store.schema import BACKUPS

PAPERS = "papers.sqlite"  # the copy of the papers in the folder of a backup


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database that still exists."""

    path: Path
    made_at: datetime
    reason: str  # "backup", "upgrade from schema 3"


def record_backup(connection: Connection, path: Path, *, reason: str) -> None:
    """Notes that a copy was made, so that it can be named when a paper in it is deleted."""
    connection.execute(delete(BACKUPS).where(BACKUPS.c.path == str(path)))
    row = {"path": str(path), "made_at": datetime.now(UTC), "reason": reason}
    connection.execute(insert(BACKUPS).values(row))


def may_contain(backup: Path, document_id: str) -> bool:
    """Whether a paper is in a copy, a file or a folder with one; also where the copy cannot be read."""
    file = backup / PAPERS if backup.is_dir() else backup
    query = "SELECT 1 FROM document_versions WHERE document_id = ? LIMIT 1"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(query, (document_id,)).fetchone() is not None
    except sqlite3.Error:
        return True


def existing_backups(connection: Connection, *, since: datetime) -> tuple[Backup, ...]:
    """The backups made since then that still exist, oldest first."""
    rows = connection.execute(select(BACKUPS).order_by(BACKUPS.c.made_at))
    # SQLite keeps no time zone; all times are written in UTC.
    made = (Backup(Path(row.path), row.made_at.replace(tzinfo=UTC), row.reason) for row in rows)
    return tuple(one for one in made if one.made_at >= since and one.path.exists())
