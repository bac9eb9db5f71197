"""Draws papers as scanned pages: the layout of GB/T 9704, turned a little, with noise, as JPEG in a TIFF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from corpus.model import Document, Kind

SONG = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
HEI = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
_SIMPLIFIED = 2  # the face of these collections
_PAGE, _LEFT, _TOP = (595, 842), 79, 105  # points: A4 and its margins
_BODY, _TITLE, _NUMBER = 16, 20, 14  # points: 三号, and those of the title and the number of the page
_CHARACTERS, _LINES, _PITCH = 28, 22, 28.95  # of a line, of a page, points
_HANGING = "，。；：、）》”"  # stay on the line when it is full


@dataclass(frozen=True, slots=True)
class Scanner:
    """How the pages are scanned."""

    dpi: int = 200
    skew: float = 0.6  # degrees
    noise: float = 12.0  # standard deviation of a dot, of 255
    quality: int = 85  # of JPEG
    seed: int = 0

    def scan(self, document: Document, *, most: int) -> bytes:
        """The first pages of the paper as a TIFF."""
        pages = [self._noisy(page, number) for number, page in enumerate(self._pages(document))][:most]
        file = io.BytesIO()
        pages[0].save(
            file,
            "TIFF",
            save_all=True,
            append_images=pages[1:],
            compression="jpeg",
            quality=self.quality,
            dpi=(self.dpi, self.dpi),
        )
        return file.getvalue()

    def _dots(self, points: float) -> int:
        return round(points * self.dpi / 72)

    def _font(self, path: str, points: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(path, self._dots(points), index=_SIMPLIFIED)

    def _pages(self, document: Document) -> list[Image.Image]:
        pages: list[Image.Image] = []
        line = _LINES
        for font, indent, centred, text in self._paragraphs(document):
            for words in _wrapped("\u3000" * indent + text, font, self._dots(_CHARACTERS * _BODY)):
                if line >= _LINES:
                    pages.append(Image.new("L", (self._dots(_PAGE[0]), self._dots(_PAGE[1])), 255))
                    line = 0
                page = ImageDraw.Draw(pages[-1])
                left = (pages[-1].width - font.getlength(words)) / 2 if centred else self._dots(_LEFT)
                page.text((left, self._dots(_TOP + line * _PITCH)), words, fill=20, font=font)
                line += 1
        for number, drawn in enumerate(pages, start=1):
            place = (self._dots(_LEFT if number % 2 == 0 else 460), self._dots(770))
            ImageDraw.Draw(drawn).text(place, f"— {number} —", fill=20, font=self._font(SONG, _NUMBER))
        return pages

    def _paragraphs(self, document: Document) -> Iterator[tuple[ImageFont.FreeTypeFont, int, bool, str]]:
        """Font, indent, whether it is centred, and text of each paragraph."""
        title, at = document.head.title.span, 0
        head = max((clause.end for clause in document.clauses if clause.kind is Kind.HEAD), default=0)
        body, large = self._font(SONG, _BODY), self._font(HEI, _TITLE)
        for text in document.text.split("\n"):
            is_title = at < title.end and at + len(text) > title.start
            yield (large, 0, True, text) if is_title else (body, 0 if at < head else 2, False, text)
            at += len(text) + 1

    def _noisy(self, page: Image.Image, number: int) -> Image.Image:
        """The page as a scanner gives it: turned, a little blurred, with noise and specks."""
        random = np.random.default_rng((self.seed, number))
        turned = page.rotate(self.skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
        blurred = turned.filter(ImageFilter.GaussianBlur(0.5 * self.dpi / 200))
        dots = np.asarray(blurred, dtype=np.float32) + random.normal(0, self.noise, blurred.size[::-1])
        dots[random.random(dots.shape) < self.noise / 15_000] = 0
        return Image.fromarray(np.clip(dots, 0, 255).astype(np.uint8))


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    line = ""
    for character in text:
        if font.getlength(line + character) > width and character not in _HANGING:
            yield line
            line = ""
        line += character
    yield line
