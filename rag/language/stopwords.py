"""Removes the words that make a text a question and keeps those that say what it is about."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import reduce

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.phrase_table import PhraseTable

_STOPWORDS = PhraseTable.read("rag", "stopwords.tsv")
# In this order: 可以 is removed as a question word before 以 as a particle.
_FRAME = ("asking", "particle", "english")
_WORD = re.compile(rf"[a-z][a-z\-]*|\d+(?:\.\d+)?%?|[{HAN}]+", re.IGNORECASE)


def without(text: str, spans: Iterable[Span], *, by: str = " ") -> str:
    """Returns `text` with the characters of `spans` blanked, or replaced by the character `by`."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = by * (span.end - span.start)
    return "".join(characters)


def content(text: str) -> str:
    """Returns `text` without question words; the remaining runs are separated by a blank.

    >>> content("湖南哪些企业可以获得“潇湘财银贷”融资增信支持？")
    '湖南 企业 获得 潇湘财银贷 融资增信支持'
    """
    return " ".join(_WORD.findall(reduce(_without, _FRAME, text)))


def _without(text: str, sense: str) -> str:
    return _STOPWORDS.without(sense, text)


def unasked(text: str) -> str:
    """Returns `text` with question words and particles blanked; every other character keeps its place."""
    return without(text, (span for sense in _FRAME for span in _STOPWORDS.spans(sense, text)))


def residue(text: str, title_pairs: Container[str]) -> str:
    """Returns what is left of a question without question words and words of the papers' titles.

    `title_pairs` are all pairs of neighbouring characters in the titles.
    """
    left = _STOPWORDS.without("paper", content(text))
    return " ".join(filter(None, (_unlike(run, title_pairs) for run in left.split())))


def _unlike(run: str, title_pairs: Container[str]) -> str:
    """Returns the characters of `run` that are in no pair of neighbours that occurs in a title."""
    known = [run[i : i + 2] in title_pairs for i in range(len(run) - 1)]
    return "".join(
        char
        for i, char in enumerate(run)
        if not (i < len(known) and known[i]) and not (i > 0 and known[i - 1])
    )
