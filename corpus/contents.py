"""The table of contents: lines that name headings which stand in full further down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.labels import Label, find_bare_number, find_label
from corpus.lines import Line

# "目录", "目　　录", "目 次"
CONTENTS_TITLE = re.compile(r"^目[ \t\u3000]*[录次]$")
# Least number of headings in a row that make a table without a title.
_ROW = 3


def contents_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of the lines of the table of contents, its title included."""
    labels = [find_label(line.text) or find_bare_number(line.text) for line in lines]
    for start, line in enumerate(lines):
        titled = CONTENTS_TITLE.match(line.words) is not None
        first = start + 1 if titled else start
        if first >= len(lines) or not (titled or labels[start] is not None):
            continue
        end = _repeat(lines, labels, first)
        if end is not None and (titled or end - first >= _ROW):
            return frozenset(range(start, end))
    return frozenset()


def _repeat(lines: Sequence[Line], labels: Sequence[Label | None], first: int) -> int | None:
    """Where the heading at `first` stands a second time, with only headings between."""
    key = _key(lines[first], labels[first])
    if key is None:
        return None
    for i in range(first + 1, len(lines)):
        if labels[i] is None and len(lines[i].text) > 40:
            return None
        if _key(lines[i], labels[i]) == key:
            return i
    return None


def _key(line: Line, label: Label | None) -> str | None:
    if label is None:
        return None
    # Dots and a page number follow the heading in a table: "第一章 总则……1".
    heading = re.sub(r"[.…·\s]*\d*$", "", line.text[label.end :])
    return label.text + re.sub(r"\s", "", heading)
