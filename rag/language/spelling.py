"""Corrects characters that sound like the right ones, as phonetic input produces them: 生物医要 → 生物医药.

A character is corrected when three conditions hold: it and its neighbours occur nowhere in the papers, with
the other character they do, and the text then forms a word of Chinese that it did not form before. Words of
the papers or of the language are never changed. English words of the thesaurus are corrected where one letter
is wrong.

The characters of each sound and the words of Chinese are in `rag/data`, described in `rag/data/SOURCE.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files

from corpus.notation.characters import HAN
from corpus.regions.mentions import find_divisions
from index.terms.tokenize import fold
from rag.language.query_terms import Known
from rag.language.thesaurus import thesaurus

_HAN = re.compile(rf"[{HAN}]+")
_LATIN = re.compile(r"[A-Za-z]+")
# “一事一议”, 《进口药品通关单》: words in quotation marks are not corrected
_QUOTED = re.compile(r"[“\"「『‘《][^“”\"「」『』‘’《》]*[”\"」』’》]")
_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿几")
# Characters of context on either side.
_AROUND = 4
_LONGEST_WORD = 4
# Assumed log probability of a word of the thesaurus, and of a character missing in the list of words.
_OF_THE_FIELD = -13.0
_UNKNOWN = -16.0
# A character this frequent (有, 是, 中) is a word by itself, and seldom the one that was meant.
_OF_ITS_OWN = -10.6
# Minimum gain in log probability of a correction: where the papers contain two characters of it, and where
# they contain more. Measured on the development questions.
_GAIN_OF_TWO = 10.0
_GAIN = 8.0
# Value of each further character in the papers, added to the gain to choose between corrections.
_WORTH = 2.0
_REMEMBERED = 50_000  # cached characters and pairs of them, with whether they occur in the papers
_REMEMBERED_CHARACTERS = 8192  # cached characters, with the others of their sounds
_MOST = 4  # characters corrected in a question
_READ = 400  # characters of a text that are corrected: a longer one has enough other words
_SHORTEST_LATIN = 10  # letters of an English word: shorter ones often differ from another by one letter


@dataclass(frozen=True, slots=True)
class _Correction:
    worth: float
    at: int
    character: str


class Spelling:
    """Corrects the spelling of questions by the words of the papers."""

    def __init__(self, *, known: Known) -> None:
        """`known` returns the share of terms (`index.terms.tokenize.terms`) that occur in the papers."""
        self._known = known
        holds = lru_cache(maxsize=_REMEMBERED)(lambda term: known({term: 1.0}) > 0)
        self._holds = holds
        self._instead = lru_cache(maxsize=_REMEMBERED_CHARACTERS)(partial(_instead_of, holds=holds))

    def corrected(self, text: str) -> str:
        """Returns `text`, which is in simplified characters, with misspelt characters corrected."""
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
        """Yields the corrections of one character of a run of Han characters."""
        if self._is_known(run, at):
            return
        start, end = max(0, at - _AROUND), at + _AROUND + 1
        before: _Reading | None = None
        left, right = run[max(0, at - 1) : at], run[at + 1 : at + 2]
        for character in self._instead(run[at]):
            # The papers are checked first: few characters pass, and a look-up is cheaper than segmentation.
            known = (left and self._holds(left + character)) or (right and self._holds(character + right))
            if not known:
                continue
            other = run[:at] + character + run[at + 1 :]
            before = before or _reading(run[start:end])
            after = _reading(other[start:end])
            gain = after.usual - before.usual
            if after.words < before.words and gain >= _GAIN:
                length = self._longest(other, at)
                if length > 2 or gain >= _GAIN_OF_TWO:
                    yield _Correction(gain + _WORTH * length, offset + at, character)

    def _is_known(self, run: str, at: int) -> bool:
        """Whether the papers contain the character together with the one before or after it."""
        return self._pair(run, at - 1) or self._pair(run, at)

    def _pair(self, run: str, at: int) -> bool:
        """Whether the papers contain the two neighbours."""
        return 0 <= at < len(run) - 1 and self._holds(run[at : at + 2])

    def _longest(self, run: str, at: int) -> int:
        """Returns the length of the run around `at` whose every pair of neighbours occurs in the papers."""
        start, end = at, at
        while at - start < _AROUND and self._pair(run, start - 1):
            start -= 1
        while end - at < _AROUND and self._pair(run, end):
            end += 1
        return end - start + 1

    def _english(self, word: str) -> str:
        """Returns the word of the thesaurus that differs by one letter, if just one does; else `word`."""
        folded = fold(word)
        if len(word) < _SHORTEST_LATIN or folded in _english_words() or self._known({folded: 1.0}) > 0:
            return word
        near = [known for known in _english_words() if _differ_by_one(folded, known)]
        return near[0] if len(near) == 1 else word


def _protected(text: str) -> set[int]:
    """Returns the offsets of characters of places and of quoted words."""
    spans = [(mention.start, mention.end) for mention in find_divisions(text)]
    spans += [match.span() for match in _QUOTED.finditer(text)]
    return {at for start, end in spans for at in range(start, end)}


@dataclass(frozen=True, slots=True)
class _Reading:
    """A segmentation into words: their number, and their log probability."""

    words: int
    usual: float


@cache
def _usual() -> dict[str, float]:
    """Returns the log probability of the words of Chinese and of the thesaurus."""
    lines = _lines("words.tsv")
    found = {word: float(usual) for word, usual in lines}
    for group in thesaurus().groups:
        for term in group.official + group.everyday:
            if 2 <= len(term) <= _LONGEST_WORD:
                found.setdefault(term, _OF_THE_FIELD)
    return found


def _reading(text: str) -> _Reading:
    """Returns the fewest words that `text` can be cut into, and the log probability of its likeliest cut."""
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
    """Returns the other characters with the same sound."""
    by_syllable, by_character = _syllables()
    found = dict.fromkeys(c for s in by_character.get(character, ()) for c in by_syllable[s])
    return tuple(c for c in found if c != character)


def _instead_of(character: str, *, holds: Callable[[str], bool]) -> tuple[str, ...]:
    """Returns those of `alike` that may be meant: in the papers, and seldom a word by themselves."""
    usual = _usual()
    seldom = (other for other in alike(character) if usual.get(other, _UNKNOWN) <= _OF_ITS_OWN)
    return tuple(filter(holds, seldom))


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
    """Whether one letter is inserted, removed, replaced or swapped with its neighbour, and not at the end."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    left, right = one[same:], other[same:]
    if min(len(left), len(right)) < 2:
        return False  # platforms, required: the ending is an inflection
    swapped = left[1::-1] + left[2:]
    return right in (swapped, left[1:]) or right[1:] in (left, left[1:])


def _lines(name: str) -> Iterator[tuple[str, str]]:
    for line in files("rag").joinpath("data", name).read_text(encoding="utf-8").splitlines():
        key, value = line.split("\t")
        yield key, value
