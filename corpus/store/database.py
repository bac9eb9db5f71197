"""SQL database for papers and the data derived from them."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from corpus.errors import StoreDamaged, StoreError, StoreUnreachable
from corpus.store import faults, servers
from corpus.store.folder_lock import Shared
from corpus.store.upkeep.backup_list import record_backup

# Increase it when a table changes its meaning, or a new table has to be filled.
SCHEMA_VERSION = "5"
_BUSY_MS = 30_000  # how long a writer waits for another one
_CHECKPOINT_MS = 2_000  # how long the log is kept from being emptied by those who read
_MOST_FOUND = 20  # faults of a database file that are listed
_WRITES = "zhengwen_writes"
_IN_MEMORY = ("", ":memory:", "file::memory:")  # names that SQLite gives no file

# Upgrades the tables to a later schema version and returns its number.
Upgrade = Callable[[Connection], str]

# What is noted of the whole database.
META = MetaData()
_META = Table("meta", META, Column("key", String, primary_key=True), Column("value", String, nullable=False))


class Transactions:
    """Transactions on one database. Close it when done.

    `if_damaged` tells the user what to do about a damaged file.
    """

    def __init__(self, url: str, *, if_damaged: str, keeps_connections: bool = True) -> None:
        self.name = _shown(url)
        self._engine = open_engine(url, keeps_connections=keeps_connections)
        self._on_sqlite = self._engine.dialect.name == "sqlite"
        # Else each statement of a reading transaction would see another state.
        self._reader = self._engine if self._on_sqlite else servers.reading_one_state(self._engine)
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self._if_damaged = if_damaged
        path = sqlite_file(url)
        self._in_use = None if path is None else Shared(path.absolute().parent)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one consistent state of the database."""
        with self._translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is durable when the block ends, and is rolled back on an exception."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()
        if self._in_use is not None:
            self._in_use.close()

    def copy_to(self, path: Path) -> None:
        """Writes a copy of an SQLite database as it is at one moment, while others read and write it.

        The copy has no free pages, so nothing that was deleted. `path` must not exist. Raises StoreError.
        """
        try:
            with self._translated(), self._engine.connect() as connection:
                # SQLite rejects it in a transaction, which SQLAlchemy begins with the first statement.
                _driver(connection).execute("VACUUM INTO ?", (str(path),)).close()
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        except (OSError, sqlite3.Error) as error:
            reason, cure = faults.cause_of_file(error, path)
            raise StoreError(f"{self.name!r} cannot be copied to {str(path)!r}: {reason}. {cure}") from error

    def truncate_log(self) -> bool:
        """Moves SQLite's write-ahead log into the database and empties the log; returns whether it is empty.

        Deleted words stay readable in the log until then. Waits a little for those who read; where they take
        longer, call it again later. Other databases have no such file.
        """
        try:
            return not self._on_sqlite or self._empties_log()
        except sqlite3.Error:
            return False

    def _empties_log(self) -> bool:
        """As `truncate_log`, on SQLite. Raises the errors of SQLite."""
        raw = self._engine.raw_connection()  # a checkpoint is not possible in a transaction
        try:
            cursor = raw.cursor()
            cursor.execute(f"PRAGMA busy_timeout={_CHECKPOINT_MS}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        except sqlite3.Error:
            raw.invalidate()  # its wait has been changed
            raise
        finally:
            raw.close()
        return not busy

    def integrity(self) -> list[str]:
        """What SQLite finds wrong with its file, and rows that refer to absent ones; empty if nothing.

        Reads the whole database. Other databases check themselves, so nothing is found there.
        """
        if not self._on_sqlite:
            return []
        try:
            with self.reading() as connection:
                found = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FOUND})").scalars().all()
                loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        except StoreDamaged as error:
            return [str(error)]
        tables = sorted({f"a row of {row[0]} refers to a row of {row[2]} that is absent" for row in loose})
        return [line for line in found if line != "ok"] + tables

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            # PostgreSQL includes the rejected row in all lines but the first, and in the original error.
            reason = str(error.orig).partition("\n")[0]
            cure = "Close other programs that use it, check the disk, or choose another data directory"
            if not self._on_sqlite:
                if servers.is_away(error):
                    raise StoreUnreachable(self.name, reason) from None
                if servers.waited_too_long(error):
                    reason, cure = "another program, perhaps on another server, is writing", "Try again"
                raise StoreError(f"the database {self.name!r} does not work: {reason}. {cure}") from None
            if faults.is_damage(error.orig):
                message = f"the database {self.name!r} does not work: {reason}. {self._if_damaged}"
                raise StoreDamaged(message) from error
            if (cause := faults.cause_of(error.orig, self._engine.url.database)) is not None:
                reason, cure = f"{cause[0]} ({reason})", cause[1]
            raise StoreError(f"the database {self.name!r} does not work: {reason}. {cure}") from error
        except PoolTimeout as error:
            raise StoreError(f"the database {self.name!r} is too slow: {error}. Try again") from error


class Database(Transactions):
    """The papers' database. Creates the tables at first use and upgrades those of an earlier schema.

    `upgrades` maps a schema to the step to a later one. All steps run in one transaction, so a crash leaves
    the database as it was. No connection is kept between transactions, so a caller that reads papers
    occasionally has nothing to close.

    One transaction writes at a time, of all processes on all servers: what a writer has read, such as that a
    paper is not stored yet, holds until it commits.
    """

    def __init__(self, url: str, tables: MetaData, *, upgrades: Mapping[str, Upgrade]) -> None:
        super().__init__(
            url,
            keeps_connections=False,
            if_damaged="Put a backup in its place, or move it away and run `zhengwen ingest` on the papers",
        )
        try:
            if self._is_new(tables) or self._schema() != SCHEMA_VERSION:
                with self.writing() as connection:
                    found = self._check(connection)
                    copied = self._copied(found) if found in upgrades else None
                    tables.create_all(connection)
                    if copied is not None:
                        record_backup(connection, copied, reason=f"upgrade from schema {found}")
                    self._bring_up_to_date(connection, found, upgrades)
        except BaseException:  # raised again: whatever ends it, nobody else can close it
            self.close()
            raise

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[Connection]:
        """A transaction as that of `Transactions`; other writers wait for its end.

        With `alone=False` they wait on SQLite only: for tables that have a lock of their own.
        """
        with super().writing() as connection:
            if alone and not self._on_sqlite:
                servers.wait_for_writers(connection, longest_ms=_BUSY_MS)
            yield connection

    def noted(self, connection: Connection, key: str) -> str | None:
        """A fact about the whole database; None if it was not noted."""
        return connection.execute(select(_META.c.value).where(_META.c.key == key)).scalar()

    def note(self, connection: Connection, key: str, value: str) -> None:
        """Notes a fact about the whole database, once."""
        connection.execute(insert(_META).values(key=key, value=value))

    def add_tables(self, tables: MetaData) -> None:
        """Creates further tables if they are absent."""
        if self._is_new(tables):
            with self.writing() as connection:
                tables.create_all(connection)

    def erase_free_space(self) -> None:
        """Rewrites an SQLite file without its free pages, and empties its log; does nothing elsewhere.

        Raises StoreError while another program reads or writes.
        """
        if not self._on_sqlite:
            return
        with self._translated():
            try:
                with self._engine.connect() as connection:
                    # SQLite rejects it in a transaction, which SQLAlchemy begins with the first statement.
                    _driver(connection).execute("VACUUM").close()
                is_empty = self._empties_log()
            except sqlite3.Error as error:  # as SQLAlchemy, which these calls bypass, raises it
                raise DBAPIError(None, None, error) from error
        if not is_empty:
            raise StoreError(
                f"the log of the database {self.name!r} cannot be emptied while another program reads it. "
                "Run the command again in a moment"
            )

    def _is_new(self, tables: MetaData) -> bool:
        """Whether any table is absent. Only reads, so that no start waits for a program that is writing."""
        with self.reading() as connection:
            names = inspect(connection).get_table_names()
        return not {_META.name, *tables.tables} <= set(names)

    def _schema(self) -> str:
        with self.reading() as connection:
            return str(connection.execute(select(_META.c.value).where(_META.c.key == "schema")).scalar())

    def _check(self, connection: Connection) -> str:
        """The schema version of the database; an empty database gets the current one."""
        names = inspect(connection).get_table_names()
        if _META.name not in names:
            if names:
                raise StoreError(
                    f"{self.name!r} is a database of another program. Name an empty or absent one"
                )
            _META.create(connection)
            connection.execute(insert(_META).values(key="schema", value=SCHEMA_VERSION))
            return SCHEMA_VERSION
        return str(connection.execute(select(_META.c.value).where(_META.c.key == "schema")).scalar())

    def _copied(self, found: str) -> Path | None:
        """Copies an SQLite file before it is upgraded; returns the path of the copy. Raises StoreError."""
        if self._engine.dialect.name != "sqlite" or not self._engine.url.database:
            return None
        path = Path(self._engine.url.database).absolute()
        copy = path.with_name(f"{path.stem}-schema-{found}{path.suffix}")
        aside = copy.with_name(copy.name + ".new")
        aside.unlink(missing_ok=True)
        self.copy_to(aside)
        aside.replace(copy)
        return copy

    def _bring_up_to_date(self, connection: Connection, found: str, upgrades: Mapping[str, Upgrade]) -> None:
        if found != SCHEMA_VERSION and found not in upgrades:
            raise StoreError(
                f"{self.name!r} has schema {found}, this version reads {SCHEMA_VERSION}. "
                "Move it away and add the papers again with `zhengwen ingest`"
            )
        while found in upgrades:
            found = upgrades[found](connection)
            connection.execute(update(_META).where(_META.c.key == "schema").values(value=found))


def open_engine(url: str, *, keeps_connections: bool = True) -> Engine:
    """Opens an engine with durable transactions, on SQLite too. Raises StoreError."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            _prepare(parsed)
        # Parameters may be users' questions; hide them from errors, which are logged.
        engine = create_engine(
            parsed,
            hide_parameters=True,
            poolclass=None if keeps_connections else NullPool,
            json_serializer=_json,
            pool_pre_ping=True,  # a server that was restarted must not cost an answer
            connect_args=servers.connect_args(parsed),
        )
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise StoreError(
            f"no database can be opened at {_shown(url)!r}: {error}. Use sqlite:///PATH"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json(value: object) -> str:
    """JSON with Chinese as it is: escaped, it takes twice the space."""
    found = json.dumps(value, ensure_ascii=False)
    try:
        found.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which no database takes
        return json.dumps(value)
    return found


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other, and for an invalid URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database is None or parsed.database in _IN_MEMORY:
        return None
    return Path(parsed.database)


def _prepare(url: URL) -> None:
    """Makes the folder of an SQLite file. Raises StoreError for a database in memory.

    Every connection, and every process, would have an empty one of its own.
    """
    name = url.database or ""
    if name in _IN_MEMORY or url.query.get("mode") == "memory":
        raise StoreError(f"{str(url)!r} is a database in memory, which keeps nothing. Use sqlite:///PATH")
    Path(name).parent.mkdir(parents=True, exist_ok=True)


def _shown(url: str) -> str:
    """The URL for messages: without its password, because messages are logged."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(no database URL)"


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    """Sets up a connection.

    WAL, so that readers are not blocked by a writer; FULL, so that commits survive a power cut;
    secure_delete, so that what was deleted cannot be read in the file.
    """
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    settings = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*settings, f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Takes a writer's lock at once: SQLite rejects a writer that has read an older state before."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))


def _driver(connection: Connection) -> sqlite3.Connection:
    """The connection of the SQLite module beneath one of SQLAlchemy."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
