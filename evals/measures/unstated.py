"""Detects whether a reply states that the papers do not contain what was asked.

The lines are those of the program itself (`rag.answer.wording.phrases`), in each of its languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from string import Formatter

from corpus.text.script import simplify
from evals.model import Observed
from rag.answer.wording.phrases import phrases_for
from rag.model import Language

# The words of a phrase between its {places}, in their order.
Parts = tuple[str, ...]


def says_unstated(observed: Observed) -> bool:
    """Whether a reply says in its own words that the papers do not state something.

    Its quotes do not count: a paper may say 没有写明 of something else.
    """
    return _has_line(observed, _unstated())


def says_absent(observed: Observed) -> bool:
    """Whether a reply says so, or that something was not found or is not on file."""
    return _has_line(observed, _unstated() | _absent())


def _has_line(observed: Observed, lines: frozenset[Parts]) -> bool:
    own = simplify(_own_words(observed)).split("\n")
    return any(_in_order(parts, line) for parts in lines for line in own)


@cache
def _unstated() -> frozenset[Parts]:
    return _parts(line for language in Language for line in phrases_for(language).says_unstated)


@cache
def _absent() -> frozenset[Parts]:
    return _parts(line for language in Language for line in phrases_for(language).says_absent)


def _parts(lines: Iterable[str]) -> frozenset[Parts]:
    """Returns the fixed words of each line, in simplified characters."""
    words = ((simplify(fixed.strip()) for fixed, *_ in Formatter().parse(line)) for line in lines)
    return frozenset(tuple(filter(None, parts)) for parts in words)


def _in_order(parts: Parts, line: str) -> bool:
    at = 0
    for part in parts:
        found = line.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _own_words(observed: Observed) -> str:
    """Returns the text with a blank for each quote: at its place, or by its words where it has none."""
    placed = sorted(cited.answer_span for cited in observed.citations if cited.answer_span is not None)
    parts, at = [], 0
    for start, end in placed:
        parts.append(observed.text[at:start])
        at = max(at, end)
    own = " ".join((*parts, observed.text[at:]))
    for cited in observed.citations:
        if cited.answer_span is None and cited.quote:
            own = own.replace(cited.quote, " ")
    return own
