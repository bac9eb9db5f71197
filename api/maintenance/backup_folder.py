"""The folder of a backup: its manifest, and the check of its files against it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from api.errors import BackupFault
from corpus.store.upkeep.backup_list import PAPERS

RECORDS, SETTINGS, MANIFEST = "service.sqlite", "settings.env", "manifest.json"
FORMAT = 1  # increase it when the files change their meaning
_BLOCK = 1 << 20  # bytes read at once


class BackedUp(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    bytes: int


class BackupManifest(BaseModel):
    """Content of manifest.json of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    program: str  # version of zhengwen that made it
    made_at: datetime
    schema_version: str  # of the papers
    revision: str  # of the records
    papers: int  # in use
    files: dict[str, BackedUp]


def checked_manifest(folder: Path) -> BackupManifest:
    """Reads the manifest and checks every file against it. Raises BackupFault, naming what is wrong."""
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        if name not in (PAPERS, RECORDS, SETTINGS):
            raise BackupFault(f"the backup {str(folder)!r} names a file {name!r}, which no backup has")
        try:
            digest = sha256_of(folder / name)
        except OSError as error:
            raise BackupFault(
                f"{name!r} of the backup {str(folder)!r} cannot be read: {error.strerror or error}. "
                "Take another backup"
            ) from error
        if digest != expected.sha256:
            raise BackupFault(
                f"{name!r} of the backup {str(folder)!r} was altered or truncated: its checksum differs from "
                "that in the manifest. Take another backup"
            )
    return manifest


def read_manifest(folder: Path) -> BackupManifest:
    """Reads the manifest alone. Raises BackupFault."""
    path = folder / MANIFEST
    try:
        return BackupManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or error
        raise BackupFault(
            f"{str(folder)!r} is no backup: {MANIFEST} cannot be read: {reason}. Name the folder that "
            "`zhengwen backup create` made"
        ) from error
    except ValidationError as error:
        raise BackupFault(f"{str(path)!r} is damaged, or of a later version of zhengwen") from error


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read block by block."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
