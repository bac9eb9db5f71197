"""The paragraphs of a paper as lines with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.model import Span

# "## 一、总体要求", "- (三)强化", "**一、完善…": marks before the words, list dashes included
_MARKS = re.compile(r"^(?:(?:#{1,6}+|[-*+>•●])[ \t\u3000]++|\*\*|__)++")
# "[《…》分工表.pdf](#)": a Markdown link; its words are group 1
_LINK = re.compile(r"\[([^\[\]]*+)\]\([^()]{0,400}+\)")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph without the blanks around it. Offsets point into the text of the paper."""

    text: str
    start: int
    strong_end: int = 0  # end of the part that is a heading or bold from the start on; else 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def words(self) -> str:
        """The text without Markdown marks and link targets."""
        plain = _LINK.sub(r"\1", _MARKS.sub("", self.text))
        return plain.replace("**", "").replace("__", "").strip()

    def cut(self, at: int) -> tuple[Line, Line]:
        """Splits the line in two; the second begins at `at` (an offset into the line)."""
        left, right = self.text[:at].rstrip(), self.text[at:].lstrip()
        begin = self.end - len(right)
        strong = self.strong_end if self.strong_end > begin else 0
        return Line(left, self.start, min(self.strong_end, self.start + len(left))), Line(
            right, begin, strong
        )


def lines_of(text: str, emphasis: Iterable[Span] = ()) -> tuple[Line, ...]:
    """The non-blank lines of `text` in order."""
    return tuple(_lines(text, {span.start: span.end for span in emphasis}))


def _lines(text: str, emphasis: dict[int, int]) -> Iterator[Line]:
    offset = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = offset + raw.index(stripped[0])
            yield Line(stripped, start, emphasis.get(start, emphasis.get(offset, 0)))
        offset += len(raw) + 1
