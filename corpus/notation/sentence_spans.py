"""The sentence around some words of a text, for quoting them."""

from __future__ import annotations

import re

from corpus.model import Span

_LONGEST = 300  # characters; of a longer sentence only the words themselves are quoted
_ENDS = re.compile(r"[。；\n]")


def sentence_at(text: str, span: Span) -> Span:
    """The sentence that contains the span; the span itself if the sentence is long."""
    begin = max(span.start - _LONGEST, 0)
    ends = [match.end() for match in _ENDS.finditer(text, begin, span.start)]
    start = ends[-1] if ends else begin
    found = _ENDS.search(text, span.end, span.end + _LONGEST)
    end = min(span.end + _LONGEST, len(text)) if found is None else found.start() + (found[0] != "\n")
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    return Span(start, end) if end - start <= _LONGEST else span
