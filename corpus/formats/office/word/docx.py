"""Reads Word documents (.docx, .docm): ECMA-376, transitional and strict."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from corpus.errors import UnreadableDocument
from corpus.formats.office.package import RESAVE, Package, opened
from corpus.formats.office.word.blocks import BlockReader
from corpus.formats.office.word.names import w
from corpus.formats.office.word.notes import notes_of
from corpus.formats.office.word.numbering import Numbering
from corpus.formats.office.word.styles import Styles
from corpus.formats.office.writing import TextWriter
from corpus.formats.received import ReadText, Received

_MACROS: Final = "vbaproject.bin"
_AROUND: Final = {"header": "page_header", "footer": "page_footer"}
_MOST_AROUND: Final = 60  # headers and footers that are read


def read(received: Received) -> ReadText:
    """Reads a Word document. Raises UnreadableDocument for a damaged file, one without text, or a bomb."""
    with opened(received.data, name=received.name) as package:
        original, extracted = _written(package).extracted()
    if not extracted.lines:
        pictures = any(notice.code == "pictures" for notice in extracted.notices)
        reason = "it contains only pictures" if pictures else "it contains no text"
        cure = "Recognise its text first (OCR)" if pictures else "Check that the right file was given"
        raise UnreadableDocument(received.name, reason, cure)
    return ReadText(original, "utf-8", extracted)


def _written(package: Package) -> TextWriter:
    main = package.linked("", "officeDocument") or "word/document.xml"
    root = package.xml(main) if main in package else None
    body = root.find(w("body")) if root is not None else None
    if root is None or body is None:
        raise UnreadableDocument(package.name, "it is no Word document (.docx): it has no body", RESAVE)

    def part(kind: str) -> Element | None:
        name = package.linked(main, kind)
        return package.xml(name) if name is not None else None

    styles = Styles(part("styles"))
    reader = BlockReader(styles, Numbering(part("numbering"), styles), name=package.name)
    settings = [element for element in (root, part("settings")) if element is not None]
    reader.footnotes = notes_of(part("footnotes"), "footnote", settings=settings, read=reader.story)
    reader.endnotes = notes_of(part("endnotes"), "endnote", settings=settings, read=reader.story)
    writer = TextWriter(package.name)
    if any(name.endswith(_MACROS) for name in package.parts()):
        writer.finding("macros")
    writer.blocks(reader.story(body))
    _write_around(package, main, reader, writer)
    return writer


def _write_around(package: Package, main: str, reader: BlockReader, writer: TextWriter) -> None:
    """Writes the headers and footers below the text."""
    links = [link for link in package.relationships(main) if link.kind in _AROUND and link.target in package]
    for link in links[:_MOST_AROUND]:
        writer.furniture(_AROUND[link.kind], reader.story(package.xml(link.target)))
