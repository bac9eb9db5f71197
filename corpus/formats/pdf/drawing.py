"""Draws pages of PDF files."""

from __future__ import annotations

from corpus.errors import UnreadableDocument
from corpus.formats.pdf.process import ask
from corpus.formats.scans.recognition import PageImage


def draw_page(data: bytes, number: int, *, dpi: float, name: str) -> PageImage:
    """A page as a picture, of fewer dots per inch when it would be too large.

    Raises UnreadableDocument where the file has no such page or it cannot be drawn.
    """
    answer = ask(data, "draw", str(number), str(dpi), name=name)
    about = answer.result
    width, height = int(about["width"]), int(about["height"])
    if len(answer.dots) != width * height * 3:
        raise UnreadableDocument(name, f"page {number} cannot be drawn", "Open it in a PDF reader")
    return PageImage(number, width, height, float(about["dpi"]), answer.dots, int(about["pages"]))
