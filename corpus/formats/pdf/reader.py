"""Reads a PDF: pages with text by pdfium, pages that are pictures by the recogniser of scans."""

from __future__ import annotations

from dataclasses import replace

from corpus.errors import UnreadableDocument
from corpus.formats.pages.text import read_text
from corpus.formats.pdf.drawing import draw_page
from corpus.formats.pdf.process import ask
from corpus.formats.pdf.transfer import from_json
from corpus.formats.received import ReadText, Received
from corpus.formats.scans.recognition import SCAN_DPI, find_recogniser, reject_scan

_UNREAD = (
    "page {} is a picture without text and is not read; install what recognises scans, "
    "`pip install 'zhengwen[ocr]'`, and load the paper again"
)


def is_pdf(received: Received) -> bool:
    """Whether the file begins as a PDF does, perhaps after blanks that a download put before it."""
    return received.data[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").startswith(b"%PDF-")


def read(received: Received) -> ReadText:
    """Reads a PDF. Raises UnreadableDocument for one that is encrypted, damaged, too large or a scan.

    Where only some pages are pictures and nothing can recognise them, the others are read and a notice
    names those that are not.
    """
    name = received.name
    result = ask(received.data, "read", name=name).result
    pages, scans = from_json(result["pages"]), [int(number) for number in result["scans"]]
    if scans:
        recogniser = find_recogniser(received)
        if recogniser is not None:
            for number in scans:
                image = draw_page(received.data, number, dpi=SCAN_DPI, name=name)
                pages[number - 1] = replace(pages[number - 1], lines=recogniser(image))
        elif not any(page.lines for page in pages if page.number not in scans):
            reject_scan(name, scans)
        else:
            unread = {number: _UNREAD.format(number) for number in scans}
            pages = [
                replace(page, lines=(), unread=unread[page.number]) if page.number in unread else page
                for page in pages
            ]
    read = read_text(pages)
    if not read.original.strip():
        raise UnreadableDocument(name, "its pages are empty", "Check that the right file was given")
    return read
