"""Where a page that is only a picture is handed to a recogniser of text (OCR)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, Protocol

from corpus.errors import UnreadableDocument
from corpus.formats.pages.lines import PageLine
from corpus.formats.received import Received
from corpus.formats.scans.lines import lines_of
from corpus.ocr import engines
from corpus.ocr.kept_pages import KeptPages, forget_old
from corpus.ocr.model import RecognisedPage
from corpus.ocr.page import recognise
from corpus.progress import Progress

# Dots per inch at which pages are drawn for recognition: small print is still a dozen dots high.
SCAN_DPI = 200
_INSTALL = "Install what recognises scans, `pip install 'zhengwen[ocr]'`, or load its text"
_LEAST = 16  # dots; a smaller picture holds no character


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: 8 bits each of red, green and blue per dot, row by row from the top."""

    number: int  # of the page, from 1
    width: int  # dots
    height: int
    dpi: float  # dots per inch: a box in dots times 72 / dpi is in points
    rgb: bytes  # width * height * 3
    pages: int = 0  # of the paper; 0 when not known


class Recogniser(Protocol):
    """Reads the lines of a picture, in reading order, with boxes in points."""

    def __call__(self, image: PageImage) -> tuple[PageLine, ...]: ...


@dataclass(frozen=True, slots=True)
class _Watch:
    """Where recognised pages are kept, and who hears of them."""

    cache_dir: Path | None = None
    progress: Progress | None = None
    kept: list[KeptPages] = field(default_factory=list)


# Reading goes through the table of formats, most of which know nothing of scans.
_watch: ContextVar[_Watch | None] = ContextVar("scans", default=None)


@contextmanager
def watched(cache_dir: Path, *, progress: Progress | None = None, forget: bool = True) -> Iterator[None]:
    """While it is open, recognised pages are kept in `cache_dir` and reported to `progress`.

    So a long scan that was interrupted is read on from its last page. With `forget` the pages are removed at
    the end, when the papers are stored; an exception leaves them for the next time, for a week at most.
    """
    forget_old(cache_dir)
    watch = _Watch(cache_dir, progress)
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)
    for pages in watch.kept if forget else ():
        pages.forget()


def find_recogniser(received: Received) -> Recogniser | None:
    """The recogniser that is installed, for the pages of one paper; None without the extra `ocr`.

    Calling it raises OcrUnavailable where the installation is not whole.
    """
    return _Pages(received, _watch.get() or _Watch()).lines if engines.installed() else None


def reject_scan(name: str, pages: Sequence[int]) -> NoReturn:
    """Raises UnreadableDocument for a paper that is only pictures when nothing can recognise them."""
    which = f"page {pages[0]} is" if len(pages) == 1 else f"its {len(pages)} pages are"
    raise UnreadableDocument(name, f"it is a scan: {which} a picture without text", _INSTALL)


class _Pages:
    """Recognises the pages of one paper, or finds those that an earlier run recognised."""

    def __init__(self, received: Received, watch: _Watch) -> None:
        self._name, self._progress = received.name, watch.progress
        self._kept: KeptPages | None = None
        if watch.cache_dir is not None:
            self._kept = KeptPages.of(watch.cache_dir, sha256=hashlib.sha256(received.data).hexdigest())
            watch.kept.append(self._kept)

    def lines(self, image: PageImage) -> tuple[PageLine, ...]:
        if min(image.width, image.height) < _LEAST:
            return ()
        page = self._recognised(image)
        if self._progress is not None:
            self._progress(image.number, max(image.pages, image.number), f"{self._name}, page {image.number}")
        return lines_of(page, number=image.number, size=(image.width, image.height), dpi=image.dpi)

    def _recognised(self, image: PageImage) -> RecognisedPage:
        from PIL import Image

        engine = engines.open_engine()
        about = f"{engine.name} {image.number} {image.width}x{image.height} "
        key = hashlib.sha256(about.encode() + image.rgb).hexdigest()
        if self._kept is not None and (kept := self._kept.find(key)) is not None:
            return kept
        picture = Image.frombytes("RGB", (image.width, image.height), image.rgb).convert("L")
        page = recognise(picture, engine)
        if self._kept is not None:
            self._kept.keep(key, page)
        return page
