"""Tells the causes of database errors apart: a full disk, missing permissions, damage, a failing disk."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path

# Bytes that a probe of the disk writes: more than what file systems keep inside a directory entry.
_PROBE = 65_536
_FULL = (
    "Free space on the disk of the data directory, or choose another one; what was stored before is intact"
)
_READ_ONLY = (
    "Correct the permissions of the file and its folder, or mount the disk for writing; nothing was changed"
)
_FAILING = "Check the disk and the system's log (`dmesg`), and back up the data directory to another disk"
_CAUSES: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", _FULL),
    errno.EDQUOT: ("the disk quota of this user is used up", _FULL),
    errno.EFBIG: ("the file has reached the limit for the size of files (`ulimit -f`)", f"Raise it. {_FULL}"),
    errno.EROFS: ("the disk is mounted read-only", _READ_ONLY),
    errno.EACCES: ("this user may not write there", _READ_ONLY),
    errno.EPERM: ("this user may not write there", _READ_ONLY),
    errno.EIO: ("the disk reports an error", _FAILING),
}
_BY_CODE: Mapping[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: _CAUSES[errno.ENOSPC],
    sqlite3.SQLITE_READONLY: ("it can only be read", _READ_ONLY),
    sqlite3.SQLITE_PERM: _CAUSES[errno.EACCES],
    sqlite3.SQLITE_BUSY: ("another program has locked it", "Close other programs that use it, and try again"),
    sqlite3.SQLITE_LOCKED: ("it is locked", "Try again"),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", "Correct the path and its permissions"),
}
# SQLite's messages for a damaged file, where the error has no code.
_DAMAGED = ("file is not a database", "database disk image is malformed", "Could not decode to UTF-8")
_DAMAGED_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that its file is damaged."""
    return _code(error) in _DAMAGED_CODES or any(sign in str(error) for sign in _DAMAGED)


def cause_of(error: BaseException | None, database: str | None) -> tuple[str, str] | None:
    """The cause and the cure of an error of SQLite at the file `database`; None for any other error.

    SQLite reports many faults of the system as "disk I/O error". Writing a file beside the database tells
    which it is.
    """
    code = _code(error)
    if code == sqlite3.SQLITE_IOERR:
        found = _probe(database)
        # The probe is too small to reach a limit of size.
        at_limit = getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_WRITE" and _has_size_limit()
        return _CAUSES[found or (errno.EFBIG if at_limit else errno.EIO)]
    if code == sqlite3.SQLITE_CANTOPEN and (found := _probe(database)):
        return _CAUSES[found]
    return _BY_CODE.get(code)


def cause_of_os(error: OSError) -> tuple[str, str]:
    """The cause and the cure of an error of the system while a file was written."""
    known = _CAUSES.get(error.errno or 0)
    return known or (error.strerror or str(error), "Correct the path and its permissions")


def cause_of_file(error: OSError | sqlite3.Error, file: Path) -> tuple[str, str]:
    """The cause and the cure of an error while the database `file`, or what belongs to it, was written."""
    if isinstance(error, OSError):
        return cause_of_os(error)
    unknown = (str(error), "Check the disk and the path, or run `zhengwen verify`")
    return cause_of(error, str(file)) or unknown


def _code(error: BaseException | None) -> int:
    """SQLite's error code without the extension; 0 for an error without one."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _probe(database: str | None) -> int:
    """The number of the system's error when a file is written beside the database; 0 for no known one."""
    try:
        with tempfile.TemporaryFile(dir=Path(database or ".").absolute().parent) as file:
            file.write(bytes(_PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in _CAUSES:
            return error.errno or 0
    return 0


def _has_size_limit() -> bool:
    """Whether this process may write files only up to some size."""
    try:
        import resource
    except ImportError:
        return False  # Windows has no such limit
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY
