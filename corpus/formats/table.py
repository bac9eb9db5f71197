"""Table of file formats: how each is recognised, and its reader.

To add a format, write a module with a function `read(received) -> ReadText` and a line in FORMATS.
A format with pages passes lines with boxes to corpus/formats/pages/text.py, as formats/ofd/reader.py does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.errors import UnreadableDocument
from corpus.formats import markdown, plain
from corpus.formats.html import mhtml
from corpus.formats.html import page as html_page
from corpus.formats.ofd import reader as ofd
from corpus.formats.office import readers as office
from corpus.formats.pdf import reader as pdf
from corpus.formats.received import ReadText, Received
from corpus.formats.scans import pictures
from corpus.text.source_text import Extracted

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]|</(?:p|div|td|body|html)\s*>", re.I)
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format, recognised by its first bytes or else by `looks_like`."""

    name: str
    media_type: str
    endings: tuple[str, ...] = ()  # files in a folder with these endings are tried
    magic: tuple[bytes, ...] = ()
    part: bytes = b""  # must occur too: the name of a member of a zip file
    looks_like: Callable[[Received], bool] | None = None  # where the first bytes do not tell
    read: Callable[[Received], ReadText] | None = None
    marked_up: bool = False  # markup or places separate its paragraphs; blank lines mean nothing
    reason: str = ""  # for formats without a reader: why it is not read, and the workaround
    cure: str = ""

    def is_format_of(self, received: Received) -> bool:
        if self.looks_like is not None:
            return self.looks_like(received)
        return received.data.startswith(self.magic) and self.part in received.data


def _text(extract: Callable[[str], Extracted]) -> Callable[[Received], ReadText]:
    """Makes the reader of a text format, in any common character set."""

    def read(received: Received) -> ReadText:
        decoded = received.decoded
        return ReadText(decoded.text, decoded.charset, extract(decoded.text))

    return read


def _picture(
    name: str, media_type: str, endings: tuple[str, ...], magic: tuple[bytes, ...], part: bytes = b""
) -> Format:
    return Format(name, media_type, endings, magic, part, read=pictures.read, marked_up=True)


def _is_html(received: Received) -> bool:
    return not _named_markdown(received) and _HTML.search(received.decoded.text) is not None


def _is_tar(received: Received) -> bool:
    return received.data[257:262] == b"ustar"  # the magic of POSIX.1 and of GNU tar


def _is_markdown(received: Received) -> bool:
    return _named_markdown(received) or markdown.looks_like_markdown(received.decoded.text)


def _named_markdown(received: Received) -> bool:
    """Markdown may contain HTML, so its name decides."""
    return received.name.lower().endswith(_MARKDOWN)


_MARKDOWN = (".md", ".markdown", ".mdx")
_SAVE = "Save it as .docx, plain text, HTML or OFD and load that"
_PACKED = ("it is packed, and not as zip", "Unpack it and load what is inside, or pack it as zip")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# The first match is used: magic bytes before text, and plain text, which matches every text, last.
FORMATS: tuple[Format, ...] = (
    Format("OFD", "application/ofd", (".ofd",), (_ZIP,), b"OFD.xml", read=ofd.read, marked_up=True),
    Format("PDF", "application/pdf", (".pdf",), looks_like=pdf.is_pdf, read=pdf.read, marked_up=True),
    Format(
        "Word",
        f"{_OFFICE}.wordprocessingml.document",
        (".docm", ".docx"),
        looks_like=office.is_docx,
        read=office.read_docx,
        marked_up=True,
    ),
    Format(
        "Excel",
        f"{_OFFICE}.spreadsheetml.sheet",
        (".xlsm", ".xlsx"),
        looks_like=office.is_xlsx,
        read=office.read_xlsx,
        marked_up=True,
    ),
    Format(
        "OpenDocument",
        "application/vnd.oasis.opendocument.text",
        (".odt",),
        looks_like=office.is_odt,
        read=office.read_odt,
        marked_up=True,
    ),
    # corpus/unpack.py unpacks it before.
    Format(
        "zip",
        "application/zip",
        (".zip",),
        (_ZIP,),
        reason="it is a zip archive of files",
        cure="Ingest it with `zhengwen ingest`, or unpack it and load what is inside",
    ),
    Format(
        "old Office",
        "application/msword",
        (".doc", ".wps"),
        (_OLD_OFFICE,),
        read=office.read_compound,
        marked_up=True,
    ),
    Format("RTF", "application/rtf", (".rtf",), (b"{\\rtf",), read=office.read_rtf, marked_up=True),
    _picture("PNG", "image/png", (".png",), (b"\x89PNG",)),
    _picture("JPEG", "image/jpeg", (".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
    _picture("TIFF", "image/tiff", (".tif", ".tiff"), (b"II*\x00", b"MM\x00*")),
    _picture("GIF", "image/gif", (), (b"GIF8",)),
    _picture("WebP", "image/webp", (".webp",), (b"RIFF",), b"WEBPVP8"),
    _picture("BMP", "image/bmp", (".bmp",), (b"BM",), b"\x00\x00\x00\x00"),
    Format(
        "archive",
        "application/octet-stream",
        (".gz", ".tgz", ".bz2", ".xz", ".rar", ".7z"),
        (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"Rar!", b"7z\xbc\xaf"),
        reason=_PACKED[0],
        cure=_PACKED[1],
    ),
    Format("tar", "application/x-tar", (".tar",), looks_like=_is_tar, reason=_PACKED[0], cure=_PACKED[1]),
    Format(
        "MHTML",
        "text/html",
        (".mht", ".mhtml"),
        looks_like=mhtml.looks_like_mhtml,
        read=mhtml.read,
        marked_up=True,
    ),
    Format(
        "HTML",
        "text/html",
        (".htm", ".html"),
        looks_like=_is_html,
        read=html_page.read,
        marked_up=True,
    ),
    Format("Markdown", "text/markdown", _MARKDOWN, looks_like=_is_markdown, read=_text(markdown.extract)),
    Format("plain text", "text/plain", (".txt",), looks_like=lambda _: True, read=_text(plain.extract)),
)

READABLE = tuple(sorted(ending for known in FORMATS if known.read is not None for ending in known.endings))
# Files in a folder with these endings are tried too, so that each is reported with the reason.
UNREADABLE = tuple(sorted(ending for known in FORMATS if known.read is None for ending in known.endings))
ENDINGS = frozenset(READABLE + UNREADABLE)


def read(received: Received) -> tuple[Format, ReadText]:
    """Reads a file; returns its format and text. Raises UnreadableDocument, with a cure."""
    known = next(known for known in FORMATS if known.is_format_of(received))
    if known.read is None:
        raise UnreadableDocument(received.name, known.reason, known.cure)
    return known, known.read(received)
