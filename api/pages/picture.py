"""A page of the original file as a picture, with the quoted lines marked."""

from __future__ import annotations

import io
from collections.abc import Sequence

from corpus.formats.pdf.drawing import draw_page
from corpus.model import Document, Place, Span

PDF = "application/pdf"
_DPI = 110  # print is legible, and a page of A4 has 1.2 million dots
_POINTS = 72  # in an inch
_MARK = (255, 221, 87)  # yellow; multiplied with the page, so that print below it stays black
_BEYOND = 2  # points that a mark is larger than the line


def places_of(document: Document, span: Span) -> tuple[Place, ...]:
    """Where the words are on pages that can be drawn; empty for other formats than PDF."""
    return document.source.map.places(span) if document.source.media_type == PDF else ()


def page_picture(data: bytes, number: int, places: Sequence[Place], *, name: str) -> bytes:
    """The page as PNG. Raises UnreadableDocument where the file has no such page or cannot be drawn."""
    from PIL import Image, ImageChops, ImageDraw  # imported here because only pictures need it

    page = draw_page(data, number, dpi=_DPI, name=name)
    picture = Image.frombytes("RGB", (page.width, page.height), page.rgb)
    marks = Image.new("RGB", picture.size, "white")
    pen, scale = ImageDraw.Draw(marks), page.dpi / _POINTS
    for place in places:
        if place.page == number:
            left, top, right, bottom = place.box
            box = (left - _BEYOND, top - _BEYOND, right + _BEYOND, bottom + _BEYOND)
            pen.rectangle([length * scale for length in box], fill=_MARK)
    drawn = io.BytesIO()
    ImageChops.multiply(picture, marks).save(drawn, "PNG")
    return drawn.getvalue()
