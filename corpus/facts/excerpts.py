"""The parts of a paper's text that its facts refer to, so that a table of facts needs no texts of papers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Span


@dataclass(frozen=True, slots=True)
class Excerpts:
    """Parts of one text, in reading order, without overlaps."""

    starts: tuple[int, ...]  # offsets of the text
    texts: tuple[str, ...]

    @classmethod
    def of(cls, spans: Iterable[Span], text: str) -> Excerpts:
        """The parts that cover `spans`; spans that overlap or touch are in one part."""
        merged: list[Span] = []
        for span in sorted(spans, key=lambda one: (one.start, one.end)):
            if merged and span.start <= merged[-1].end:
                merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
            else:
                merged.append(span)
        return cls(tuple(one.start for one in merged), tuple(one.of(text) for one in merged))

    def words(self, span: Span) -> str:
        """The words at `span`. Raises LookupError where no part contains it."""
        at = bisect_right(self.starts, span.start) - 1
        if at < 0 or span.end > self.starts[at] + len(self.texts[at]):
            raise LookupError(f"no excerpt contains {span.start}:{span.end}")
        start = self.starts[at]
        return self.texts[at][span.start - start : span.end - start]

    def are_of(self, text: str) -> bool:
        """Whether every part stands in `text` at its place."""
        return all(text.startswith(part, start) for start, part in zip(self.starts, self.texts, strict=True))
