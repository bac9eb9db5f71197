"""Reads pictures of pages: PNG, JPEG, TIFF with several pages, BMP, WebP, GIF."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import UnreadableDocument
from corpus.formats.pages.text import Page, read_text
from corpus.formats.received import ReadText, Received
from corpus.formats.scans.lines import POINTS
from corpus.formats.scans.recognition import PageImage, find_recogniser, reject_scan

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF")
_MOST_PAGES = 1000
_MOST_DOTS = 80_000_000  # of a page: A3 at 600 dots per inch has 70 million
_LONGEST = 4000  # dots of the longer side that is read: A4 at 300 dots per inch has 3,508
_WIDEST = 20  # times as wide as high, or as high as wide: no page is
_SMALLEST = 200  # dots: A4 at 60 dots per inch is 496 wide; icons are smaller
_A4_WIDTH = 8.27  # inches
_DPI = range(60, 1201)  # that a scanner writes; others (72 of a camera, 1) say nothing
_SCREEN = (72, 96)
_SAVE = "Scan it again or save it as PNG"
_SCAN = "Scan it at 300 dots per inch"
# What Pillow raises for damaged data.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError)


def read(received: Received) -> ReadText:
    """Recognises the text of a picture.

    Raises UnreadableDocument for one that is damaged, larger than a page or without text, and where nothing
    that recognises text is installed.
    """
    recogniser = find_recogniser(received)
    if recogniser is None:
        reject_scan(received.name, [1])
    pages = []
    for image in _images(received):
        width, height = image.width * POINTS / image.dpi, image.height * POINTS / image.dpi
        pages.append(Page(image.number, recogniser(image), width, height))
    read = read_text(pages)
    if not read.original.strip():
        raise UnreadableDocument(received.name, "no text is recognised in the picture", "Check the file")
    return read


def _images(received: Received) -> Iterator[PageImage]:
    from PIL import Image

    name = received.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about sizes, which are checked here, and odd metadata
        try:
            with Image.open(io.BytesIO(received.data), formats=_FORMATS) as picture:
                count = 1 if picture.format in ("GIF", "WEBP", "PNG") else getattr(picture, "n_frames", 1)
                if count > _MOST_PAGES:
                    raise UnreadableDocument(name, f"it has more than {_MOST_PAGES} pages", "Split it")
                for number in range(1, count + 1):
                    picture.seek(number - 1)
                    _check_size(picture, name=name)
                    yield _page_image(picture, number=number, pages=count)
        except Image.DecompressionBombError as error:  # so large that Pillow does not even tell the size
            raise UnreadableDocument(name, "the picture is larger than a page", _SCAN) from error
        except _DAMAGED as error:
            raise UnreadableDocument(name, f"the picture is damaged ({error})", _SAVE) from error


def _check_size(picture: Image, *, name: str) -> None:
    width, height = picture.size
    if width * height > _MOST_DOTS:
        reason = f"a picture of {width} × {height} dots is larger than a page"
        raise UnreadableDocument(name, reason, _SCAN)
    if min(width, height) < _SMALLEST or max(width, height) > _WIDEST * min(width, height):
        raise UnreadableDocument(
            name, f"a picture of {width} × {height} dots is not a page", "Cut it to pages"
        )


def _page_image(picture: Image, *, number: int, pages: int) -> PageImage:
    from PIL import Image, ImageOps

    dpi = _dpi(picture)
    if picture.format == "JPEG" and max(picture.size) > 2 * _LONGEST:
        picture.draft("L", (_LONGEST, _LONGEST))
    upright = ImageOps.exif_transpose(picture) or picture
    page = _flat(upright)
    if max(page.size) > _LONGEST:
        shrunk = _LONGEST / max(page.size)
        page.thumbnail((_LONGEST, _LONGEST), Image.Resampling.LANCZOS)
        dpi *= shrunk
    return PageImage(number, page.width, page.height, dpi, page.convert("RGB").tobytes(), pages)


def _flat(picture: Image) -> Image:
    """The picture in grey on white paper."""
    from PIL import Image

    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        low, high = picture.getextrema()
        spread = (float(high) - float(low)) or 1.0  # type: ignore[arg-type]
        return picture.point(lambda value: (value - float(low)) * 255 / spread).convert("L")  # type: ignore[arg-type]
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        paper.alpha_composite(clear)
        return paper.convert("L")
    return picture.convert("L")


def _dpi(picture: Image) -> float:
    """Dots per inch as the file says; else as if the shorter side were that of A4."""
    stated = picture.info.get("dpi", (0, 0))
    try:
        dpi = float(stated[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    if round(dpi) in _DPI and round(dpi) not in _SCREEN:
        return dpi
    return max(1.0, min(picture.size) / _A4_WIDTH)
