"""Unpacks what contains files, so that each file in it is read as if it had been given alone."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import UnreadableDocument
from corpus.formats.received import Received


def unpack(data: bytes, *, name: str) -> Iterator[Received | UnreadableDocument]:
    """Yields the files to read: the file itself, or the members of an archive, each under its own name.

    A member that cannot be unpacked is yielded as the error that says why, and the others follow. Raises
    UnreadableDocument for an archive that cannot be unpacked at all.
    """
    yield Received(data, name)
