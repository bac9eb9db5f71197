"""Copies whole tables from one database to another, of another kind too: all of them or none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    MetaData,
    Row,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)

from corpus.errors import StoreError
from corpus.progress import Progress
from corpus.store.database import Transactions, sqlite_file
from corpus.store.faults import cause_of_os

_AT_ONCE = 200  # rows; one may have the file of a paper
_MODULUS = 1 << 256
_IF_DAMAGED = "Run `zhengwen verify`, and restore a backup before copying"
# Other names of the file that SQLite writes until all is copied.
_ASIDE, _BESIDE = ".unfinished", ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table that is in the target as it is in the source."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Two transactions: one reads a single state of the source, the other fills the target."""

    source: Connection
    target: Connection
    done: list[CopiedTable] = field(default_factory=list)

    def tables(self, tables: MetaData, *, progress: Progress | None = None) -> None:
        """Creates the tables in the target and copies the rows of those that the source has.

        Compares rows and their digests in both databases. Raises StoreError where they differ.
        """
        tables.create_all(self.target)
        known = set(inspect(self.source).get_table_names())
        for table in tables.sorted_tables:
            if table.name in known:
                self.done.append(self._table(table, progress))

    def _table(self, table: Table, progress: Progress | None) -> CopiedTable:
        total = self.source.execute(select(func.count()).select_from(table)).scalar_one()
        sums = [0, 0]
        rows = self.source.execute(select(table).execution_options(yield_per=_AT_ONCE))
        done = 0
        for some in rows.partitions():
            sums[0] += sum(_digest(table, row) for row in some)
            self.target.execute(insert(table), [_values(table, row) for row in some])
            done += len(some)
            if progress is not None:
                progress(done, total, f"copying {table.name}")
        again = self.target.execute(select(table).execution_options(yield_per=_AT_ONCE))
        found = 0
        for some in again.partitions():
            sums[1] += sum(_digest(table, row) for row in some)
            found += len(some)
        if (total, sums[0] % _MODULUS) != (found, sums[1] % _MODULUS):
            raise StoreError(
                f"{table.name} has {found} rows in the target and {total} in the source, or other contents. "
                "Nothing was copied; run `zhengwen verify` on the source"
            )
        self._continue_numbers(table)
        return CopiedTable(table.name, total)

    def _continue_numbers(self, table: Table) -> None:
        """Lets PostgreSQL number further rows after those that were copied with their numbers."""
        keys = list(table.primary_key)
        numbered = len(keys) == 1 and isinstance(keys[0].type, Integer) and not keys[0].foreign_keys
        if not numbered or self.target.dialect.name != "postgresql":
            return
        name = keys[0].name
        self.target.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{name}'), max({name})) "
                f"FROM {table.name} HAVING max({name}) IS NOT NULL"
            )
        )


@contextmanager
def copying(source_url: str, target_url: str, *, mode: int = 0o666) -> Iterator[Copy]:
    """Copies from one state of a database into an empty one; what was written is kept if the block ends.

    An SQLite file gets its name then, and was made with `mode`; PostgreSQL keeps the whole transaction or
    nothing of it. Raises StoreError for a target that is not empty.
    """
    with ExitStack() as stack:
        url = target_url
        if (path := sqlite_file(target_url)) is not None:
            _refuse(path)
            url = f"sqlite:///{stack.enter_context(_placed(path, mode=mode))}"
        # The source first: an error while both are open is mostly one of the target, which then is named.
        source = stack.enter_context(one_state(source_url))
        target = Transactions(url, if_damaged=_IF_DAMAGED, keeps_connections=False)
        stack.callback(target.close)
        into = stack.enter_context(target.writing())
        if names := inspect(into).get_table_names():
            raise StoreError(
                f"{target.name!r} is not empty: it has {len(names)} tables, such as {min(names)!r}. Name an "
                "empty database, or a file that does not exist"
            )
        yield Copy(source, into)


@contextmanager
def one_state(url: str) -> Iterator[Connection]:
    """A transaction that reads a single state of a database."""
    source = Transactions(url, if_damaged=_IF_DAMAGED, keeps_connections=False)
    try:
        with source.reading() as connection:
            if connection.dialect.name != "sqlite":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection
    finally:
        source.close()


@contextmanager
def _placed(path: Path, *, mode: int) -> Iterator[Path]:
    """A file that has another name until the block ends, and is deleted if it fails."""
    aside = path.with_name(path.name + _ASIDE)
    _delete(aside)  # what an interrupted copy left
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(aside, os.O_CREAT | os.O_RDWR, mode))
        yield aside
        aside.replace(path)
        _sync(path.parent)
    except OSError as error:
        reason, cure = cause_of_os(error)
        raise StoreError(f"{str(path)!r} cannot be written: {reason}. {cure}") from error
    finally:
        _delete(aside)


def _refuse(path: Path) -> None:
    if path.exists() and path.stat().st_size:
        raise StoreError(f"{str(path)!r} exists. Name a file that does not exist")


def _delete(aside: Path) -> None:
    for ending in ("", *_BESIDE):
        aside.with_name(aside.name + ending).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # Windows cannot open a folder, and syncs its entries by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _values(table: Table, row: Row[Any]) -> dict[str, Any]:
    return {
        column.name: _with_zone(value) if isinstance(column.type, DateTime) else value
        for column, value in zip(table.columns, row, strict=True)
    }


def _with_zone(value: datetime | None) -> datetime | None:
    """The same moment in UTC: SQLite stores no zone, and PostgreSQL takes a time without one for its own."""
    if value is None:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _digest(table: Table, row: Row[Any]) -> int:
    """A number for the contents of a row, the same in every database; sums of them ignore the order."""
    plain = [_plain(value) for value in row]
    data = json.dumps([table.name, plain], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(data.encode("utf-8", "surrogatepass")).digest())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (_with_zone(value) or value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return value
