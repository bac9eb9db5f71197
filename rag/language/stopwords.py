"""The words of a question that say what it is about, without the words that make it a question."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import reduce

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.phrase_table import PhraseTable

_STOPWORDS = PhraseTable.read("rag", "stopwords.tsv")
# One after the other: 可以 is a word of asking before 以 is looked at as a particle.
_FRAME = ("asking", "particle", "english")
_WORD = re.compile(rf"[a-z][a-z\-]*|\d+(?:\.\d+)?%?|[{HAN}]+", re.IGNORECASE)


def without(text: str, spans: Sequence[Span]) -> str:
    """`text` with the characters of `spans` blanked."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def content(text: str) -> str:
    """`text` without question words, as runs that belong together separated by a blank.

    >>> content("湖南哪些企业可以获得“潇湘财银贷”融资增信支持？")
    '湖南 企业 获得 潇湘财银贷 融资增信支持'
    """
    return " ".join(_WORD.findall(reduce(_without, _FRAME, text)))


def _without(text: str, sense: str) -> str:
    return _STOPWORDS.without(sense, text)


def residue(text: str, title_pairs: Container[str]) -> str:
    """What is left of a question when the words of the papers' titles and of asking are gone.

    `title_pairs` are all pairs of neighbouring characters in the titles.
    """
    left = _STOPWORDS.without("paper", content(text))
    return " ".join(filter(None, (_unlike(run, title_pairs) for run in left.split())))


def _unlike(run: str, title_pairs: Container[str]) -> str:
    """The characters of `run` that are in no pair of neighbours which stands in a title."""
    known = [run[i : i + 2] in title_pairs for i in range(len(run) - 1)]
    return "".join(
        char
        for i, char in enumerate(run)
        if not (i < len(known) and known[i]) and not (i > 0 and known[i - 1])
    )
