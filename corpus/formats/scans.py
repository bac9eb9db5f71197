"""Where a page that is only a picture is handed to a recogniser of text (OCR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol

from corpus.errors import UnreadableDocument
from corpus.formats.page_lines import PageLine
from corpus.formats.received import Received

# Dots per inch at which pages are drawn for recognition: small print is still a dozen dots high.
SCAN_DPI = 200
_INSTALL = "Install what recognises scans, `pip install 'zhengwen[ocr]'`, or load its text"


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: 8 bits each of red, green and blue per dot, row by row from the top."""

    number: int  # of the page, from 1
    width: int  # dots
    height: int
    dpi: float  # dots per inch: a box in dots times 72 / dpi is in points
    rgb: bytes  # width * height * 3


class Recogniser(Protocol):
    """Reads the lines of a picture, in reading order, with boxes in points."""

    def __call__(self, image: PageImage) -> tuple[PageLine, ...]: ...


def find_recogniser(received: Received) -> Recogniser | None:
    """The recogniser that is installed, for the pages of one paper; None without the extra `ocr`."""
    return None


def reject_scan(name: str, pages: Sequence[int]) -> NoReturn:
    """Raises UnreadableDocument for a paper that is only pictures when nothing can recognise them."""
    which = f"page {pages[0]} is" if len(pages) == 1 else f"its {len(pages)} pages are"
    raise UnreadableDocument(name, f"it is a scan: {which} a picture without text", _INSTALL)
