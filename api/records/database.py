"""The database of the records: opened, brought up to date, written to by one at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, delete, event, func, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.records.tables import RECEIPTS, SITES, TABLES
from corpus.errors import StoreError
from corpus.store.database import Transactions

# Of our own, so that papers and records can share a PostgreSQL database.
VERSION_TABLE = "records_version"
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = "service.lock"
_LOCK_NUMBER = 0x7A77_0001  # names our lock among the advisory locks of a PostgreSQL database
_IF_DAMAGED = "Put a backup in its place, or move it away to begin with an empty one"
_PRIVATE = 0o600  # the file holds the key that tokens are signed with, and what people asked


class RecordsDatabase(Transactions):
    """Transactions on the records. Raises StoreError when they cannot be opened.

    `lock_dir` holds the lock under which one process at a time brings the tables up to date.
    """

    def __init__(self, url: str, *, lock_dir: Path | None) -> None:
        with _alone(lock_dir):
            _make_private(url)
            super().__init__(url, if_damaged=_IF_DAMAGED)
            self._on_sqlite = self._engine.dialect.name == "sqlite"
            self._turn = threading.Lock()
            if self._on_sqlite:
                event.listen(self._engine, "connect", _erase_what_is_deleted)
            try:
                with self.writing() as connection:
                    self._bring_up_to_date(connection)
            except BaseException:
                self.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or leaves nothing behind.

        Threads of this process line up here: SQLite would let them sleep and try again.
        """
        with self._turn if self._on_sqlite else nullcontext(), super().writing() as connection:
            yield connection

    def try_writing(self) -> None:
        """Raises StoreError when nothing can be written, as on a full disk."""
        with self.writing() as connection:
            _write(connection)

    def _bring_up_to_date(self, connection: Connection) -> None:
        if not self._on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        config = _migrations()
        config.attributes["connection"] = connection
        scripts = ScriptDirectory.from_config(config)
        if _revision(connection, scripts, self.name) != scripts.get_current_head():
            command.upgrade(config, "head")


def look(url: str) -> str:
    """What is in the records at a URL. Nothing is made or brought up to date.

    Raises StoreError for what would keep the service from starting.
    """
    if (path := _file(url)) is not None and not path.exists():
        return f"none yet; the first start of the service makes {path.name}"
    scripts = ScriptDirectory.from_config(_migrations())
    database = Transactions(url, if_damaged=_IF_DAMAGED)
    try:
        with database.writing() as connection:
            found = _revision(connection, scripts, database.name)
            if found is None:
                return "empty; the first start makes the tables"
            answers = connection.execute(select(func.count()).select_from(RECEIPTS)).scalar_one()
            if found == scripts.get_current_head():
                _write(connection)
                return f"{answers} answers"
            return f"{answers} answers; the next start brings it up to date"
    finally:
        database.close()


def _write(connection: Connection) -> None:
    """Add a site and take it out again, which nobody sees and the disk must take when it is committed.

    A transaction that is undone, or a row that is written as it was, never reaches the disk.
    """
    texts = dict.fromkeys(("key", "name", "title", "welcome", "handoff"), "")
    lists: dict[str, list[str]] = {"origins": [], "suggestions": []}
    connection.execute(insert(SITES).values(texts | lists | {"added_at": datetime.now(UTC)}))
    connection.execute(delete(SITES).where(SITES.c.key == ""))


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _revision(connection: Connection, scripts: ScriptDirectory, name: str) -> str | None:
    """The revision the tables are of, None without any. Raises StoreError for those that are not ours."""
    found = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    ).get_current_revision()
    if found is None:
        taken = set(TABLES.tables) & set(inspect(connection).get_table_names())
        if taken:
            raise StoreError(
                f"{name!r} has tables of another program ({', '.join(sorted(taken))}). "
                "Name an empty or absent database in ZHENGWEN_SERVICE__DATABASE_URL"
            )
    elif found not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"{name!r} was brought to revision {found} by a later version of zhengwen. "
            "Install that version, or put the backup from before the update in its place"
        )
    return found


def _alone(lock_dir: Path | None) -> AbstractContextManager[Any]:
    if lock_dir is None:
        return nullcontext()
    try:
        lock_dir.mkdir(parents=True, exist_ok=True)
        return FileLock(lock_dir / _LOCK).acquire()
    except OSError as error:
        raise StoreError(
            f"nothing can be written in {str(lock_dir)!r}: {error.strerror or error}. "
            "Set another ZHENGWEN_DATA_DIR"
        ) from error


def _make_private(url: str) -> None:
    """A new SQLite file is for this user only; the files beside it take over its mode."""
    path = _file(url)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))
    except OSError:
        return  # opening the database says what is wrong with it


def _file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other, and for what is no URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    on_disk = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(parsed.database) if on_disk and parsed.database else None


def _erase_what_is_deleted(connection: Any, _: object) -> None:
    """Overwrite what is deleted: a conversation that was deleted must not stay readable in the file."""
    connection.execute("PRAGMA secure_delete=ON").close()
