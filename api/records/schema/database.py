"""The database of the records: opening, migration, and write transactions one at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)

from api.records.schema.tables import RECEIPTS, SITES, TABLES
from corpus.errors import StoreError
from corpus.store.database import Transactions, sqlite_file

# A schema of our own, so that papers and records can share a PostgreSQL database.
VERSION_TABLE = "records_version"
HEAD = "0001"  # the last revision in migrations/versions
_VERSIONS = Table(VERSION_TABLE, MetaData(), Column("version_num", String))
_LOCK = "service.lock"
_LOCK_NUMBER = 0x7A77_0001  # our key among the advisory locks of a PostgreSQL database
_IF_DAMAGED = "Put a backup in its place, or move it away to begin with an empty one"
_PRIVATE = 0o600  # the file contains the key that signs tokens, and the questions people asked


class RecordsDatabase(Transactions):
    """Transactions on the records. Raises StoreError when they cannot be opened.

    `lock_dir` contains the lock under which one process at a time migrates the tables.
    """

    def __init__(self, url: str, *, lock_dir: Path | None) -> None:
        with _alone(lock_dir):
            _make_private(url)
            super().__init__(url, if_damaged=_IF_DAMAGED)
            self._turn = threading.Lock()
            try:
                with self.writing() as connection:
                    self._bring_up_to_date(connection)
            except BaseException:  # raised again: whatever ends it, nobody else can close it
                self.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or is rolled back.

        Threads of this process wait for a lock here: SQLite would let them sleep and try again.
        """
        with self._turn if self._on_sqlite else nullcontext(), super().writing() as connection:
            yield connection

    def truncate_log(self) -> bool:
        """Empties the write-ahead log as `Transactions` does, while no thread of this process writes."""
        with self._turn if self._on_sqlite else nullcontext():
            return super().truncate_log()

    def try_writing(self) -> None:
        """Raises StoreError when nothing can be written, as on a full disk."""
        with self.writing() as connection:
            _write(connection)

    def _bring_up_to_date(self, connection: Connection) -> None:
        if not self._on_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        if _revision(connection, self.name) != HEAD:
            # alembic takes 0.3 s to import, so it is imported only for tables that are not up to date.
            from api.records.schema.migrate import upgrade

            upgrade(connection)


def look(url: str) -> str:
    """Describes the records at a URL. Creates and migrates nothing.

    Raises StoreError for what would keep the service from starting.
    """
    if (path := sqlite_file(url)) is not None and not path.exists():
        return f"none yet; the first start of the service creates {path.name}"
    database = Transactions(url, if_damaged=_IF_DAMAGED)
    try:
        with database.writing() as connection:
            found = _revision(connection, database.name)
            if found is None:
                return "empty; the first start creates the tables"
            answers = connection.execute(select(func.count()).select_from(RECEIPTS)).scalar_one()
            if found == HEAD:
                _write(connection)
                return f"{answers} answers"
            return f"{answers} answers; the next start updates it"
    finally:
        database.close()


def copy_records(url: str, path: Path) -> bool:
    """Copies an SQLite database of records as it is at one moment; returns whether there is one to copy.

    Raises StoreError.
    """
    source = sqlite_file(url)
    if source is None or not source.exists():
        return False
    database = Transactions(url, if_damaged=_IF_DAMAGED)
    try:
        database.copy_to(path)
    finally:
        database.close()
    return True


def faults_of_records(url: str) -> list[str]:
    """What is wrong with the records at a URL, of whatever revision; empty if nothing is, or none are there.

    Changes nothing. Of a database other than SQLite only the tables are read.
    """
    if (path := sqlite_file(url)) is not None and not path.exists():
        return []
    try:
        database = Transactions(url, if_damaged=_IF_DAMAGED)
    except StoreError as error:
        return [str(error)]
    try:
        found = [f"the records: {message}" for message in database.integrity()]
        with database.reading() as connection:
            if _revision(connection, database.name) == HEAD:
                for table in TABLES.sorted_tables:
                    for _ in connection.execute(select(table)):
                        pass  # decoding a row finds JSON and dates that are none
    except StoreError as error:
        return [str(error)]
    except ValueError as error:
        return [f"a value in the records of {database.name!r} is damaged: {error}. {_IF_DAMAGED}"]
    finally:
        database.close()
    return found


def _write(connection: Connection) -> None:
    """Inserts a site and deletes it, which is invisible to others but is written to the disk on commit.

    A transaction that is rolled back, or a row updated to the same values, never reaches the disk.
    """
    texts = dict.fromkeys(("key", "name", "title", "welcome", "handoff"), "")
    lists: dict[str, list[str]] = {"origins": [], "suggestions": []}
    connection.execute(insert(SITES).values(texts | lists | {"added_at": datetime.now(UTC)}))
    connection.execute(delete(SITES).where(SITES.c.key == ""))


def _revision(connection: Connection, name: str) -> str | None:
    """The revision of the tables, None without any. Raises StoreError for tables of another program."""
    tables = set(inspect(connection).get_table_names())
    found = connection.execute(select(_VERSIONS)).scalar() if VERSION_TABLE in tables else None
    if found is None:
        if taken := set(TABLES.tables) & tables:
            raise StoreError(
                f"{name!r} has tables of another program ({', '.join(sorted(taken))}). "
                "Name an empty or absent database in ZHENGWEN_SERVICE__DATABASE_URL"
            )
        return None
    if found != HEAD:
        from api.records.schema.migrate import revisions

        if found not in revisions():
            raise StoreError(
                f"{name!r} was brought to revision {found} by a later version of zhengwen. "
                "Install that version, or put the backup from before the update in its place"
            )
    return str(found)


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
    """Creates a SQLite file that only this user can read; the files beside it inherit its mode."""
    path = sqlite_file(url)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))
    except OSError:
        return  # opening the database reports the problem
