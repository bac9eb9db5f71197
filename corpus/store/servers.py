"""Databases on a server, such as PostgreSQL: how connections are made, who writes, which errors pass."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

_CONNECT_S = 5  # longest wait for a server that does not answer
_WRITERS = 0x7A77_0003  # our key among the advisory locks of a database; those of records and index are less
_LOCK_NOT_AVAILABLE = "55P03"
# SQLSTATE classes and codes: lost connections; a server that is stopped, crashed or started; no more room.
_AWAY = ("08", "57P01", "57P02", "57P03", "53300")


def connect_args(url: URL) -> dict[str, Any]:
    """What the driver is told when it connects."""
    return {"connect_timeout": _CONNECT_S} if url.get_backend_name() == "postgresql" else {}


def reading_one_state(engine: Engine) -> Engine:
    """An engine of which every transaction reads the state at its begin."""
    return engine.execution_options(isolation_level="REPEATABLE READ")


def wait_for_writers(connection: Connection, *, longest_ms: int) -> None:
    """Waits until no other transaction that calls this is open; others wait for the end of this one."""
    connection.execute(text(f"SET LOCAL lock_timeout = {longest_ms}"))
    lock = text("SELECT pg_advisory_xact_lock(:number, hashtext(current_schema()))")
    connection.execute(lock, {"number": _WRITERS})


def is_away(error: DBAPIError) -> bool:
    """Whether the server cannot be reached at the moment: the same may succeed once it is back."""
    state = sqlstate(error)
    names = {kind.__name__ for kind in type(error.orig).__mro__}
    is_of_connection = bool(names & {"OperationalError", "InterfaceError"})
    return error.connection_invalidated or state.startswith(_AWAY) or (not state and is_of_connection)


def waited_too_long(error: DBAPIError) -> bool:
    """Whether another transaction has a lock for longer than this one waits."""
    return sqlstate(error) == _LOCK_NOT_AVAILABLE


def sqlstate(error: DBAPIError) -> str:
    """The code that SQL gives the error; empty for one of the driver."""
    return str(getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or "")
