"""Reads plain text as lines."""

from __future__ import annotations

import re
from collections import Counter

from corpus.model import Span
from corpus.notation.labels.reading import opens_clause
from corpus.text.source_text import Extracted, Line, SourceText

_LINE = re.compile(r"[^\n\f\v\u2028\u2029\x1c-\x1e\x85]*")
_INDENT = re.compile(r"[ \u3000\xa0\u2002\u2003\t]*")
# "- (三)强化…", " - 三、打造…": list dashes that a converter puts before a clause
_DASH = re.compile(r"[-*+•·●■◆][ \t\u3000]+")
_FULL = 15  # least characters of a line that counts for the margin
_MOST_INDENT = 8  # blanks; more of them centre or right-align a line


def lines_of(original: str) -> list[Span]:
    """The spans of the lines of the text, without line ends; empty lines included."""
    spans, at = [], 0
    while at <= len(original):
        match = _LINE.match(original, at)
        end = match.end() if match else at
        spans.append(Span(at, end))
        at = end + 1
    return spans


def extract(original: str) -> Extracted:
    """Extracts the non-blank lines; form feeds begin pages."""
    lines: list[Line] = []
    pages = [(0, 1)] if "\f" in original else []
    apart = True
    spans = lines_of(original)
    margin = _margin([span.of(original) for span in spans])
    for span in spans:
        if span.start and original[span.start - 1] == "\f":
            pages.append((span.start, len(pages) + 1))
        text = span.of(original)
        if text.strip():
            lines.append(plain_line(original, span, apart=apart, margin=margin))
        apart = not text.strip()
    return Extracted(lines, pages)


def plain_line(original: str, span: Span, *, apart: bool, margin: int = 0) -> Line:
    """The line at `span` with the layout shown by its blanks. `margin`: blanks before every line."""
    text = span.of(original)
    indent = _indent(text)
    dash = _DASH.match(original, span.start + len(indent), span.end)
    if dash is not None and opens_clause(original[dash.end() : span.end]):
        span = Span(dash.end(), span.end)
    return Line(
        SourceText.copied(original, span.start, span.end),
        apart=apart,
        indented="\u3000" in indent or margin + 2 <= len(indent) <= margin + _MOST_INDENT,
        ended=text.endswith((" ", "\u3000", "\xa0")),
    ).stripped()


def _indent(text: str) -> str:
    match = _INDENT.match(text)
    return match[0] if match else ""


def _margin(texts: list[str]) -> int:
    """Number of blanks before every line, as programs that keep the page layout write them."""
    indents = [_indent(text) for text in texts if len(text.strip()) >= _FULL]
    widths = Counter(len(indent) for indent in indents if "\u3000" not in indent)
    common = [width for width, count in widths.items() if count * 6 >= len(indents)]
    return min(common, default=0)
