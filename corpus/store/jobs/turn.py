"""Who works on jobs: one process at a time, of all processes on all servers that share the papers."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from corpus.errors import StoreError, StoreUnreachable
from corpus.store.database import open_engine, sqlite_file
from corpus.store.servers import is_away

_FILE = "jobs.lock"
_NUMBER = 0x7A77_0004  # our key among the advisory locks of a database
# The database must notice soon that a server has lost its power or its network, and free the lock.
_SETTINGS = (
    "SET idle_session_timeout = 0",
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


class Turn(Protocol):
    """A lock that ends with its process, however that ends. One thread at a time calls it."""

    def acquire(self) -> bool:
        """Whether it is the turn of this process, at once. Raises StoreError or OSError."""
        ...

    def release(self) -> None:
        """Lets another process work; does nothing where it is not the turn of this one."""
        ...


def turn_of(url: str, folder: Path) -> Turn:
    """The lock of the papers at `url`: in the folder of their data, or in the database on a server."""
    return FileTurn(folder) if sqlite_file(url) is not None else DatabaseTurn(url)


class FileTurn:
    """A locked file in `folder`."""

    def __init__(self, folder: Path) -> None:
        # Acquired and released in different threads.
        self._lock = FileLock(folder / _FILE, timeout=0, thread_local=False)

    def acquire(self) -> bool:
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def release(self) -> None:
        self._lock.release()


class DatabaseTurn:
    """A lock of a connection to the database, which is open for as long as it is the turn of this process.

    If the connection breaks, another process may begin while this one ends a step: both then find in the
    database what the other has stored of a job, so nothing is stored twice.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url, keeps_connections=False).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        try:
            return self._holds() or self._takes()
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0]
            name = self._engine.url.render_as_string()
            if is_away(error):
                raise StoreUnreachable(name, reason) from None
            raise StoreError(f"jobs cannot be locked in {name!r}: {reason}. Look at its log") from None

    def release(self) -> None:
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None

    def _holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True

    def _takes(self) -> bool:
        connection = self._engine.connect()
        try:
            for one in _SETTINGS:
                connection.execute(text(one))
            take = text("SELECT pg_try_advisory_lock(:number, hashtext(current_schema()))")
            if connection.execute(take, {"number": _NUMBER}).scalar():
                self._connection = connection
                return True
        except BaseException:  # raised again: whatever ends it, nobody else closes the connection
            connection.close()
            raise
        connection.close()
        return False
