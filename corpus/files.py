"""Reads the bytes of files that may be papers, without opening a store."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import UnreadableDocument
from corpus.formats.received import MAX_BYTES


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises UnreadableDocument, with the reason and the cure."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # reading a pipe or a device may never end
            raise UnreadableDocument(str(path), "it is not a regular file", "Save the paper to a file")
        if about.st_size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            raise UnreadableDocument(
                str(path), f"it is larger than {limit} MB", "Split it or extract its text"
            )
        return path.read_bytes()
    except OSError as error:
        cure = "Check the path and its permissions"
        raise UnreadableDocument(str(path), error.strerror or str(error), cure) from error


def none_readable(paths: list[Path]) -> list[UnreadableDocument]:
    """The error for each file that cannot be read as a paper; empty when any file can, or is a folder."""
    errors: list[UnreadableDocument] = []
    for path in paths:
        if path.is_dir():
            return []
        for error in _attempts(path):
            if error is None:
                return []
            errors.append(error)
    return errors


def _attempts(path: Path) -> Iterator[UnreadableDocument | None]:
    """Yields an error for each paper in the file that cannot be read, and None for one that can."""
    # Imported here because it takes 0.2 s, which reading bytes does not need.
    from corpus.load import load
    from corpus.unpack import unpack

    try:
        for file in unpack(read_file(path), name=path.name):
            if isinstance(file, UnreadableDocument):
                yield file
                continue
            try:
                load(file.data, name=file.name)
                yield None
            except UnreadableDocument as error:
                yield error
    except UnreadableDocument as error:
        yield error
