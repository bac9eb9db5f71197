"""A file as received, and the result of reading it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corpus.errors import UnreadableDocument
from corpus.formats.charset import Decoded, decode
from corpus.text.source_text import Extracted

MAX_BYTES = 20 * 1024 * 1024


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
    if len(received.data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        cure = "Split it or take out its pictures"
        raise UnreadableDocument(received.name, f"it is larger than {limit} MB", cure)
