"""A file as received, and the result of reading it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corpus.errors import UnreadableDocument
from corpus.formats.charset import Decoded, decode
from corpus.text.source_text import Extracted

MAX_BYTES = 20 * 1024 * 1024
MAX_SCAN_BYTES = 100 * 1024 * 1024  # of a format whose pages may be pictures, 0.2 to 1 MB each
_MAY_BE_SCANS = (b"%PDF", b"II*\x00", b"MM\x00*", b"\x89PNG", b"\xff\xd8\xff", b"BM", b"RIFF")


@dataclass(frozen=True)
class Received:
    """The bytes of a paper and its file name."""

    data: bytes
    name: str

    @cached_property
    def decoded(self) -> Decoded:
        """The decoded bytes, for text formats. Raises UnreadableDocument."""
        return decode(self.data, name=self.name)


@dataclass(frozen=True, slots=True)
class ReadText:
    """Result of a reader: the text that offsets of the source map point into, and its lines."""

    original: str
    charset: str
    extracted: Extracted


def reject_unusable(received: Received) -> None:
    """Raises UnreadableDocument for a file of any format that is empty or too large."""
    if not received.data.strip(b"\x00 \t\r\n\f\v\xef\xbb\xbf\xff\xfe"):
        raise UnreadableDocument(received.name, "it is empty", "Check that the right file was given")
    most = MAX_SCAN_BYTES if received.data.startswith(_MAY_BE_SCANS) else MAX_BYTES
    if len(received.data) > most:
        cure = "Split it or take out its pictures"
        raise UnreadableDocument(received.name, f"it is larger than {most // 1024 // 1024} MB", cure)
