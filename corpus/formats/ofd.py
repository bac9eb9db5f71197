"""Reads OFD (GB/T 33190): a zip of XML pages with text in TextCode elements with coordinates."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

from corpus.errors import UnreadableDocument
from corpus.formats.pages import PAGE_NUMBER, Page, PageLine, read_text
from corpus.formats.received import MAX_BYTES, ReadText, Received

_MOST_PAGES = 2000
_RESAVE = "Open it in an OFD reader, save it again or export its text, and load that"
_FAR = 1e6  # millimetres; limits coordinates, which may be arbitrarily long strings of digits
_POINTS = 72 / 25.4  # in a millimetre, the unit of OFD
_PAGE_FOLDER = re.compile(r"Page_(\d+)/", re.I)


@dataclass(frozen=True, slots=True)
class _Run:
    """Text with its position on the page, in millimetres from the upper left corner."""

    x: float
    y: float  # position of the baseline
    right: float
    size: float
    words: str
    top: float
    bottom: float


def read(received: Received) -> ReadText:
    """Reads an OFD. Raises UnreadableDocument for a damaged zip, a zip that is not an OFD, or no text."""
    name = received.name
    try:
        with zipfile.ZipFile(io.BytesIO(received.data)) as archive:
            return _read(archive, name=name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        struct.error,
    ) as error:
        raise UnreadableDocument(name, f"its zip container is damaged ({error})", _RESAVE) from error
    except (ElementTree.ParseError, ValueError) as error:
        raise UnreadableDocument(name, f"its XML is damaged ({error})", _RESAVE) from error


def _read(archive: zipfile.ZipFile, *, name: str) -> ReadText:
    members = {info.filename: info for info in archive.infolist()}
    if "OFD.xml" not in members:
        raise UnreadableDocument(name, "it is a zip file but not an OFD", _RESAVE)
    if sum(info.file_size for info in members.values()) > 10 * MAX_BYTES:
        raise UnreadableDocument(name, "it unpacks to more than a paper can be", _RESAVE)
    paths = _page_paths(archive, members)
    pages = [
        Page(number, tuple(_visual_lines(list(_runs(_xml(archive, members[path]))))))
        for number, path in enumerate(paths[:_MOST_PAGES], 1)
    ]
    read = read_text(pages)
    if not read.original.strip():
        raise UnreadableDocument(
            name, "its pages contain no text (perhaps pictures)", "Recognise its text first (OCR)"
        )
    return read


def _page_paths(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> list[str]:
    """The pages in the order in which the document lists them; else by the number in their path."""
    ordered: list[str] = []
    for root in _xml(archive, members["OFD.xml"]).iter():
        if _local(root.tag) != "DocRoot" or not root.text:
            continue
        document = root.text.strip().lstrip("/")
        if document not in members:
            continue
        for page in _xml(archive, members[document]).iter():
            if _local(page.tag) == "Page" and "BaseLoc" in page.attrib:
                at = page.attrib["BaseLoc"]
                path = at if at.startswith("/") else posixpath.join(posixpath.dirname(document), at)
                ordered.append(posixpath.normpath(path).lstrip("/"))
    found = [path for path in ordered if path in members]
    if found:
        return found
    content = [path for path in members if path.endswith("Content.xml") and _PAGE_FOLDER.search(path)]
    return sorted(content, key=_page_number)


def _page_number(path: str) -> int:
    match = _PAGE_FOLDER.search(path)
    return int(match[1]) if match else 0


def _xml(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ElementTree.Element:
    """Parses a member. Rejects a document type declaration, which could define entities."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{info.filename} uses a compression that OFD does not support")
    with archive.open(info) as member:
        data = member.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{info.filename} is too large")
    upper = data.upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper or b"\x00" in data:
        raise ValueError(f"{info.filename} declares a document type")
    return ElementTree.fromstring(data)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _runs(page: ElementTree.Element) -> Iterator[_Run]:
    for item in page.iter():
        if _local(item.tag) != "TextObject":
            continue
        left, top, width, height = _numbers(item.get("Boundary"), 4)
        size = _numbers(item.get("Size"), 1)[0] or 5.0
        for code in item:
            if _local(code.tag) == "TextCode" and (code.text or "").strip():
                x, y = _numbers(code.get("X"), 1)[0], _numbers(code.get("Y"), 1)[0]
                words = (code.text or "").strip("\n\r\t ")
                bottom = top + abs(height or size)
                yield _Run(left + x, top + y, left + width, size, words, top, bottom)


def _numbers(value: str | None, count: int) -> list[float]:
    """The first `count` numbers of an attribute; 0 for missing ones."""
    parts = re.findall(r"-?\d+(?:\.\d+)?", value or "")[:count]
    found = [max(-_FAR, min(_FAR, float(part))) for part in parts]
    return found + [0.0] * (count - len(found))


def _visual_lines(runs: list[_Run]) -> list[PageLine]:
    """Joins runs on one baseline from left to right."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: (run.y, run.x)):
        alone = PAGE_NUMBER.fullmatch(run.words)  # a page number may be on the baseline of the last line
        if lines and not alone and abs(run.y - lines[-1][0].y) < 0.4 * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [_together(sorted(line, key=lambda run: run.x)) for line in lines]


def _together(runs: list[_Run]) -> PageLine:
    words = runs[0].words
    for left, right in pairwise(runs):
        words += (" " if right.x - left.right > 0.8 * right.size else "") + right.words
    reach, bottom = max(run.right for run in runs), max(run.bottom for run in runs)
    top = min(run.top for run in runs)
    box = (runs[0].x * _POINTS, top * _POINTS, reach * _POINTS, bottom * _POINTS)
    return PageLine(words, box, runs[0].size * _POINTS)
