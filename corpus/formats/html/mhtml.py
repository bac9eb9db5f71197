"""Reads MHTML, a page saved by a browser with all that it shows (RFC 2557): the page itself."""

from __future__ import annotations

import codecs
import re
from email import message_from_bytes
from email.message import Message

from corpus.errors import UnreadableDocument
from corpus.formats.charset import decode
from corpus.formats.html.page import read_page
from corpus.formats.received import ReadText, Received

_RESAVE = "Save the page again, as HTML"
# "MIME-Version: 1.0" and "Content-Type: multipart/related" before the first blank line
_VERSION = re.compile(rb"^MIME-Version:", re.I | re.M)
_RELATED = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
_HEADERS = 4096  # bytes at the beginning that contain them
# A saved page has two or three levels of parts; each takes a level of recursion in the library.
_MOST_MULTIPARTS = 20
_MULTIPART = re.compile(rb"multipart/", re.I)


def looks_like_mhtml(received: Received) -> bool:
    head = received.data[:_HEADERS]
    return _VERSION.search(head) is not None and _RELATED.search(head) is not None


def read(received: Received) -> ReadText:
    """Reads the first page in the file. Raises UnreadableDocument."""
    name = received.name
    if len(_MULTIPART.findall(received.data)) > _MOST_MULTIPARTS:
        raise UnreadableDocument(name, "it has more parts in parts than a saved page", _RESAVE)
    page = next(
        (part for part in message_from_bytes(received.data).walk() if part.get_content_type() == "text/html"),
        None,
    )
    if page is None:
        raise UnreadableDocument(name, "it contains no page", _RESAVE)
    data = _payload(page)
    if not data.strip():
        raise UnreadableDocument(name, "its page is empty", _RESAVE)
    decoded = decode(data, name=name)
    return read_page(decoded.text, charset=decoded.charset, name=name)


def _payload(page: Message) -> bytes:
    """The bytes of a part without its transfer encoding, in UTF-8 if the part names its character set.

    The mark at the beginning goes before what the page says of itself: browsers convert, and leave that.
    """
    payload = page.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = page.get_content_charset() or ""
    try:
        return codecs.BOM_UTF8 + data.decode(charset).encode() if charset else data
    except (LookupError, UnicodeDecodeError):
        return data
