"""Wrong characters that are read like the right ones, as typing by sound gives them: 生物医要 → 生物医药.

A character is put right where three judges agree: it and its neighbours stand nowhere in the papers, with the
other character they do, and Chinese has a word for it that it had not before. What the papers or the language
know is never touched. English words of the thesaurus are put right where one letter is wrong.

The characters of a sound and the words of Chinese stand in `rag/data`, described in `rag/data/SOURCE.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from corpus.notation.characters import HAN
from corpus.regions.mentions import find_divisions
from index.terms.tokenize import fold
from rag.language.query_terms import Known
from rag.language.thesaurus import thesaurus

_HAN = re.compile(rf"[{HAN}]+")
_LATIN = re.compile(r"[A-Za-z]+")
# “一事一议”, 《进口药品通关单》: what is put in quotation marks is meant as it stands
_QUOTED = re.compile(r"[“\"「『‘《][^“”\"「」『』‘’《》]*[”\"」』’》]")
_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿几")
# Characters on either side of the one in question that are looked at.
_AROUND = 4
_LONGEST_WORD = 4
# How usual a word of the thesaurus is taken to be, and a character that the list of words lacks.
_OF_THE_FIELD = -13.0
_UNKNOWN = -16.0
# A character as usual as that (有, 是, 中) is a word of its own, and seldom what another was written for.
_OF_ITS_OWN = -10.6
# By how much a reading has to be the more usual one (logarithm of its probability): where the papers hold two
# characters of it, and where they hold more. Measured on the development questions.
_GAIN_OF_TWO = 10.0
_GAIN = 8.0
# What a character more of it is worth beside the gain, when several corrections are possible.
_WORTH = 2.0
_REMEMBERED = 50_000  # pairs of characters of which it is remembered whether the papers hold them
_MOST = 4  # characters that are put right in a question
_READ = 400  # characters of a text that are looked at: a longer one says enough without them
_SHORTEST_LATIN = 10  # letters of an English word: shorter ones too often differ from another by one


@dataclass(frozen=True, slots=True)
class _Correction:
    worth: float
    at: int
    character: str


class Spelling:
    """Puts questions right by the words of the papers."""

    def __init__(self, *, known: Known) -> None:
        """`known` tells which terms of `index.terms.tokenize.terms` stand in the papers."""
        self._known = known
        self._holds = lru_cache(maxsize=_REMEMBERED)(lambda pair: known({pair: 1.0}) > 0)

    def corrected(self, text: str) -> str:
        """`text`, which is in simplified characters, with what is misspelt put right."""
        text, rest = text[:_READ], text[_READ:]
        fixed = _protected(text)
        text = _LATIN.sub(lambda m: m[0] if m.start() in fixed else self._english(m[0]), text)
        for _ in range(_MOST):
            best = max(self._corrections(text, fixed), key=lambda c: c.worth, default=None)
            if best is None:
                break
            text = text[: best.at] + best.character + text[best.at + 1 :]
        return text + rest

    def _corrections(self, text: str, fixed: set[int]) -> Iterator[_Correction]:
        for run in _HAN.finditer(text):
            for at in range(*run.span()):
                if at not in fixed and text[at] not in _NUMERALS:
                    yield from self._at(run[0], at - run.start(), offset=run.start())

    def _at(self, run: str, at: int, *, offset: int) -> Iterator[_Correction]:
        """The corrections of one character of a run of Han characters."""
        if self._is_known(run, at):
            return
        start, end = max(0, at - _AROUND), at + _AROUND + 1
        before = _reading(run[start:end])
        for character in alike(run[at]):
            other = run[:at] + character + run[at + 1 :]
            # The papers first: they know few of the others, and looking takes less than reading.
            if _usual().get(character, _UNKNOWN) > _OF_ITS_OWN or not self._is_known(other, at):
                continue
            after = _reading(other[start:end])
            gain = after.usual - before.usual
            if after.words < before.words and gain >= _GAIN:
                length = self._longest(other, at)
                if length > 2 or gain >= _GAIN_OF_TWO:
                    yield _Correction(gain + _WORTH * length, offset + at, character)

    def _is_known(self, run: str, at: int) -> bool:
        """Whether the papers hold the character with the one before or after it."""
        return self._pair(run, at - 1) or self._pair(run, at)

    def _pair(self, run: str, at: int) -> bool:
        """Whether two neighbours stand in the papers as such."""
        return 0 <= at < len(run) - 1 and self._holds(run[at : at + 2])

    def _longest(self, run: str, at: int) -> int:
        """Characters around `at` of which each with the next one stands in the papers."""
        start, end = at, at
        while at - start < _AROUND and self._pair(run, start - 1):
            start -= 1
        while end - at < _AROUND and self._pair(run, end):
            end += 1
        return end - start + 1

    def _english(self, word: str) -> str:
        """The word of the thesaurus that differs from `word` by one letter, if there is just one."""
        folded = fold(word)
        if len(word) < _SHORTEST_LATIN or folded in _english_words() or self._known({folded: 1.0}) > 0:
            return word
        near = [known for known in _english_words() if _differ_by_one(folded, known)]
        return near[0] if len(near) == 1 else word


def _protected(text: str) -> set[int]:
    """Where the characters of places and of quoted words stand."""
    spans = [(mention.start, mention.end) for mention in find_divisions(text)]
    spans += [match.span() for match in _QUOTED.finditer(text)]
    return {at for start, end in spans for at in range(start, end)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """Chinese cut into words: how many they are, and the logarithm of their probability."""

    words: int
    usual: float


@cache
def _usual() -> dict[str, float]:
    """The words of Chinese, and those of the field."""
    lines = _lines("words.tsv")
    found = {word: float(usual) for word, usual in lines}
    for group in thesaurus().groups:
        for term in group.official + group.everyday:
            if 2 <= len(term) <= _LONGEST_WORD:
                found.setdefault(term, _OF_THE_FIELD)
    return found


def _reading(text: str) -> _Reading:
    """The fewest words that `text` can be cut into, and the likeliest cut, which may be another."""
    usual = _usual()
    words, best = [0], [0.0]
    for end in range(1, len(text) + 1):
        fewest, likeliest = words[-1] + 1, best[-1] + usual.get(text[end - 1], _UNKNOWN)
        for length in range(2, min(_LONGEST_WORD, end) + 1):
            found = usual.get(text[end - length : end])
            if found is not None:
                fewest = min(fewest, words[end - length] + 1)
                likeliest = max(likeliest, best[end - length] + found)
        words.append(fewest)
        best.append(likeliest)
    return _Reading(words[-1], best[-1])


def alike(character: str) -> tuple[str, ...]:
    """The other characters that are read like this one."""
    by_syllable, by_character = _syllables()
    found = dict.fromkeys(c for s in by_character.get(character, ()) for c in by_syllable[s])
    return tuple(c for c in found if c != character)


@cache
def _syllables() -> tuple[dict[str, str], dict[str, list[str]]]:
    by_syllable: dict[str, str] = {}
    by_character: dict[str, list[str]] = {}
    for syllable, characters in _lines("syllables.tsv"):
        by_syllable[syllable] = characters
        for character in characters:
            by_character.setdefault(character, []).append(syllable)
    return by_syllable, by_character


@cache
def _english_words() -> frozenset[str]:
    terms = (term for group in thesaurus().groups for term in group.english)
    return frozenset(word for term in terms for word in _LATIN.findall(fold(term)))


def _differ_by_one(one: str, other: str) -> bool:
    """Whether a letter more, less or another, or two that changed places, differ, and not at the end."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    left, right = one[same:], other[same:]
    if min(len(left), len(right)) < 2:
        return False  # platforms, required: the end of a word is its form
    swapped = left[1::-1] + left[2:]
    return right in (swapped, left[1:]) or right[1:] in (left, left[1:])


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in files("rag").joinpath("data", name).read_text(encoding="utf-8").splitlines():
        key, value = line.split("\t")
        yield key, value
