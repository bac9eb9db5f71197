"""Cuts a text into words: those that name a class, and the others that say who or what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from corpus.notation.characters import HAN
from corpus.notation.phrase_syntax import alternatives_of
from corpus.notation.phrase_table import PhraseTable
from index.terms.tokenize import fold
from rag.matching.reading.classes import classes

TABLE = PhraseTable.read("rag", "matching.tsv")

# Particles end a word: the list of words has 内的 and 良好的.
_RUN = re.compile(rf"(?:(?![的了着])[{HAN}])+|[a-z0-9]+")
_LONGEST_WORD = 6
_SHORTEST_WORD = 2  # one character alone says too little: 药 is in many words
# Log probabilities of a word that says nothing, and of a character that is no word of the list.
_OF_LIGHT, _UNKNOWN = -12.0, -16.0


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text. `classes` is empty where it names none."""

    text: str
    start: int
    classes: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def words_in(text: str) -> tuple[Word, ...]:
    """The words of a folded text in order, without those that say nothing (相关, 企业的, 开展)."""
    return tuple(_words(text))


def _words(text: str) -> Iterator[Word]:
    known, at, begin = classes(), 0, 0
    while at < len(text):
        word = known.word_at(text, at)
        if word is None:
            at += 1
            continue
        yield from _plain(text, begin, at)
        yield Word(word, at, known.by_word[word])
        at = begin = at + len(word)
    yield from _plain(text, begin, at)


def _plain(text: str, start: int, end: int) -> Iterator[Word]:
    for run in _RUN.finditer(text, start, end):
        at = run.start()
        for word in _cut(run[0]):
            if len(word) >= _SHORTEST_WORD and word not in _light():
                yield Word(word, at)
            at += len(word)


def _cut(run: str) -> list[str]:
    """The likeliest words of a run; characters that are in none of them stay together."""
    if run[0].isascii():
        return [run]
    usual = _usual()
    best: list[tuple[float, int]] = [(0.0, 0)]  # log probability, and where the last word begins
    for end in range(1, len(run) + 1):
        options = (
            (best[start][0] + usual.get(run[start:end], _UNKNOWN), start)
            for start in range(max(0, end - _LONGEST_WORD), end)
            if start == end - 1 or run[start:end] in usual
        )
        best.append(max(options))
    cuts, at = [], len(run)
    while at:
        cuts.append(run[best[at][1] : at])
        at = best[at][1]
    return list(_joined(cuts[::-1]))


def _joined(cuts: list[str]) -> Iterator[str]:
    """Joins single characters that follow one another, unless they say nothing."""
    waiting = ""
    for word in cuts:
        if len(word) == 1 and word not in _light():
            waiting += word
            continue
        if waiting:
            yield waiting
        waiting = ""
        yield word
    if waiting:
        yield waiting


@cache
def _light() -> frozenset[str]:
    return frozenset(fold(word) for line in TABLE.written("light") for word in alternatives_of(line))


@cache
def _usual() -> dict[str, float]:
    """Log probabilities of the words of Chinese and of the words that say nothing."""
    content = files("rag").joinpath("data", "words.tsv").read_text(encoding="utf-8")
    found = {word: float(usual) for word, usual in (line.split("\t") for line in content.splitlines())}
    for term in _light():
        if _SHORTEST_WORD <= len(term) <= _LONGEST_WORD:
            found.setdefault(term, _OF_LIGHT)
    return found
