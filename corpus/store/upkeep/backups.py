"""Notes and lists the backups that were made of a store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from corpus.store.papers import Store
from corpus.store.upkeep.backup_list import Backup, existing_backups, record_backup


def note_backup(store: Store, path: Path, *, reason: str) -> None:
    """Notes that a copy of the papers was made at `path`."""
    with store.database.writing() as connection:
        record_backup(connection, path, reason=reason)


def list_backups(store: Store) -> tuple[Backup, ...]:
    """The backups that still exist, oldest first."""
    with store.database.reading() as connection:
        return existing_backups(connection, since=datetime.min.replace(tzinfo=UTC))
