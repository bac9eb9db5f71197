"""Keeps programs out of a data folder while a backup is restored into it, and the other way round."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.errors import StoreError

_LOCK = "in_use.lock"
# Names what an interrupted restore has to move; it exists from the first move to the last.
PENDING = "restore.json"
_WAIT_S, _PAUSE_S = 2.0, 0.05  # for a program that is about to end


class Shared:
    """Marks a folder as in use until it is closed or the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Raises StoreError while a backup is being restored, or when a restore was interrupted."""
        handle = _locked(folder, shared=True)
        # Not a file object: a store that is never closed must not warn when it is collected.
        self._closing = None if handle is None else weakref.finalize(self, os.close, handle)
        if (folder / PENDING).exists():
            self.close()
            raise StoreError(
                f"restoring a backup into {str(folder)!r} was interrupted. Run the same "
                "`zhengwen backup restore` again, which finishes it"
            )

    def close(self) -> None:
        if self._closing is not None:
            self._closing()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps all other programs out of the folder. Raises StoreError while one uses it."""
    handle = _locked(folder, shared=False)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(folder: Path, *, shared: bool) -> int | None:
    """The handle of the locked file; None where the system or the folder has no such locks."""
    try:
        import fcntl
    except ImportError:
        return None  # Windows does not let a file be moved that is in use
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None  # a folder that cannot be written is not restored into; opening the database reports it
    until = time.monotonic() + _WAIT_S
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return handle
        if time.monotonic() >= until:
            os.close(handle)
            raise StoreError(_busy(folder, shared=shared))
        time.sleep(_PAUSE_S)


def _busy(folder: Path, *, shared: bool) -> str:
    if shared:
        return f"a backup is being restored into {str(folder)!r}. Try again when it is done"
    return f"{str(folder)!r} is in use by a service or another command. Stop it, then restore again"
