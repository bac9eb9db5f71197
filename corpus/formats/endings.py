"""Which files in folders and archives are read: those with an ending of a known format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.errors import UnreadableDocument
from corpus.formats.table import ENDINGS, READABLE

_MOST_NAMED = 5  # files passed over that are named; the others are counted


@dataclass(slots=True)
class PassedOver:
    """The files of a folder or an archive that are not read, as their endings are of no known format."""

    place: str
    files: int = 0
    first: tuple[str, ...] = ()

    def add(self, name: str) -> None:
        """Counts one more; names the first few."""
        self.files += 1
        if len(self.first) < _MOST_NAMED:
            self.first = (*self.first, name)


def has_known_ending(name: str) -> bool:
    """Whether the name of a file has an ending of a known format."""
    return PurePosixPath(name).suffix.lower() in ENDINGS


def nothing_to_read(place: str, *, where: str) -> UnreadableDocument:
    """The error of a folder or an archive (`where`) without a file to read."""
    read = f"Files in {where} are read by their endings ({', '.join((*READABLE, '.zip'))})"
    return UnreadableDocument(place, "no file in it can be read", read)
