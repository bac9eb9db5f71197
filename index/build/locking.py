"""Keeps two processes from writing one index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.store.faults import cause_of_os
from index.errors import IndexFault

WAIT_S = 600.0  # longest wait for another process that is building


@contextmanager
def locked(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Makes the folder and keeps other processes from building in it. Raises IndexFault."""
    lock = FileLock(folder / "lock", timeout=wait_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IndexFault(
            f"another process has been building the index in {str(folder)!r} for {wait_s:.0f} s. "
            "Try again later"
        ) from None
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def unwritable(folder: Path, error: OSError) -> IndexFault:
    reason, cure = cause_of_os(error)
    return IndexFault(
        f"the index cannot be written to {str(folder)!r}, below ZHENGWEN_DATA_DIR: {reason}. {cure}"
    )
