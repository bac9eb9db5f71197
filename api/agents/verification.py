"""Checks whether words occur verbatim in a clause, and if not, explains the difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from corpus.model import Clause, Document, Span
from corpus.structure.units import units
from corpus.text.script import simplify
from index.terms.tokenize import Folded, fold, fold_map
from rag.assistant import Assistant
from rag.model import Citation

_MOST_ELSEWHERE = 5  # other places that are named
_ALIKE = 0.5  # from which a sentence of the clause is similar enough to show beside a wrong quote
_MOST_COMPARED = 2_000  # characters of a sentence and a quote together that are compared letter by letter
# “给予奖补” — the quotation marks around a quote are the writer's, not the paper's.
_MARKS = " \t\n\u3000\"'“”‘’「」『』"
_BLANK = re.compile(r"\s+")


class Finding(StrEnum):
    """The outcome of a check, sent as `reason`."""

    VERBATIM = "verbatim"
    DIFFERS_IN_FORM = "differs_in_form"  # the same words in another form: blanks, 全角, 繁體, 一千元
    ELSEWHERE = "elsewhere"  # verbatim, but not in this clause
    NOT_FOUND = "not_found"
    UNKNOWN_DOCUMENT = "unknown_document"
    UNKNOWN_CLAUSE = "unknown_clause"
    EMPTY_QUOTE = "empty_quote"


class Difference(StrEnum):
    """In what a quote with the same meaning differs in form."""

    WHITESPACE = "whitespace"
    TRADITIONAL = "traditional_characters"
    WIDTH = "full_width_or_case"
    PUNCTUATION = "punctuation"
    NUMERALS = "numerals"


@dataclass(frozen=True, slots=True)
class Likeness:
    """The words of the clause that match the quote but for their form, and how the two differ."""

    span: Span
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The quote occurs verbatim in `citations`; `across` are places that span several clauses."""

    citations: tuple[Citation, ...]
    across: tuple[Span, ...]

    def __bool__(self) -> bool:
        return bool(self.citations or self.across)


def has_words(quote: str) -> bool:
    """Whether the text contains a letter or a digit; a lone comma occurs everywhere."""
    return any(map(str.isalnum, quote))


def likeness(document: Document, clause: Clause, quote: str) -> Likeness | None:
    """The words of the clause that match the quote but for their form."""
    here = fold_map(document.text[clause.start : clause.tree_end])
    for wanted in (fold(quote), fold(quote.strip(_MARKS))):
        at = here.text.find(wanted) if wanted else -1
        if at >= 0:
            span = _moved(here, at, len(wanted), clause.start)
            return Likeness(span, _differences(quote, span.of(document.text)))
    return None


def elsewhere(document: Document, quote: str, assistant: Assistant, *, outside: Clause | None) -> Elsewhere:
    """The places where the paper contains the quote verbatim, outside one clause."""
    citations: list[Citation] = []
    across: list[Span] = []
    for span in _occurrences(document.text, quote):
        if outside is not None and outside.start <= span.start and span.end <= outside.tree_end:
            continue
        clause = _holder(document, span)
        if clause is None:
            across.append(span)
        else:
            citations.append(Citation.of(document, clause, span, status=assistant.status(document)))
        if len(citations) + len(across) == _MOST_ELSEWHERE:
            break
    return Elsewhere(tuple(citations), tuple(across))


def closest(document: Document, clause: Clause, quote: str) -> str:
    """The sentence of the clause, or of those below it, that is most similar to the quote; "" if none is.

    Long ones are not compared: it would take seconds, and no single sentence resembles a quote of pages.
    """
    if len(quote) > _MOST_COMPARED:
        return ""
    below = [c for c in document.clauses if clause.start <= c.start and c.tree_end <= clause.tree_end]
    sentences = [unit.span.of(document.text) for one in below for unit in units(document, one)]
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(quote)
    best, sentence = _ALIKE, ""
    for candidate in sentences:
        if len(candidate) + len(quote) > _MOST_COMPARED:
            continue
        matcher.set_seq1(candidate)
        if matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, sentence = ratio, candidate
    return sentence


def _moved(folded: Folded, at: int, length: int, by: int) -> Span:
    span = folded.origin(at, at + length)
    return Span(span.start + by, span.end + by)


def _occurrences(text: str, words: str) -> Iterator[Span]:
    at = text.find(words)
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.find(words, at + 1)


def _holder(document: Document, span: Span) -> Clause | None:
    """The smallest clause that contains all of it."""
    holders = [c for c in document.clauses if c.start <= span.start and span.end <= c.tree_end]
    return min(holders, key=lambda clause: clause.tree_end - clause.start, default=None)


def _differences(quote: str, words: str) -> tuple[Difference, ...]:
    """In what the quote differs in form from the words of the paper, which fold to the same."""
    # In long texts frequent characters are ignored as anchors; with them it would take seconds.
    is_long = len(quote) + len(words) > _MOST_COMPARED
    opcodes = SequenceMatcher(None, quote, words, autojunk=is_long).get_opcodes()
    found: set[Difference] = set()
    for kind, i, j, k, n in opcodes:
        if kind != "equal":
            found |= _of_a_piece(quote[i:j], words[k:n])
    return tuple(difference for difference in Difference if difference in found)


def _of_a_piece(one: str, other: str) -> set[Difference]:
    """The differences of two short pieces, found by removing one kind after another until they are equal."""
    found: set[Difference] = set()
    for difference, plain in _PLAIN:
        before, (one, other) = (one, other), (plain(one), plain(other))
        if before != (one, other):
            found.add(difference)
        if one == other:
            return found
    return found | {Difference.NUMERALS if any(map(str.isalnum, one + other)) else Difference.PUNCTUATION}


def _without_blanks(text: str) -> str:
    return _BLANK.sub("", text)


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_PLAIN = (
    (Difference.WHITESPACE, _without_blanks),
    (Difference.TRADITIONAL, simplify),
    (Difference.WIDTH, _compatible),
)
