"""The reading order of a page: lines from top to bottom, columns one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

Box = tuple[float, float, float, float]

# Columns of text are at least so many lines high, and so much of the width of a column is filled: a list
# of names and dates has two columns of short entries, which are read line by line.
_FEWEST_LINES = 4
_FILLED = 0.6
_NARROWEST = 0.2  # of the width of the text
_MOST_ACROSS = 4  # lines of which one may cross the gap, such as a title
_GUTTER = 6.0  # points, least width of the gap between columns


class Boxed(Protocol):
    """Something with a place on the page."""

    @property
    def box(self) -> Box: ...


T = TypeVar("T", bound=Boxed)
Gutter = tuple[float, float]  # left and right end of the gap between two columns


def in_columns(items: Sequence[T], gutter: Gutter | None, *, depth: int = 2) -> list[list[T]]:
    """The items by block: parts of the page with one column each, in reading order.

    `items` are in order from top to bottom. A line over the whole width (a title between columns) ends
    the columns above it. `depth`: how often a column may have columns itself.
    """
    if gutter is None:
        return [list(items)]
    blocks: list[list[T]] = [[]]
    band: list[T] = []
    for item in items:
        if not _across(item, gutter):
            band.append(item)
            continue
        if band:
            blocks += [*_parted(band, gutter, depth=depth), []]
            band = []
        blocks[-1].append(item)
    return [block for block in [*blocks, *_parted(band, gutter, depth=depth)] if block]


def fits(items: Sequence[Boxed], gutter: Gutter) -> bool:
    """Whether the columns of another page are those of this one too, perhaps with few lines."""
    return sum(_across(item, gutter) for item in items) * _MOST_ACROSS <= len(items)


def column_of(item: Boxed, gutter: Gutter | None) -> int:
    """1 or 2 for a line of the first or second column, 0 for one across and on a page without columns."""
    if gutter is None or _across(item, gutter):
        return 0
    return 1 if (item.box[0] + item.box[2]) < sum(gutter) else 2


def _across(item: Boxed, gutter: Gutter) -> bool:
    return item.box[0] < gutter[0] - 1 and item.box[2] > gutter[1] + 1


def _parted(band: list[T], gutter: Gutter, *, depth: int) -> list[list[T]]:
    middle = sum(gutter) / 2
    halves = (
        [item for item in band if (item.box[0] + item.box[2]) / 2 < middle],
        [item for item in band if (item.box[0] + item.box[2]) / 2 >= middle],
    )
    if depth == 0:
        return list(halves)
    return [block for half in halves for block in in_columns(half, gutter_of(half), depth=depth - 1)]


def gutter_of(items: Sequence[Boxed]) -> Gutter | None:
    """The gap between two columns: the strip that the fewest lines cross; None for one column."""
    if len(items) < 2 * _FEWEST_LINES:
        return None
    left, right = min(item.box[0] for item in items), max(item.box[2] for item in items)
    width = right - left
    if width <= 0:
        return None
    low, high = left + _NARROWEST * width, right - _NARROWEST * width
    # How many lines cover each point: a line more from its left end on, one less from its right end on.
    changes = sorted(
        [(item.box[0], 1) for item in items] + [(item.box[2], -1) for item in items],
    )
    best: tuple[int, float, float, float] | None = None
    covering = 0
    for (at, change), (following, _) in zip(changes, [*changes[1:], (right, 0)], strict=True):
        covering += change
        start, end = max(at, low), min(following, high)
        if end - start < _GUTTER:
            continue
        candidate = (covering, -(end - start), start, end)
        best = candidate if best is None or candidate < best else best
    if best is None or best[0] * _MOST_ACROSS > len(items):
        return None
    _, _, start, end = best
    apart = [item for item in items if not _across(item, (start, end))]
    before = [item for item in apart if item.box[2] <= start + 1]
    behind = [item for item in apart if item.box[0] >= end - 1]
    return (start, end) if _is_column(before) and _is_column(behind) else None


def _is_column(items: Sequence[Boxed]) -> bool:
    if len(items) < _FEWEST_LINES:
        return False
    width = max(item.box[2] for item in items) - min(item.box[0] for item in items)
    filled = sum(item.box[2] - item.box[0] >= _FILLED * width for item in items)
    return filled * 2 >= len(items)
