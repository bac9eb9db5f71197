"""Opens the zip package of an Office file (ECMA-376 part 2): parts, relationships, guarded XML.

Parts are read in memory, never written to disk, and links to other files are never followed.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from corpus.errors import UnreadableDocument
from corpus.formats.received import MAX_BYTES

RESAVE: Final = "Open it in Word, Excel, WPS Office or LibreOffice, save it again and load that"
_MOST_MEMBERS: Final = 20_000
_ENTRY: Final = b"PK\x01\x02"  # begins the entry of a member in the list of members
_MOST_UNPACKED: Final = 10 * MAX_BYTES  # of all members together; pictures make up most of it
# Tags and attributes of a part. An element takes up to 250 bytes of memory, an attribute up to 150.
_MOST_TAGS: Final = 1_500_000
_MOST_ATTRIBUTES: Final = 1_500_000
# The strict variant of the format has namespaces of its own and the same elements.
_STRICT: Final = (
    (
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# <?xml version="1.0" encoding="GB18030"?>
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]{2,20})[\"']", re.I)
_DECLARATION: Final = re.compile(r"<\?xml[^>]{0,300}\?>")
_CHARSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another, or to a place outside of the package."""

    id: str
    kind: str  # the last word of its type: "styles", "footnotes", "hyperlink"
    target: str  # name of the part; the address as written when external
    external: bool


class Package:
    """The parts of an Office file. `name` is the file name, for messages."""

    def __init__(self, archive: zipfile.ZipFile, *, name: str) -> None:
        self.name = name
        self._archive = archive
        self._members = {info.filename.lstrip("/").lower(): info for info in archive.infolist()}
        if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
            raise _too_much(name)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    def parts(self) -> Iterator[str]:
        """Yields the names of all parts, in lower case."""
        yield from self._members

    def xml(self, part: str) -> ElementTree.Element:
        """Parses a part. Raises ValueError for XML that is damaged or declares a document type."""
        return ElementTree.fromstring(self._text(part))

    def relationships(self, part: str) -> list[Relationship]:
        """The links of a part, or of the package itself (part ""); empty when it has none."""
        folder, file = posixpath.split(part)
        source = posixpath.join(folder, "_rels", f"{file}.rels")
        if source not in self:
            return []
        found = []
        for element in self.xml(source).iter(_RELATIONSHIP):
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found.append(Relationship(element.get("Id", ""), kind, target, external))
        return found

    def linked(self, part: str, kind: str) -> str | None:
        """The name of the part that `part` links to as its `kind`; None when the package lacks it."""
        found = (link.target for link in self.relationships(part) if link.kind == kind and not link.external)
        return next((target for target in found if target in self), None)

    def _text(self, part: str) -> str:
        info = self._members[part.lower()]
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{part} uses a compression that Office does not")
        with self._archive.open(info) as member:
            data = member.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UnreadableDocument(self.name, f"its part {part} is too large for a paper", "Split it")
        # Decoded here, so that the check for a document type sees what the parser will see.
        text = _decoded(data)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError(f"{part} declares a document type")
        if text.count("<") > _MOST_TAGS or text.count('="') + text.count("='") > _MOST_ATTRIBUTES:
            raise UnreadableDocument(self.name, f"its part {part} is too large for a paper", "Split it")
        for strict, transitional in _STRICT:
            text = text.replace(strict, transitional)
        return text


def _decoded(data: bytes) -> str:
    """Decodes XML as its mark or declaration says. Raises ValueError for bytes that contradict it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    else:
        declared = _DECLARED.match(data)
        named = declared[1].decode("ascii").lower() if declared else "utf-8"
        text = data.decode(_CHARSETS.get(named, "utf-8-sig"))
    return _DECLARATION.sub("", text, count=1).lstrip()


@contextmanager
def opened(data: bytes, *, name: str) -> Iterator[Package]:
    """Opens a package. Errors of its container and its XML become UnreadableDocument."""
    if data.count(_ENTRY) > _MOST_MEMBERS:
        raise _too_much(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Package(archive, name=name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, struct.error) as error:
        raise UnreadableDocument(name, f"its zip container is damaged ({error})", RESAVE) from error
    except RuntimeError as error:  # zipfile's error for an encrypted member
        raise UnreadableDocument(name, f"its zip container cannot be opened ({error})", RESAVE) from error
    except (ElementTree.ParseError, ValueError, KeyError) as error:
        raise UnreadableDocument(name, f"its XML is damaged ({error})", RESAVE) from error


def _too_much(name: str) -> UnreadableDocument:
    return UnreadableDocument(name, "it unpacks to more than a paper can be", "Take out its pictures")


def _members_of(data: bytes) -> frozenset[str]:
    if data.count(_ENTRY) > _MOST_MEMBERS:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(name.lstrip("/").lower() for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, struct.error, ValueError):
        return frozenset()


def is_package(data: bytes, *, folder: str) -> bool:
    """Whether the bytes are an Office file with its content in `folder` ("word/", "xl/").

    The names are those of the package itself: a zip file that contains an Office file is none. A damaged
    package without a readable list of members is recognised by the names in its bytes.
    """
    if not data.startswith(b"PK\x03\x04"):
        return False
    members = _members_of(data)
    if not members:
        return b"[Content_Types].xml" in data and folder.encode() in data
    return any(
        name.startswith(folder) and name.endswith(".xml") and name.count("/") == folder.count("/")
        for name in members
    )
