"""Takes the new and changed files of a folder as jobs.

Beside a file `notice.html` may be `notice.html.json`, written by whatever downloaded it:

    {"url": "https://www.example.gov.cn/notice.html", "fetched_at": "2026-03-01T07:58:00Z"}

Other fields are ignored. The program itself downloads nothing.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from api.settings import IngestSettings
from corpus.errors import KeyReused, TooManyJobs, UnreadableDocument
from corpus.files import read_file
from corpus.folders import find_files
from corpus.formats.member_names import path_name
from corpus.store.jobs.model import NewFile, Origin
from corpus.store.papers import Store

log = logging.getLogger("zhengwen.folder")

_SIDECAR = ".json"
_MOST_SIDECAR = 64 * 1024  # bytes


class Sidecar(BaseModel):
    """What is known of a download."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    url: str = Field(default="", max_length=2000)
    fetched_at: datetime | None = None

    @field_validator("url")
    @classmethod
    def _is_address(cls, given: str) -> str:
        parts = urlsplit(given)
        if given and (parts.scheme not in ("http", "https") or not parts.hostname or not given.isprintable()):
            raise ValueError("no address that begins with http:// or https://")
        return given

    @field_validator("fetched_at")
    @classmethod
    def _in_utc(cls, given: datetime | None) -> datetime | None:
        if given is None:
            return None
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


class WatchedFolder:
    """Looks at the folder when `look` is called. A deleted file changes nothing: its paper stays."""

    def __init__(self, store: Store, settings: IngestSettings) -> None:
        self._store, self._settings = store, settings
        self._before: dict[str, str] = {}  # at the last look: a file that still changes is not taken
        self._paths: dict[str, Path] = {}  # by the names in the database, which are text
        self._told: set[str] = set()

    def look(self) -> int:
        """Accepts the files that are new or changed, and no longer being written; returns how many.

        Raises StoreError.
        """
        folder = self._settings.watch_dir
        if folder is None:
            return 0
        now = self._signatures(folder)
        taken = 0
        known = self._store.watched.all() if now.items() & self._before.items() else {}
        for path, signature in now.items():
            if self._before.get(path) != signature or known.get(path) == signature:
                continue
            try:
                taken += self._take(path, signature)
            except TooManyJobs:
                break  # the rest at a later look
        self._before = now
        return taken

    def _signatures(self, folder: Path) -> dict[str, str]:
        """Size and time of change of each file that may be a paper, and of its sidecar, by path."""
        found: dict[str, str] = {}
        if not folder.is_dir():
            self._tell(f"the watched folder {str(folder)!r} is not there. Make it, or unset the setting")
            return found
        for path in find_files([folder]).files:
            try:
                signature = _signature(path)
            except OSError:
                continue  # deleted a moment ago
            name = path_name(path.relative_to(folder))
            found[name], self._paths[name] = signature, path
        return found

    def _take(self, name: str, signature: str) -> bool:
        path = self._paths[name]
        try:
            data, sidecar = read_file(path), self._sidecar(path)
            if _signature(path) != signature:
                return False  # changed while it was read
        except UnreadableDocument as error:
            self._tell(str(error))
            self._store.watched.note(name, signature)
            return False
        except OSError:
            return False
        file = NewFile(path_name(Path(path.name)), data, sidecar.url, sidecar.fetched_at)
        # No client sends a key with a line feed. A kill before `note` leads to the same job once more.
        key = f"folder\n{name}\n{signature}"
        try:
            accepted = self._store.jobs.accept(
                [file], origin=Origin.FOLDER, key=key, most_waiting=self._settings.max_waiting
            )
        except KeyReused as error:
            self._tell(
                f"{name!r} has other content at the same time of change, and is not read again: {error}"
            )
            accepted = None
        self._store.watched.note(name, signature)
        return accepted is not None and accepted.is_new

    def _sidecar(self, path: Path) -> Sidecar:
        """What is known of a file; nothing where its sidecar is wrong, which the log says."""
        beside = _beside(path)
        try:
            if not beside.is_file() or beside.is_symlink():
                return Sidecar()
            with beside.open("rb") as file:
                return Sidecar.model_validate_json(file.read(_MOST_SIDECAR))
        except (OSError, ValidationError, ValueError) as error:
            first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            self._tell(f"{str(beside)!r} is ignored: {first}. Correct it, and the file is read again")
            return Sidecar()

    def _tell(self, message: str) -> None:
        """Logs a message once."""
        if message not in self._told:
            self._told.add(message)
            log.warning("%s", message)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _SIDECAR)


def _signature(path: Path) -> str:
    about = path.stat()
    beside = _beside(path)
    try:
        more = beside.stat()
        rest = f" {more.st_size}:{more.st_mtime_ns}"
    except OSError:
        rest = ""
    return f"{about.st_size}:{about.st_mtime_ns}{rest}"
