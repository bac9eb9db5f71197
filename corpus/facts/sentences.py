"""Sentences of a clause, as facts are read from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind, Span
from corpus.structure.lead_ins import LeadIns

_END = re.compile(r"[。；;！!？?\n]")
_PAIRS = {"（": "）", "(": ")", "【": "】"}
_LONGEST_BRACKET = 300  # characters; in a longer one sentences end as elsewhere
# Characters of a sentence, or of a lead-in. Sentences of papers have up to some 300; a longer run is no
# language, and is cut, so that whatever is read of one sentence takes bounded time.
_LONGEST = 2_000
_CUTS = ("，", "、")  # behind which a longer run is cut, best first
_FIGURES = frozenset("0123456789０１２３４５６７８９.．,")
# Parts of a paper that promise nothing: title, addressees and signature.
_WITHOUT_FACTS = (Kind.HEAD, Kind.SIGN_OFF, Kind.INNER_TITLE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the clause and paper it stands in; `span` excludes the mark at its end."""

    document: Document
    clause: Clause
    span: Span
    number: int  # in its clause, from 0
    lead_ins: tuple[Span, ...] = ()  # of the clauses above that this one completes, from the top
    is_cut: bool = False  # a piece of a run of text that is too long for a sentence

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)

    def place(self, start: int, end: int) -> Span:
        """The span of the paper for offsets of `text`."""
        return Span(self.span.start + start, self.span.start + end)


def sentences_of(document: Document) -> Iterator[Sentence]:
    """Yields the sentences of all clauses in reading order, without headings and labels."""
    for sentences in clauses_of(document):
        yield from sentences


def clauses_of(document: Document) -> Iterator[tuple[Sentence, ...]]:
    """Yields the sentences of one clause after the other."""
    above = LeadIns(document)
    for clause in document.clauses:
        if clause.kind not in _WITHOUT_FACTS:
            lead_ins = tuple(_end_of(lead.span) for lead in above.of(clause))
            yield tuple(_in_clause(document, clause, lead_ins))


def _in_clause(document: Document, clause: Clause, lead_ins: tuple[Span, ...]) -> Iterator[Sentence]:
    text, number, start = document.text, 0, clause.body_start
    inside = _in_brackets(text, start, clause.end)
    ends = [end.start() for end in _END.finditer(text, start, clause.end) if not inside[end.start() - start]]
    for end in (*ends, clause.end):
        words = text[start:end]
        left, right = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        for piece in _pieces(text, left, right):
            yield Sentence(document, clause, piece, number, lead_ins, is_cut=piece != Span(left, right))
            number += 1
        start = end + 1


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Cuts what is too long for a sentence, behind the last comma of each piece."""
    while end - start > _LONGEST:
        earliest, stop = start + _LONGEST // 2, start + _LONGEST
        commas = (text.rfind(mark, earliest, stop) + 1 for mark in _CUTS)
        cut = next((comma for comma in commas if comma), stop)
        while cut > earliest and text[cut - 1] in _FIGURES:  # not within a number
            cut -= 1
        yield Span(start, cut)
        start = cut
    if start < end:
        yield Span(start, end)


def _end_of(lead_in: Span) -> Span:
    """The end of a lead-in, which announces what follows."""
    return Span(max(lead_in.start, lead_in.end - _LONGEST), lead_in.end)


def _in_brackets(text: str, start: int, end: int) -> bytearray:
    """Marks the characters in brackets that close within their paragraph; a mark there ends no sentence."""
    inside = bytearray(max(0, end - start))
    opened: list[int] = []
    for place in range(start, end):
        char = text[place]
        if char == "\n":
            opened.clear()
        elif char in _PAIRS:
            opened.append(place)
        elif opened and char == _PAIRS[text[opened[-1]]]:
            first = opened.pop()
            if not opened and place - first <= _LONGEST_BRACKET:
                inside[first - start : place - start] = b"\x01" * (place - first)
    return inside
