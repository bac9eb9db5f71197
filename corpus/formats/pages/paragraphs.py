"""Tells from the places of two lines whether they are of one paragraph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.formats.pages.lines import Page, PageLine
from corpus.text.sentences import begins_block, ends_sentence

# In sizes of a character:
_FLUSH = 0.5  # a line begins at the margin if it begins so near to it
_ROOM = 0.6  # what may be left at the end of a full line beside the character that did not fit
_INDENT = (1.2, 4.5)  # indent of the first line of a paragraph; more than that centres a line
_LATIN_WIDTH = 0.55  # mean width of a Latin letter
_SAME_SIZE = 0.12
_NARROWEST = 10  # a paper with shorter lines only (a table of contents, an invitation) has no full ones
_APART = 1.25  # times the usual distance of lines; more of it parts paragraphs
_FEW = 0.03  # share of lines; fewer that begin or end beyond the others say nothing about the margin
_ENOUGH_LINES = 8  # of a page from which on its own margins count
_MANY = 0.08  # share of lines; if so many are indented or apart, that is how paragraphs begin
_LATIN_WORD = re.compile(r"[A-Za-z0-9%.,/+\-()]+")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the lines of a column begin and end, and what shows that a paragraph begins."""

    margin: float
    reach: float
    size: float = 0.0  # of most characters
    pitch: float = 0.0  # from one line to the next; 0 when it is not known
    indents: bool = False
    spaces: bool = False

    def is_indented(self, line: PageLine) -> bool:
        """Whether a line of the text, not a title, begins with an indent."""
        low, high = _INDENT
        usual = abs(line.size - self.size) <= _SAME_SIZE * self.size
        return usual and low * line.size <= line.left - self.margin <= high * line.size

    def is_centred(self, line: PageLine) -> bool:
        return abs((line.left - self.margin) - (self.reach - line.right)) < 2 * _FLUSH * line.size

    def is_flush(self, line: PageLine) -> bool:
        return line.left - self.margin < _FLUSH * line.size


Frames = dict[tuple[int, int], Frame]  # by number of the page and column
NO_FRAME = Frame(0.0, 0.0)  # of a text that is read by itself


def frames_of(pages: Sequence[Page], left_out: Iterable[tuple[int, int]]) -> Frames:
    """The frame of each column of each page: that of all alike pages, or of a page that is shifted."""
    out = set(left_out)
    columns: dict[tuple[int, int], list[PageLine]] = defaultdict(list)
    alike: dict[tuple[int, int], list[PageLine]] = defaultdict(list)
    for index, page in enumerate(pages):
        for at, line in enumerate(page.lines):
            if isinstance(line, PageLine) and not line.turn and (index, at) not in out:
                columns[page.number, line.column].append(line)
                alike[round(page.width / 10), line.column].append(line)
    widths = {page.number: round(page.width / 10) for page in pages}
    common = {key: _frame(lines) for key, lines in alike.items()}
    frames: Frames = {}
    for (number, column), lines in columns.items():
        frame = common[widths[number], column]
        own = _frame(lines) if len(lines) >= _ENOUGH_LINES else frame
        size = median(line.size for line in lines)
        shifted = (
            abs(own.margin - frame.margin) > size
            and abs((own.reach - own.margin) - (frame.reach - frame.margin)) < 2 * size
        )
        frames[number, column] = own if shifted else frame
    return frames


def _frame(lines: Sequence[PageLine]) -> Frame:
    size = median(line.size for line in lines)
    fewest = max(2, _FEW * len(lines))
    margin = _outermost([line.left for line in lines], size, fewest=fewest)
    reach = -_outermost([-line.right for line in lines], size, fewest=fewest)
    steps = Counter(
        round(below.box[1] - above.box[1], 0)
        for above, below in pairwise(lines)
        if 0 < below.box[1] - above.box[1] < 4 * size and _same_size(above, below)
    )
    pitch = steps.most_common(1)[0][0] if steps else 0.0
    frame = Frame(margin, reach, size, pitch)
    many = max(2, _MANY * len(lines))
    return Frame(
        margin,
        reach,
        size,
        pitch,
        sum(frame.is_indented(line) for line in lines) >= many,
        sum(_APART * pitch < step < 3 * pitch for step in steps.elements()) >= many,
    )


def _outermost(places: list[float], size: float, *, fewest: float) -> float:
    """The least place that several lines share; the least of all when none is shared.

    Places on scans are measured, so it is the middle one of those that are near to one another.
    """
    ordered = sorted(places)
    first = 0
    for last, place in enumerate(ordered):
        while ordered[first] < place - _FLUSH * size:
            first += 1
        if last - first + 1 >= fewest:
            return median(at for at in ordered[first:] if at <= ordered[first] + _FLUSH * size)
    return ordered[0]


def goes_on(line: PageLine, following: PageLine, before: Frame, after: Frame, *, same_page: bool) -> bool:
    """Whether the line below, perhaps at the top of the next column or page, continues the paragraph."""
    if line.turn != following.turn or not _same_size(line, following):
        return False
    if line.turn or before.reach - before.margin < _NARROWEST * line.size:
        return False
    word = _LATIN_WORD.match(following.text)
    width = max(1.0, len(word[0]) * _LATIN_WIDTH) if word else 1.0
    full = before.reach - line.right < (width + _ROOM) * line.size
    if not full:
        return False
    if same_page and line.column == following.column and _is_apart(line, following, before):
        return False
    if not after.is_flush(following):
        begins = after.indents and after.is_indented(following)
        centred = before.is_centred(line) and after.is_centred(following)
        return centred and not begins and _is_open(line, following)
    if before.indents or (before.spaces and same_page):
        return True
    ended = ends_sentence(line.text) and before.reach - line.right > _ROOM * line.size
    return not begins_block(following.text) and not ended


def _is_open(line: PageLine, following: PageLine) -> bool:
    """Whether neither the end of the line nor the beginning of the next one parts them: a long title."""
    return not ends_sentence(line.text) and not begins_block(following.text)


def _is_apart(line: PageLine, following: PageLine, frame: Frame) -> bool:
    """Whether there is more space than usual between the lines."""
    return bool(frame.pitch) and following.box[1] - line.box[1] > _APART * frame.pitch


def _same_size(line: PageLine, other: PageLine) -> bool:
    return abs(line.size - other.size) <= _SAME_SIZE * max(line.size, other.size)
