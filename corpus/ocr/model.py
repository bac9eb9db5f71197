"""Types of the recognition of text in pictures (OCR), and the interface of an engine.

Lengths are dots, counted from the upper left corner of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from corpus.model import Span

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A piece of a line as an engine read it. `score` is the engine's confidence, 0…1."""

    text: str
    box: Box
    score: float

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line with the parts of its text that two readings disagree about."""

    line: ReadLine
    uncertain: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """The pieces of lines of a page, in any order, with boxes in the page as it was turned to be level."""

    lines: tuple[CheckedLine, ...]
    turned: float  # degrees, counter-clockwise, around the middle of the page
    size: tuple[int, int]  # width and height of the turned page
    unread: int  # pieces with something like text in them that could not be read


class Engine(Protocol):
    """Finds and reads the lines of a grey picture."""

    @property
    def name(self) -> str:
        """Name and version: another engine may read a page otherwise."""

    @property
    def reads_page_again(self) -> bool:
        """Whether the second reading takes the same time for all lines of a page as for one."""

    def read(self, picture: Image) -> list[ReadLine]:
        """The pieces of lines that it finds, in any order."""

    def read_again(self, picture: Image, lines: Sequence[ReadLine]) -> list[str]:
        """The texts of `lines` from an independent reading; empty where that finds nothing."""
