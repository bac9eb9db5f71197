"""Finds tables of contents: lines that repeat headings which occur further down."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from corpus.notation.labels.reading import find_bare_number, find_label
from corpus.text.lines import Line

# "目录", "目　　录", "目 次", "CONTENTS"
CONTENTS_TITLE = re.compile(r"^(?:目[ \t\u3000]*[录次]|contents)$", re.IGNORECASE)
# Fewest consecutive headings that are a table of contents without a title.
_ROW = 3
# Most lines of a table of contents; a label that recurs further down is another one.
_MOST = 500
# Longest line of a table of contents, in characters.
_LONGEST = 60


def contents_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of the lines of tables of contents, their titles included."""
    keys = [_key(line) for line in lines]
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        if key is not None:
            places[key].append(at)
    found: set[int] = set()
    for start, line in enumerate(lines):
        if start in found:
            continue
        titled = CONTENTS_TITLE.match(line.words) is not None
        first = start + 1 if titled else start
        key = keys[first] if first < len(lines) else None
        if key is None or (first > 0 and not titled and keys[first - 1] is not None):
            continue
        later = bisect_right(places[key], first)
        end = places[key][later] if later < len(places[key]) else len(lines)
        if end - first > _MOST or end == len(lines) or not _only_headings(lines, keys, first, end):
            continue
        if titled or (end - first >= _ROW and _recur(keys, places, first, end)):
            found.update(range(start, end))
    return frozenset(found)


def _recur(keys: Sequence[str | None], places: Mapping[str, Sequence[int]], first: int, end: int) -> bool:
    """Whether most of the lines are headings that occur again below: two short papers share only a few."""
    again = sum(key is not None and places[key][-1] >= end for key in keys[first:end])
    return 2 * again >= end - first


def _only_headings(lines: Sequence[Line], keys: Sequence[str | None], first: int, end: int) -> bool:
    return all(keys[at] is not None or len(lines[at].text) <= _LONGEST for at in range(first, end))


def _key(line: Line) -> str | None:
    """Label and heading of the line, which identify it further down; None for a line without label."""
    label = find_label(line.text) or find_bare_number(line.text)
    if label is None or len(line.text) - label.end > _LONGEST:
        return None
    # Dots and a page number follow the heading in a table: "第一章 总则……1".
    heading = re.sub(r"[.…·\s]*\d*$", "", line.text[label.end :])
    return label.text + re.sub(r"\s", "", heading)
