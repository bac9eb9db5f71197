"""Restores a backup: all of it or nothing, whenever the program or the machine stops."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.errors import BackupFault
from api.maintenance.backup_folder import (
    FORMAT,
    RECORDS,
    BackupManifest,
    checked_manifest,
    sha256_of,
)
from api.settings import Settings
from corpus.store.database import SCHEMA_VERSION, sqlite_file
from corpus.store.faults import cause_of_file
from corpus.store.folder_lock import PENDING, alone
from corpus.store.upkeep.backup_list import PAPERS
from index.build import atomic_files as files

_STAGED, _ASIDE = "restoring", "before-restore"  # folders beside the database, with the time of the restore
_BESIDE = ("-wal", "-shm", "-journal")  # files of SQLite that belong to a database
_PRIVATE = 0o600
# As corpus.store.schema has it; a backup of an earlier version may lack it.
_BACKUPS = (
    "CREATE TABLE IF NOT EXISTS backups (path TEXT NOT NULL, made_at DATETIME NOT NULL, "
    "reason VARCHAR NOT NULL, PRIMARY KEY (path))"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored."""

    manifest: BackupManifest
    aside: tuple[Path, ...]  # where the data from before is


def restore(settings: Settings, backup: Path) -> Restored:
    """Puts the databases of a backup in the place of the present ones, which are kept aside.

    Everything is checked and copied before the first file is moved. If it is interrupted after that, no
    program opens the data until the same call has finished it. The index stays: the next start brings it
    up to date with the restored papers, and computes only vectors that it lacks. Raises BackupFault and
    StoreError.
    """
    targets = _targets(settings)
    folders = sorted({path.parent for path in targets.values()})
    try:
        with ExitStack() as locks:
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
                locks.enter_context(alone(folder))
            manifest = checked_manifest(backup)
            _check_version(backup, manifest)
            for folder in folders:
                _finish(folder)  # what was interrupted before
                for left in folder.glob(f"{_STAGED}-*"):
                    shutil.rmtree(left)
            stamp = _stamp(folders)
            plans = [_staged(folder, backup, manifest, targets, stamp=stamp) for folder in folders]
            for folder, plan in zip(folders, plans, strict=True):
                files.replace(folder / PENDING, json.dumps(plan).encode())
            aside = tuple(_finish(folder) for folder in folders)
    except (OSError, sqlite3.Error) as error:
        reason, cure = cause_of_file(error, targets[PAPERS])
        raise BackupFault(f"the backup {str(backup)!r} cannot be restored: {reason}. {cure}") from error
    return Restored(manifest, tuple(one for one in aside if one is not None))


def _targets(settings: Settings) -> Mapping[str, Path]:
    """The file of each database. Raises BackupFault for one that this program does not restore."""
    found = {PAPERS: sqlite_file(settings.store_url), RECORDS: sqlite_file(settings.service_url)}
    paths = {name: path.absolute() for name, path in found.items() if path is not None}
    if len(paths) < len(found):
        raise BackupFault(
            "a database of a server is restored with `pg_restore`: the settings name one in "
            "ZHENGWEN_DATABASE_URL or ZHENGWEN_SERVICE__DATABASE_URL"
        )
    return paths


def _stamp(folders: Sequence[Path]) -> str:
    """The time, as a part of names of folders that are not there yet: nothing kept aside is overwritten."""
    while True:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        if not any((folder / f"{name}-{stamp}").exists() for folder in folders for name in (_STAGED, _ASIDE)):
            return stamp


def _check_version(backup: Path, manifest: BackupManifest) -> None:
    from api.records.schema.migrate import revisions

    later = manifest.format > FORMAT or int(manifest.schema_version) > int(SCHEMA_VERSION)
    if later or manifest.revision not in revisions():
        raise BackupFault(
            f"the backup {str(backup)!r} was made by a later version of zhengwen ({manifest.program}). "
            "Install that version first"
        )


def _staged(
    folder: Path,
    backup: Path,
    manifest: BackupManifest,
    targets: Mapping[str, Path],
    *,
    stamp: str,
) -> dict[str, object]:
    """Copies the files for one folder beside the present ones and checks the copies; returns what to move."""
    staged = folder / f"{_STAGED}-{stamp}"
    staged.mkdir(mode=0o700)
    names = []
    for name, target in targets.items():
        if target.parent != folder or name not in manifest.files:
            continue
        copy = staged / target.name
        shutil.copyfile(backup / name, copy)
        _give_to_owner(copy, folder)
        if sha256_of(copy) != manifest.files[name].sha256:
            raise BackupFault(f"{str(copy)!r} differs from the backup after copying. Check the disk")
        if name == PAPERS:
            _take_list_of_backups(target, copy, aside=folder / f"{_ASIDE}-{stamp}")
        names.append(target.name)
    files.sync_tree(staged)
    files.sync_folder(folder)
    return {"stamp": stamp, "databases": names}


def _take_list_of_backups(present: Path, restored: Path, *, aside: Path) -> None:
    """Adds the backups made since, and the data that is kept aside: they may contain papers deleted later."""
    if not present.exists():
        return
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")  # as SQLAlchemy writes times
    with closing(sqlite3.connect(f"{restored.as_uri()}?mode=rw", uri=True)) as database:
        database.execute(_BACKUPS)
        row = (str(aside / present.name), now, "before restoring a backup")
        database.execute("INSERT OR REPLACE INTO backups (path, made_at, reason) VALUES (?, ?, ?)", row)
        database.commit()
        with suppress(sqlite3.Error):  # the present database may be what made the restore necessary
            database.execute("ATTACH ? AS present", (f"{present.as_uri()}?mode=ro",))
            database.execute(
                "INSERT OR IGNORE INTO backups (path, made_at, reason) "
                "SELECT path, made_at, reason FROM present.backups"
            )
            database.commit()


def _finish(folder: Path) -> Path | None:
    """Carries out what `restore.json` says; returns the folder of the data from before.

    It may be interrupted anywhere and called again: a database is moved aside only while its successor still
    waits, and with the files that belong to it, which must never meet another database.
    """
    pending = folder / PENDING
    if not pending.exists():
        return None
    plan = json.loads(pending.read_bytes())
    staged, aside = (folder / f"{name}-{plan['stamp']}" for name in (_STAGED, _ASIDE))
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in plan["databases"]:
        if (staged / name).exists():
            for beside in (*_BESIDE, ""):
                _move(folder / f"{name}{beside}", aside)
            files.sync_folder(folder)
            os.replace(staged / name, folder / name)
            files.sync_folder(folder)
    files.sync_folder(aside)
    files.sync_folder(folder)
    pending.unlink()
    files.sync_folder(folder)
    shutil.rmtree(staged, ignore_errors=True)
    if not any(aside.iterdir()):  # there was no data before
        aside.rmdir()
        return None
    return aside


def _give_to_owner(path: Path, folder: Path) -> None:
    """Makes the file private to the owner of the folder, for whom root may restore it."""
    path.chmod(_PRIVATE)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _move(path: Path, folder: Path) -> None:
    with suppress(FileNotFoundError):
        path.rename(folder / path.name)
