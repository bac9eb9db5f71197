"""Opens segments from their folders, and checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from index.errors import IndexDamaged
from index.segments.layout import (
    CHUNK_LISTS,
    DTYPES,
    INFO,
    LISTS,
    NAME_LENGTH,
    RANKING,
    SENTENCE_LISTS,
    SegmentInfo,
    StoredArray,
)
from index.segments.lists import Lists
from index.segments.segment import Segment

CURE = "Run `zhengwen ingest --rebuild`"
# Bytes. Files up to this size are checked whole at every start; of larger ones, those that only rank are
# checked by `zhengwen verify`.
_CHECKED = 8 << 20
# Larger files are mapped: a build of a million clauses has hundreds of segments open until they are merged.
_READ = 1 << 18
_Array = npt.NDArray[Any]


def open_segment(folder: Path, *, thorough: bool = False) -> tuple[Segment, SegmentInfo]:
    """Opens a segment. Raises IndexDamaged for a file that is missing, truncated or altered.

    `thorough` also checks the digests of large files of vectors and postings.
    """
    info = read_info(folder)
    arrays = {
        name: _opened(folder / name, stored, checked=thorough or name not in RANKING)
        for name, stored in info.arrays.items()
    }
    if thorough:
        for name, digest in info.lists.items():
            if message := _altered(folder / name, digest):
                raise IndexDamaged(f"{message}. {CURE}")
    lists = {name: Lists.open(folder / name) for name in info.lists}
    found = Segment(
        name=folder.name,
        papers=info.papers,
        mean_length=info.mean_length,
        chunk_lists=lists.get(CHUNK_LISTS),
        sentence_lists=lists.get(SENTENCE_LISTS),
        **arrays,
    )
    return found, info


def read_info(folder: Path) -> SegmentInfo:
    """Reads segment.json. Raises IndexDamaged."""
    data = _read(folder / INFO)
    damaged = IndexDamaged(f"{str(folder / INFO)!r} is truncated or altered. {CURE}")
    if hashlib.sha256(data).hexdigest()[:NAME_LENGTH] != folder.name:
        raise damaged
    try:
        info = SegmentInfo.model_validate_json(data)
    except ValidationError as error:
        raise damaged from error
    right = {name: stored.dtype for name, stored in info.arrays.items()} == DTYPES
    if not right or set(info.lists) not in ({*LISTS}, set[str]()):
        raise damaged
    return info


def altered(folder: Path) -> Iterator[str]:
    """Yields what is wrong with the files of a segment, reading all of them in pieces."""
    try:
        info = read_info(folder)
    except IndexDamaged as error:
        yield str(error)
        return
    for name, digest in ({name: stored.sha256 for name, stored in info.arrays.items()} | info.lists).items():
        if message := _altered(folder / name, digest):
            yield message


def _altered(path: Path, digest: str) -> str:
    """What is wrong with a file; empty if nothing."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"{str(path)!r} cannot be read: {error.strerror}"
    return "" if found == digest else f"{str(path)!r} is truncated or altered"


def _opened(path: Path, stored: StoredArray, *, checked: bool) -> _Array:
    dtype = np.dtype(stored.dtype)
    size = dtype.itemsize * int(np.prod(stored.shape, dtype=np.int64))
    data: _Array = np.frombuffer(_read(path), dtype=np.uint8) if size <= _READ else _mapped(path)
    if len(data) != size or (
        (checked or size <= _CHECKED) and hashlib.sha256(data.data).hexdigest() != stored.sha256
    ):
        raise IndexDamaged(f"{str(path)!r} is truncated or altered. {CURE}")
    return data.view(dtype).reshape(stored.shape)


def _mapped(path: Path) -> _Array:
    try:
        if not path.stat().st_size:
            return np.empty(0, dtype=np.uint8)
        # A plain array, not numpy's class for mapped ones, each slice of which costs more.
        return np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> IndexDamaged:
    return IndexDamaged(f"{str(path)!r} cannot be read: {error.strerror}. {CURE}")
