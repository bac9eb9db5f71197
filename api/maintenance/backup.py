"""Makes backups while the service runs, and lists those that were made."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.errors import BackupFault
from api.maintenance.backup_folder import (
    FORMAT,
    MANIFEST,
    RECORDS,
    SETTINGS,
    BackedUp,
    BackupManifest,
    read_manifest,
    sha256_of,
)
from api.records.schema.database import HEAD, copy_records
from api.settings import Settings
from corpus.errors import StoreError
from corpus.store.database import SCHEMA_VERSION, sqlite_file
from corpus.store.faults import cause_of_file
from corpus.store.papers import Store
from corpus.store.upkeep.backup_list import PAPERS, Backup, may_contain
from corpus.store.upkeep.backups import list_backups, note_backup
from index.build import atomic_files as files
from index.build.manifest import program_version
from rag.stored_papers import open_store

_PRIVATE = 0o700  # a backup contains the key that signs tokens, and the questions people asked


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup that was made and still exists; without a manifest it was made by an upgrade."""

    backup: Backup
    manifest: BackupManifest | None


def create(settings: Settings, path: Path, *, settings_lines: str) -> BackupManifest:
    """Copies papers and records into a new folder `path`, which appears only when it is whole.

    `settings_lines` are the settings in force, without keys. The service may run meanwhile. Raises
    BackupFault and StoreError; nothing is overwritten.
    """
    path = path.absolute()
    _check_sqlite(settings)
    if path.exists() or path.is_symlink():
        raise BackupFault(f"{str(path)!r} exists, and no backup is overwritten. Name a new folder")
    aside = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        aside.mkdir(mode=_PRIVATE, parents=True)
        try:
            with open_store(settings) as store:
                manifest = _filled(settings, store, aside, settings_lines)
                # Noted first: a backup that was made and not noted would never be named.
                note_backup(store, path, reason="backup")
            os.rename(aside, path)  # fails for a folder that is not empty
            files.sync_folder(path.parent)
        except BaseException:  # raised again: whatever ends it, no half backup stays
            shutil.rmtree(aside, ignore_errors=True)
            raise
    except (OSError, sqlite3.Error) as error:
        reason, cure = cause_of_file(error, path)
        raise BackupFault(f"no backup can be written to {str(path)!r}: {reason}. {cure}") from error
    return manifest


def _check_sqlite(settings: Settings) -> None:
    """Raises BackupFault for a database that this program does not copy."""
    for name, url in (
        ("ZHENGWEN_DATABASE_URL", settings.store_url),
        ("ZHENGWEN_SERVICE__DATABASE_URL", settings.service_url),
    ):
        if sqlite_file(url) is None:
            raise BackupFault(
                f"{name} names a database of a server, which backs itself up: use `pg_dump`, `pg_restore`. "
                "Nothing else has to be copied, as the index is derived"
            )


def _filled(settings: Settings, store: Store, folder: Path, settings_lines: str) -> BackupManifest:
    """Writes the files and, last, their manifest."""
    store.database.copy_to(folder / PAPERS)
    _check_copy(folder / PAPERS)
    if copy_records(settings.service_url, folder / RECORDS):
        _check_copy(folder / RECORDS)
    files.write(folder / SETTINGS, settings_lines.encode())
    names = [name for name in (PAPERS, RECORDS, SETTINGS) if (folder / name).exists()]
    manifest = BackupManifest(
        format=FORMAT,
        program=program_version(),
        made_at=datetime.now(UTC),
        schema_version=SCHEMA_VERSION,
        revision=HEAD,
        papers=_papers_in(folder / PAPERS),
        files={
            name: BackedUp(sha256=sha256_of(folder / name), bytes=(folder / name).stat().st_size)
            for name in names
        },
    )
    files.write(folder / MANIFEST, manifest.model_dump_json(indent=1).encode())
    files.sync_folder(folder)
    return manifest


def _check_copy(path: Path) -> None:
    """Raises StoreError for a copy that SQLite finds damaged: a backup that cannot be restored is none."""
    with closing(sqlite3.connect(path)) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise StoreError(f"the copy in {str(path)!r} is damaged: {found[0]}. Run `zhengwen verify`")


def _papers_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        (count,) = database.execute("SELECT count(*) FROM documents WHERE version > 0").fetchone()
    return int(count)


def backups(settings: Settings) -> list[Listed]:
    """The backups that were made of these papers and still exist, oldest first."""
    with open_store(settings) as store:
        made = list_backups(store)
    return [Listed(one, _manifest(one.path)) for one in made]


def backups_containing(settings: Settings, document_id: str) -> list[Listed]:
    """The backups that contain a version of the paper, in use or not."""
    return [one for one in backups(settings) if may_contain(one.backup.path, document_id)]


def _manifest(path: Path) -> BackupManifest | None:
    if path.is_dir():
        with suppress(BackupFault):
            return read_manifest(path)
    return None
