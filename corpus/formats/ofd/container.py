"""The XML members of an OFD (GB/T 33190): its pages in order, and elements one at a time, within limits."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from corpus.formats.received import MAX_BYTES
from corpus.formats.zip_container import Container, Member, content

ROOT = "OFD.xml"
MOST_PAGES = 2000
# XML elements read from one file: more than 500 pages of single characters have; they take 1 s.
_MOST_ELEMENTS = 2_500_000
_MOST_BYTES = 10 * MAX_BYTES  # of XML, unpacked
_DEEPEST = 200  # elements in elements; the schema allows no more than ten levels and nested blocks
# Bytes parsed at once. Expat reads an attribute that is cut from its beginning again with each piece.
_PIECE = 1024 * 1024
_PAGE_FOLDER = re.compile(r"Page_(\d+)/", re.I)


@dataclass(slots=True)
class OfdContainer:
    """An OFD whose members are read at most once each, except by a damaged or malicious file.

    Methods raise ValueError when the limits of a paper are exceeded, or XML is damaged.
    """

    container: Container
    members: dict[str, Member] = field(init=False)
    _elements: int = 0
    _bytes: int = 0

    def __post_init__(self) -> None:
        self.members = {member.filename: member for member in self.container.infolist()}

    def pages(self) -> list[str]:
        """The pages as the documents list them, each once; without a list, by the numbers in their paths."""
        listed: dict[str, None] = {}
        for document in self._documents():
            for page in self.elements(document, "Page"):
                if "BaseLoc" not in page.attrib:
                    continue
                at = page.attrib["BaseLoc"]
                path = at if at.startswith("/") else posixpath.join(posixpath.dirname(document), at)
                path = posixpath.normpath(path).lstrip("/")
                if path in self.members:
                    listed[path] = None
        if listed:
            return list(listed)
        found = [path for path in self.members if path.endswith("Content.xml") and _PAGE_FOLDER.search(path)]
        return sorted(found, key=_page_number)

    def _documents(self) -> list[str]:
        """The documents that the root names, each once."""
        named = ((root.text or "").strip().lstrip("/") for root in self.elements(ROOT, "DocRoot"))
        return list(dict.fromkeys(name for name in named if name in self.members))

    def elements(self, path: str, *tags: str) -> Iterator[ElementTree.Element]:
        """Yields the elements of a member with one of these local names, with what is in them.

        Each is dropped after it was yielded, so memory does not grow with the length of the member.
        """
        found = _Found(frozenset(tags), left=_MOST_ELEMENTS - self._elements)
        parser, data = ElementTree.XMLParser(target=found), self._xml(path)
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            yield from found.take()
        parser.close()
        self._elements = _MOST_ELEMENTS - found.left

    def _xml(self, path: str) -> bytes:
        """The bytes of a member. Rejects a document type declaration, which could define entities."""
        data = content(self.container, self.members[path], most=MAX_BYTES)
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES:
            raise ValueError("it unpacks to more than a paper can be")
        upper = data.upper()
        if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper or b"\x00" in data:
            raise ValueError(f"{path} declares a document type")
        return data


class _Found:
    """Target of a parser that builds only the elements with these local names, and what is in them."""

    def __init__(self, tags: frozenset[str], *, left: int) -> None:
        self._tags, self.left = tags, left  # elements that may still follow
        self._depth = self._inside = 0
        self._builder = ElementTree.TreeBuilder()
        self._done: list[ElementTree.Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.left -= 1
        self._depth += 1
        if self.left < 0 or self._depth > _DEEPEST:
            raise ValueError("it has more elements than a paper can have")
        if self._inside or local_name(tag) in self._tags:
            self._inside += 1
            self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._inside:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if not self._inside:
            return
        self._builder.end(tag)
        self._inside -= 1
        if not self._inside:
            self._done.append(self._builder.close())
            self._builder = ElementTree.TreeBuilder()

    def close(self) -> None:
        """Called by the parser at the end."""

    def take(self) -> Iterator[ElementTree.Element]:
        """Yields the elements that have ended since the last call."""
        done, self._done = self._done, []
        for outer in done:
            yield from (element for element in outer.iter() if local_name(element.tag) in self._tags)


def local_name(tag: object) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _page_number(path: str) -> int:
    match = _PAGE_FOLDER.search(path)
    return int(match[1]) if match else 0
