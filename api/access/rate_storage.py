"""A storage of the limits library: request counts in a SQLite file that several processes share."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limits.storage.base import SlidingWindowCounterSupport, Storage, TimestampedSlidingWindow

_TABLE = """CREATE TABLE IF NOT EXISTS counts
(key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires REAL NOT NULL) WITHOUT ROWID"""
_ADD = """INSERT INTO counts VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET
count = CASE WHEN expires > ?4 THEN count + ?2 ELSE ?2 END,
expires = CASE WHEN expires > ?4 THEN expires ELSE ?3 END RETURNING count"""
_BUSY_S = 5.0
_SWEEP_S = 60.0  # between two deletions of expired rows


class SqliteStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Counters in one file. Nothing is synced to disk: a crash loses a minute's counts at most."""

    STORAGE_SCHEME = None  # passed in as an object, so it needs no URI scheme

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._swept = 0.0
        try:
            self._connection = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # unreadable or unwritable, but possibly intact
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                path.with_name(name).unlink(missing_ok=True)  # corrupt: only a minute's counts are lost
            self._connection = _opened(path)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._writing() as now:
            return self._add(key, amount, now + expiry, now)

    def get(self, key: str) -> int:
        with self._lock:
            return self._count(key, time.time())

    def get_expiry(self, key: str) -> float:
        with self._lock:
            row = self._connection.execute("SELECT expires FROM counts WHERE key = ?", (key,)).fetchone()
        return float(row[0]) if row else time.time()

    def check(self) -> bool:
        with self._lock:
            return bool(self._connection.execute("SELECT 1").fetchone() == (1,))

    def reset(self) -> int | None:
        with self._writing():
            return self._connection.execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        with self._writing():
            self._connection.execute("DELETE FROM counts WHERE key = ?", (key,)).close()

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._writing() as now:
            previous, _, current, _ = self._window(key, expiry, now)
            weighted = previous * (1 - now % expiry / expiry)
            if weighted + current + amount > limit:
                return False
            _, own = self.sliding_window_keys(key, expiry, now)
            # The limits library still reads the previous window's count during the next window.
            self._add(own, amount, now - now % expiry + 2 * expiry, now)
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        with self._lock:
            return self._window(key, expiry, time.time())

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        for window in self.sliding_window_keys(key, expiry, time.time()):
            self.clear(window)

    def _window(self, key: str, expiry: int, now: float) -> tuple[int, float, int, float]:
        before, own = self.sliding_window_keys(key, expiry, now)
        into = now % expiry
        return self._count(before, now), expiry - into, self._count(own, now), 2 * expiry - into

    def _count(self, key: str, now: float) -> int:
        row = self._connection.execute(
            "SELECT count FROM counts WHERE key = ? AND expires > ?", (key, now)
        ).fetchone()
        return int(row[0]) if row else 0

    def _add(self, key: str, amount: int, expires: float, now: float) -> int:
        (count,) = self._connection.execute(_ADD, (key, amount, expires, now)).fetchone()
        return int(count)

    @contextmanager
    def _writing(self) -> Iterator[float]:
        """A write transaction, one at a time over all processes; yields the current time."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE").close()
            try:
                now = time.time()
                if now - self._swept > _SWEEP_S:
                    self._swept = now
                    self._connection.execute("DELETE FROM counts WHERE expires <= ?", (now,)).close()
                yield now
            except BaseException:  # raised again: whatever ends it, the lock is given up
                self._connection.execute("ROLLBACK").close()
                raise
            self._connection.execute("COMMIT").close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL").close()
        connection.execute("PRAGMA synchronous=OFF").close()
        connection.execute(_TABLE).close()
    except BaseException:  # raised again: whatever ends it, nobody else closes the connection
        connection.close()
        raise
    return connection
