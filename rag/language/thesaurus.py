"""Maps everyday Chinese and English words to the words of policy papers: 封顶 → 最高不超过.

The words are in `rag/data/thesaurus.tsv`, described in `rag/data/SOURCE.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.model import Span
from index.terms.tokenize import fold, fold_map

# Most terms that one group adds, so that synonyms do not outweigh the question.
_ADDED = 6
_NONE = "-"  # a column without terms
_COMMENT = "#"
_ITSELF = "!"  # begins a line of words that contain a term without meaning it: 上市许可, 上市
_LATIN = re.compile(r"[a-z0-9]")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")  # tax → taxes
_CONSONANT_Y = re.compile(r"(?<![aeiou])y$")  # subsidy → subsidies


@dataclass(frozen=True, slots=True)
class Group:
    """Synonymous terms, the most usual ones first."""

    official: tuple[str, ...]
    everyday: tuple[str, ...]
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """The parsed file: its groups, and the words that contain a term without meaning it."""

    groups: tuple[Group, ...]
    themselves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A word of the text that is in the thesaurus."""

    span: Span  # into the text
    text: str  # the word as written
    terms: tuple[str, ...]  # Chinese terms of its groups that the text does not contain


@dataclass(frozen=True, slots=True)
class Expansion:
    """The words of a text that are in the thesaurus, in the order of the text; no two overlap."""

    found: tuple[Synonyms, ...]

    @property
    def words(self) -> str:
        """Returns the added terms, each once, joined by a blank; empty when nothing is added."""
        return " ".join(dict.fromkeys(term for synonyms in self.found for term in synonyms.terms))


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Folded spelling → groups, and for each first character the lengths to try, longest first."""

    groups: Mapping[str, tuple[Group, ...]]
    lengths: Mapping[str, tuple[int, ...]]
    folded: Mapping[str, str]  # a term → its folded spelling


def expand(text: str, *, most: int = _ADDED) -> Expansion:
    """Returns the synonyms of the words of `text`; where several words fit, the first and longest one.

    Chinese terms only: papers are written in Chinese, so English is understood and never added. `most`: terms
    that one group adds.

    >>> expand("一年封顶多少").words.split()[:2]
    ['最高不超过', '不超过']
    """
    lexicon = _lexicon()
    folded = fold_map(text)
    found: list[Synonyms] = []
    added: dict[str, tuple[str, ...]] = {}  # of each word, which may occur many times
    at = 0
    while at < len(folded.text):
        word = _longest(lexicon, folded.text, at)
        if word is None:
            at += 1
            continue
        span = folded.origin(at, at + len(word))
        if word not in added:
            added[word] = _added(lexicon, word, folded.text, most)
        if added[word]:
            found.append(Synonyms(span, span.of(text), added[word]))
        at += len(word)
    return Expansion(tuple(found))


@cache
def thesaurus() -> Thesaurus:
    """Returns the thesaurus of this package. Raises ValueError for a line without three filled columns."""
    groups: list[Group] = []
    themselves: list[str] = []
    content = files("rag").joinpath("data", "thesaurus.tsv").read_text(encoding="utf-8")
    for line in content.splitlines():
        if line.startswith(_ITSELF):
            themselves += _terms(line.removeprefix(_ITSELF).strip())
        elif line and not line.startswith(_COMMENT):
            official, everyday, english = map(_terms, line.split("\t"))
            groups.append(Group(official, everyday, english))
    return Thesaurus(tuple(groups), tuple(themselves))


def _terms(column: str) -> tuple[str, ...]:
    if column == _NONE:
        return ()
    terms = tuple(column.split("|"))
    if not all(terms):
        raise ValueError(f"an empty term in {column!r}; write {_NONE!r} for a column without terms")
    return terms


@cache
def _lexicon() -> _Lexicon:
    known = thesaurus()
    groups: dict[str, tuple[Group, ...]] = {fold(word): () for word in known.themselves}
    folded = {term: fold(term) for group in known.groups for term in _chinese(group)}
    for group in known.groups:
        for spelling in (*map(folded.__getitem__, _chinese(group)), *_english(group)):
            before = groups.get(spelling, ())
            if group not in before:
                groups[spelling] = (*before, group)
    lengths: dict[str, set[int]] = {}
    for spelling in groups:
        lengths.setdefault(spelling[0], set()).add(len(spelling))
    return _Lexicon(
        groups=groups,
        lengths={first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        folded=folded,
    )


def _chinese(group: Group) -> tuple[str, ...]:
    return group.official + group.everyday


def _english(group: Group) -> Iterable[str]:
    """The folded spellings of its English terms."""
    for term in group.english:
        for spelling in {term, term.replace("-", " ")}:
            yield fold(spelling)
            yield fold(_plural(spelling))


def _plural(term: str) -> str:
    if _CONSONANT_Y.search(term):
        return term[:-1] + "ies"
    return term + ("es" if _SIBILANT.search(term) else "s")


def _longest(lexicon: _Lexicon, text: str, at: int) -> str | None:
    """Returns the longest known word of the folded `text` that begins at `at`; Latin ones as whole words."""
    for length in lexicon.lengths.get(text[at], ()):
        word = text[at : at + length]
        if word in lexicon.groups and _whole(text, at, at + length):
            return word
    return None


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither end of the piece cuts a Latin word."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    """Whether Latin letters or digits meet at `at`. A digit before Han is a count, so it may be cut."""
    return bool(0 < at < len(text) and _LATIN.match(text, at - 1) and _LATIN.match(text, at))


def _added(lexicon: _Lexicon, word: str, text: str, most: int) -> tuple[str, ...]:
    added: dict[str, None] = {}
    for group in lexicon.groups[word]:
        fresh = [term for term in _chinese(group) if lexicon.folded[term] not in text]
        added.update(dict.fromkeys(fresh[:most]))
    return tuple(added)
