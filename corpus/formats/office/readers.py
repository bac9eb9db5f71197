"""Recognises Office files and reads them: Word, Excel, and what LibreOffice converts to Word.

The modules that read are imported when the first such file is read.
"""

from __future__ import annotations

from typing import Final

from corpus.errors import UnreadableDocument
from corpus.formats.office.package import is_package
from corpus.formats.received import ReadText, Received

# Names of streams in the directory of a compound file, the container of Office before 2007.
_WORD: Final = "WordDocument".encode("utf-16-le")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHER: Final = (
    ("Workbook".encode("utf-16-le"), "it is an old Excel file (.xls, .et)", "Save it as .xlsx and load that"),
    ("PowerPoint Document".encode("utf-16-le"), "it is a presentation", "Save its text and load that"),
)
_ODT: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_RESAVE: Final = "Save it as .docx in Word, WPS Office or LibreOffice and load that"


def is_docx(received: Received) -> bool:
    return is_package(received.data, folder="word/")


def is_xlsx(received: Received) -> bool:
    return is_package(received.data, folder="xl/")


def is_odt(received: Received) -> bool:
    return received.data.startswith(b"PK\x03\x04") and received.data[30:].startswith(_ODT)


def read_docx(received: Received) -> ReadText:
    """Reads a Word document. Raises UnreadableDocument."""
    from corpus.formats.office.word import docx

    return docx.read(received)


def read_xlsx(received: Received) -> ReadText:
    """Reads an Excel workbook. Raises UnreadableDocument."""
    from corpus.formats.office.excel import xlsx

    return xlsx.read(received)


def read_compound(received: Received) -> ReadText:
    """Reads a Word or WPS file of the old kind. Raises UnreadableDocument, also for other content."""
    data = received.data
    if _ENCRYPTED in data:
        raise UnreadableDocument(
            received.name, "it is encrypted with a password", "Save it without a password and load that"
        )
    if _WORD not in data:
        for stream, reason, cure in _OTHER:
            if stream in data:
                raise UnreadableDocument(received.name, reason, cure)
        raise UnreadableDocument(received.name, "it is an old Office file without a text document", _RESAVE)
    return _converted(received, ending=".doc", kind="an old Word or WPS file (.doc, .wps)")


def read_rtf(received: Received) -> ReadText:
    """Reads an RTF file. Raises UnreadableDocument."""
    return _converted(received, ending=".rtf", kind="an RTF file")


def read_odt(received: Received) -> ReadText:
    """Reads an OpenDocument text. Raises UnreadableDocument."""
    return _converted(received, ending=".odt", kind="an OpenDocument text (.odt)")


def _converted(received: Received, *, ending: str, kind: str) -> ReadText:
    from corpus.formats.office import libreoffice
    from corpus.formats.office.word import docx

    return docx.read(libreoffice.converted(received, ending=ending, kind=kind))
