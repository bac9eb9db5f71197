"""Text with the original offset of each character, and lines of such text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from corpus.model import Furniture, Notice, Placed, Segment, Span

JOINT = -1  # origin of a character inserted by cleaning (the line end between two paragraphs)

# Separator of cells of a table row: white space, so that a quote of a row is verbatim except for blanks.
CELL_JOINT = "\t"


@dataclass(frozen=True, slots=True)
class SourceText:
    """`text`, with the original offset of every character (or JOINT).

    A decoded HTML entity has the offset of its ampersand.
    """

    text: str
    origins: tuple[int, ...]

    @classmethod
    def copied(cls, original: str, start: int, end: int) -> SourceText:
        """The characters start:end of the original, unchanged."""
        return cls(original[start:end], tuple(range(start, end)))

    @classmethod
    def inserted(cls, text: str) -> SourceText:
        """Characters that are not in the original."""
        return cls(text, (JOINT,) * len(text))

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int) -> SourceText:
        return SourceText(self.text[start:end], self.origins[start:end])

    def without(self, spans: Iterable[Span]) -> SourceText:
        """Everything but `spans`, which are in order and do not overlap."""
        kept, at = [], 0
        for span in spans:
            kept.append(self.cut(at, span.start))
            at = span.end
        return chain([*kept, self.cut(at, len(self))])

    @property
    def place(self) -> Span:
        """The original span from the first to the last character; 0:0 when there is none."""
        real = [origin for origin in self.origins if origin != JOINT]
        return Span(min(real), max(real) + 1) if real else Span(0, 0)


def chain(parts: Iterable[SourceText]) -> SourceText:
    """Concatenates the parts."""
    parts = list(parts)
    origins: list[int] = []
    for part in parts:
        origins.extend(part.origins)
    return SourceText("".join(part.text for part in parts), tuple(origins))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source with its layout. Offsets count in `source.text`."""

    source: SourceText
    heading: bool = False  # marked up as a heading
    bold: tuple[Span, ...] = ()
    apart: bool = False  # preceded by blank lines or a block boundary of the markup
    indented: bool = False  # begins with the two blanks of a Chinese paragraph
    fixed: bool = False  # a table row or another line that is never joined to a neighbour
    linked: bool = False  # consists of links only
    ended: bool = False  # followed by blanks, which some programs write only after a paragraph

    @property
    def text(self) -> str:
        return self.source.text

    def stripped(self) -> Line:
        """The line without the blanks at both ends; `bold` is shifted."""
        text = self.text
        start = len(text) - len(text.lstrip())
        return self.cut(start, max(start, len(text.rstrip())))

    def cut(self, start: int, end: int) -> Line:
        """The part start:end, with the emphasis in it."""
        bold = tuple(
            Span(max(span.start, start) - start, min(span.end, end) - start)
            for span in self.bold
            if max(span.start, start) < min(span.end, end)
        )
        return replace(self, source=self.source.cut(start, end), bold=bold)

    def without(self, spans: Iterable[Span]) -> Line:
        """Everything but `spans`, which are in order and do not overlap."""
        spans = list(spans)
        if not spans:
            return self
        moved = Moved(spans)
        bold = (Span(moved.offset(span.start), moved.offset(span.end)) for span in self.bold)
        return replace(
            self,
            source=self.source.without(spans),
            bold=tuple(span for span in bold if span.start < span.end),
        )


def joined(lines: Sequence[Line], joints: Sequence[str]) -> Line:
    """Joins lines, with joints[n] (perhaps empty) between the lines n and n + 1."""
    if len(lines) == 1:
        return lines[0]
    parts: list[SourceText] = []
    bold: list[Span] = []
    length = 0
    for line, joint in zip(lines, [*joints, ""], strict=True):
        bold += [Span(span.start + length, span.end + length) for span in line.bold]
        parts += [line.source, SourceText.inserted(joint)]
        length += len(line.text) + len(joint)
    return replace(lines[0], source=chain(parts), bold=tuple(bold))


@dataclass(frozen=True, slots=True)
class Extracted:
    """Result of reading a format: lines in reading order and the pieces left out.

    `pages` are (offset of the original, number of the page that begins there); `placed` are the places of
    pieces of the original on pages, for formats with coordinates. The spans of `notices` are offsets of the
    original: what a person should check (attachments that were not read, characters that may be wrong).
    """

    lines: list[Line]
    pages: list[tuple[int, int]] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class Moved:
    """Offsets of a text from which spans (in order, apart) were removed."""

    def __init__(self, removed: Sequence[Span]) -> None:
        self._removed = removed
        self._starts = [span.start for span in removed]
        self._lengths = [0, *accumulate(span.end - span.start for span in removed)]

    def offset(self, before: int) -> int:
        """Where the character that was at `before` is; of a removed one, where it would be."""
        count = bisect_left(self._starts, before)
        beyond = max(0, self._removed[count - 1].end - before) if count else 0
        return before - self._lengths[count] + beyond


def segments(text: str, origins: Sequence[int], *, original: str) -> Iterator[Segment]:
    """Yields the runs of characters that are consecutive and identical in the original.

    A decoded entity is a run of its own that starts at the entity.
    """
    start, first, length, same = 0, JOINT, 0, False
    for index, origin in enumerate(origins):
        verbatim = origin != JOINT and original[origin] == text[index]
        if length and same and verbatim and origin == first + length:
            length += 1
            continue
        if length:
            yield Segment(start, first, length)
        start, first, length, same = index, origin, int(origin != JOINT), verbatim
    if length:
        yield Segment(start, first, length)


@dataclass(slots=True)
class Collector:
    """Builds lines from pieces while a source is read from beginning to end."""

    _parts: list[SourceText] = field(default_factory=list)
    _bold: list[Span] = field(default_factory=list)
    _length: int = 0

    @property
    def begun(self) -> bool:
        return self._length > 0

    def add(self, piece: SourceText, *, bold: bool) -> None:
        if not piece.text:
            return
        end = self._length + len(piece)
        if bold and self._bold and self._bold[-1].end == self._length:
            self._bold[-1] = Span(self._bold[-1].start, end)
        elif bold:
            self._bold.append(Span(self._length, end))
        self._parts.append(piece)
        self._length = end

    def take(self) -> Line:
        """Returns the line built so far and starts an empty one."""
        line = Line(chain(self._parts), bold=tuple(self._bold))
        self._parts, self._bold, self._length = [], [], 0
        return line
