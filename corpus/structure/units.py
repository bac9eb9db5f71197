"""Splits a clause into quotable units: heading, sentences, line of responsible units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Clause, Document, Span

# "…，连续支持3年，由相关专项资金予以支持。" with closing quotation marks and brackets after the full stop
_SENTENCE = re.compile(r"[^。！？；!?;\n]*(?:[。！？；!?;]+[”’」』）)］\]】》]*|\n|$)")
# A full stop inside quotation marks or brackets does not end the sentence around it.
_OPENING, _CLOSING = re.compile("[“‘「『（(［[《]"), re.compile("[”’」』）)］\\]》]")
_BRACKETS = {"（": "）", "(": ")", "［": "］", "[": "]", "【": "】", "〔": "〕"}


class UnitKind(StrEnum):
    """Kind of a unit."""

    HEADING = "heading"
    SENTENCE = "sentence"
    UNITS = "units"  # 责任单位


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable piece of a clause. `span` points into `Document.text`."""

    clause: Clause
    span: Span
    kind: UnitKind


def is_remark(text: str) -> bool:
    """Whether the text is one bracket and nothing else: （负责部门：市商务局）. It says nothing by itself."""
    opening, closing = text[:1], _BRACKETS.get(text[:1])
    if closing is None or not text.endswith(closing):
        return False
    depth = 0
    for char in text[:-1]:
        depth += (char == opening) - (char == closing)
        if depth == 0:
            return False
    return True


def _balanced(text: str) -> bool:
    return len(_OPENING.findall(text)) <= len(_CLOSING.findall(text))


def _sentences(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    for match in _SENTENCE.finditer(text, start, end):
        stop = match.end()
        if stop == begin:
            continue
        # An unclosed bracket extends the sentence, but never beyond the paragraph.
        if not _balanced(text[begin:stop]) and not text[begin:stop].endswith("\n") and stop < end:
            continue
        spans.append(Span(begin, stop))
        begin = stop
    if begin < end:
        spans.append(Span(begin, end))
    return spans


def _trimmed(text: str, span: Span) -> Span | None:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    end = span.start + len(words.rstrip())
    return Span(start, end) if start < end else None


def units(document: Document, clause: Clause) -> list[Unit]:
    """The quotable units of a clause's own text, in order."""
    found: list[Unit] = []
    body = max(clause.start, min(clause.body_start, clause.end))
    duty = clause.responsibility.span if clause.responsibility else None
    pieces = [(body, clause.end)]
    if duty is not None:
        # 一、总体要求（责任单位：…） on one line: the heading ends where the units begin.
        body = min(body, duty.start)
        pieces = [(body, duty.start), (duty.end, clause.end)]
    heading = _trimmed(document.text, Span(clause.start, body))
    if heading is not None:
        found.append(Unit(clause, heading, UnitKind.HEADING))
    for start, end in pieces:
        for span in _sentences(document.text, start, end):
            trimmed = _trimmed(document.text, span)
            if trimmed is not None and any(char.isalnum() for char in trimmed.of(document.text)):
                found.append(Unit(clause, trimmed, UnitKind.SENTENCE))
    if duty is not None:
        found.append(Unit(clause, duty, UnitKind.UNITS))
    return sorted(found, key=lambda unit: unit.span.start)
