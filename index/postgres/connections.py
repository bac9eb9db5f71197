"""Connections to the database of the index: what it needs is checked with an error that names the cure."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from index.errors import IndexFault, IndexUnreachable
from index.postgres.dialect import Dialect

if TYPE_CHECKING:
    import psycopg

_DRIVER = "postgresql+psycopg"
_AWAY = (
    "Start the server, or correct ZHENGWEN_DATABASE_URL. Nothing is lost: the next question is answered as "
    "soon as the server answers"
)
_CONNECT_S = 5  # longest wait for a server that does not answer
_AT_ONCE = 16  # connections of one process: as many as it searches at once, and few beside them
# By process too: a connection must not be shared with a process that was forked.
_engines: dict[tuple[int, str, str], Engine] = {}
_opening = threading.Lock()


def checked_url(url: str) -> URL:
    """The URL of a PostgreSQL database with the driver that the engine uses. Raises IndexFault."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise IndexFault(
            "ZHENGWEN_DATABASE_URL is not a URL. Use postgresql+psycopg://USER@HOST/NAME"
        ) from None
    if parsed.get_backend_name() != "postgresql":
        raise IndexFault(
            f"ZHENGWEN_SEARCH__ENGINE is postgres, and the papers are in {parsed.get_backend_name()}. Set "
            "ZHENGWEN_DATABASE_URL to postgresql+psycopg://USER@HOST/NAME (`zhengwen migrate --to URL` "
            "copies the papers there), or set ZHENGWEN_SEARCH__ENGINE=embedded"
        )
    if parsed.drivername not in ("postgresql", _DRIVER):
        raise IndexFault(
            f"the driver {parsed.drivername!r} is not supported by this engine. Use {_DRIVER}://… in "
            "ZHENGWEN_DATABASE_URL"
        )
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise IndexFault(
            "psycopg is not installed. Run `pip install -c constraints.txt -e '.[postgres]'`"
        ) from None
    return parsed.set(drivername=_DRIVER)


class Searches:
    """Connections for searches, kept open and set up once. One per process and database."""

    def __init__(self, url: URL, dialect: Dialect) -> None:
        key = (os.getpid(), url.render_as_string(hide_password=False), dialect.name)
        with _opening:
            if key not in _engines:
                _engines[key] = _engine(url, dialect)
            self._engine = _engines[key]

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection on which every statement is a transaction of its own. Raises IndexFault."""
        with translated(), self._engine.connect() as connection:
            yield driver_of(connection)

    def close(self) -> None:
        """Closes the connections that no thread uses."""
        self._engine.dispose()


def _engine(url: URL, dialect: Dialect) -> Engine:
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        pool_size=_AT_ONCE,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was restarted must not cost an answer
        # A statement that was prepared gets one plan for all parameters after some runs.
        connect_args={"prepare_threshold": None, "connect_timeout": _CONNECT_S},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: psycopg.Connection[Any], _: object) -> None:
        connection.execute(
            "SELECT "
            + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in dialect.session.items())
        )

    return engine


def close_all() -> None:
    """Closes all connections for searches of this process. Those who search afterwards open further ones."""
    for engine in _engines.values():
        engine.dispose()


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """The connection of the driver, in the transaction of `connection`."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return cast("psycopg.Connection[Any]", driver)


@contextmanager
def translated() -> Iterator[None]:
    """Raises IndexFault for errors of the database."""
    import psycopg

    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        reason = str(origin).partition("\n")[0]
        is_away = isinstance(origin, psycopg.OperationalError | psycopg.InterfaceError)
        if is_away:
            raise IndexUnreachable(
                f"the index in the database cannot be reached: {reason}. {_AWAY}"
            ) from None
        cure = "Run `zhengwen verify`; `zhengwen ingest --rebuild` makes it anew"
        raise IndexFault(f"the index in the database does not work: {reason}. {cure}") from None
    except PoolTimeout as error:
        raise IndexFault(f"the database of the index is too slow: {error}. Try again") from error


def require_extension(connection: Connection, dialect: Dialect) -> None:
    """Creates the extension for vectors where it is absent. Raises IndexFault where that is not allowed."""
    if not dialect.extension:
        return
    query = text("SELECT extversion FROM pg_extension WHERE extname = :name")
    found = connection.execute(query, {"name": dialect.extension}).scalar()
    if found is None:
        _create(connection, dialect)
        found = connection.execute(query, {"name": dialect.extension}).scalar()
    least = dialect.extension_version
    if tuple(int(part) for part in str(found).split(".")[:2]) < least:
        raise IndexFault(
            f"pgvector {found} is installed in the database, {'.'.join(map(str, least))} or newer is needed. "
            f"Install it on the server and run `ALTER EXTENSION {dialect.extension} UPDATE`"
        )


def _create(connection: Connection, dialect: Dialect) -> None:
    name = dialect.extension
    available = text("SELECT 1 FROM pg_available_extensions WHERE name = :name")
    if connection.execute(available, {"name": name}).scalar() is None:
        raise IndexFault(
            "pgvector is not installed on the PostgreSQL server. Install its package there (such as "
            "postgresql-18-pgvector), or set ZHENGWEN_SEARCH__ENGINE=embedded"
        )
    try:
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise IndexFault(
            f"the extension for vectors cannot be created: {reason}. Have an administrator run "
            f"`CREATE EXTENSION {name}` in this database"
        ) from None
