"""How much of the matter of a question the words of a provision say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.notation.phrase_table import PhraseTable
from index.model import TermStatistics
from index.terms.tokenize import fold, terms
from rag.language.stopwords import residue, without
from rag.language.thesaurus import expand

_KNOWN = 0.25  # share of a word, by pairs of characters, that is not there by chance: 能源 of 新能源汽车
LEAST = 0.35  # share of the matter from which a provision is about it
_RARE = 0.5  # of the weight of the rarest word: not 企业 of 餐饮企业
_SYNONYMS = 40  # of a word that a provision may say in its place; more than any group has
_ONE_WORD = 3  # characters: 创新药 is one word, of which 创新 says nothing
_PARTICLES = PhraseTable.read("rag", "stopwords.tsv")
_BEFORE = "对给为"  # before whom something is for: 对茶有补贴
_JOINS = frozenset("和与及或")  # particles, where they are not part of a word
_CLAUSE = re.compile(r"[，。；？！,;?!]")


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the matter, folded, and what the papers may say in its place."""

    word: str
    synonyms: tuple[str, ...]
    weight: float  # higher for a rarer word
    is_known: bool = True  # whether the papers say part of the word

    def share_in(self, folded: str) -> float:
        """Returns the share of the word that a folded text says; a synonym counts only as a whole."""
        if any(synonym in folded for synonym in self.synonyms):
            return 1.0
        # Squared: half of a word (审查 of 伦理审查) is much less than half of what it means.
        return _share(self.word, folded) ** 2


@dataclass(frozen=True, slots=True)
class Item:
    """Words between two marks of a list: 担保公司 of 银行、担保公司."""

    concepts: tuple[Concept, ...]

    @property
    def weight(self) -> float:
        return sum(concept.weight for concept in self.concepts)

    def share_in(self, folded: str) -> float:
        return sum(c.weight * c.share_in(folded) for c in self.concepts) / self.weight


@dataclass(frozen=True, slots=True)
class Matter:
    """What the question is about, without what it asks for: lists, each of which names alternatives."""

    lists: tuple[tuple[Item, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.lists)

    @property
    def is_unknown(self) -> bool:
        """Whether the papers say little of the matter in its own words; they may say it in others."""
        concepts = list(self.concepts)
        known = sum(one.weight for one in concepts if one.is_known)
        return bool(concepts) and known < LEAST * sum(one.weight for one in concepts)

    def is_named_in(self, folded: str) -> bool:
        """Whether a folded text says enough of the matter or of a rare word of it; true without a matter.

        The other rare words may be those of the question: 各压 of 二类器械各压到几天.
        """
        rarest = max((one.weight for one in self.concepts), default=0.0)
        rare = (one for one in self.concepts if one.weight >= _RARE * rarest)
        return self.share_in(folded) >= LEAST or any(one.share_in(folded) >= LEAST for one in rare)

    @property
    def alternatives(self) -> tuple[Matter, ...]:
        """The matter, and with each of the things that its lists name alone: 平台 of 平台和示范项目.

        A word far more usual than its neighbours in the list, 企业, names nothing alone.
        """
        return (self, *self._single())

    def _single(self) -> Iterator[Matter]:
        for place, items in enumerate(self.lists):
            rarest = max(item.weight for item in items)
            for item in items if len(items) > 1 else ():
                if item.weight >= _RARE * rarest:
                    yield Matter((*self.lists[:place], (item,), *self.lists[place + 1 :]))

    @property
    def concepts(self) -> Iterator[Concept]:
        return (concept for items in self.lists for item in items for concept in item.concepts)

    def share_in(self, folded: str) -> float:
        """Returns the share, by weight, of the matter that a folded text says; 1 without a matter."""
        weights = [max(item.weight for item in items) for items in self.lists]
        said = [max(item.share_in(folded) for item in items) for items in self.lists]
        total = sum(weights)
        return sum(w * s for w, s in zip(weights, said, strict=True)) / total if total else 1.0


def matter_of(words: str, statistics: TermStatistics) -> Matter:
    """Returns the matter in `words`, without English words that no paper and no table of synonyms has."""
    found = (_list(part, statistics) for part in _CLAUSE.split(words))
    return Matter(tuple(items for items in found if items))


def _list(words: str, statistics: TermStatistics) -> tuple[Item, ...]:
    joins = [s for s in _PARTICLES.spans("particle", words) if _JOINS.issuperset(s.of(words))]
    items = (_item(part, statistics) for part in without(words, joins, by="、").split("、"))
    return tuple(item for item in items if item.concepts)


def _item(words: str, statistics: TermStatistics) -> Item:
    found = expand(words, most=_SYNONYMS).found
    concepts = [_concept(one.text, one.terms, statistics) for one in found]
    rest = residue(without(words, [one.span for one in found]), [])
    runs = [run for run in rest.split() if not run.isascii() or statistics.known({fold(run): 1.0})]
    concepts += [_concept(run, (), statistics) for run in dict.fromkeys(runs) if _is_word(run, words)]
    return Item(tuple(_without_repeated(concepts)))


def _without_repeated(concepts: Iterable[Concept]) -> list[Concept]:
    """Returns the concepts, those that mean the same as one: 买设备 and 技术改造, which share synonyms."""
    found: list[Concept] = []
    for one in concepts:
        same = next(
            (n for n, other in enumerate(found) if not set(other.synonyms).isdisjoint(one.synonyms)), None
        )
        if same is None:
            found.append(one)
            continue
        first = found[same]
        found[same] = replace(
            first,
            synonyms=tuple(dict.fromkeys((*first.synonyms, one.word, *one.synonyms))),
            weight=max(first.weight, one.weight),
            is_known=first.is_known or one.is_known,
        )
    return found


def _is_word(run: str, words: str) -> bool:
    """Whether what is left of the words is a word; a single character is one behind 对."""
    return len(run) > 1 or any(before + run in words for before in _BEFORE)


def _concept(word: str, synonyms: Iterable[str], statistics: TermStatistics) -> Concept:
    weight = max(map(statistics.idf, terms(word)), default=0.0)
    # Not a synonym: those of 养猪 include 养殖, which a paper may say of something else.
    return Concept(fold(word), tuple(map(fold, synonyms)), weight, share_known(word, statistics) >= _KNOWN)


def share_known(word: str, statistics: TermStatistics) -> float:
    """Returns the share of the word that occurs in the papers; single Han characters tell nothing."""
    return statistics.known({term: 1.0 for term in terms(word) if len(term) > 1})


def _share(word: str, text: str) -> float:
    """Returns the share of the characters of `word` that are in a pair of neighbours of the text."""
    if word.isascii() or len(word) <= _ONE_WORD:
        return float(word in text)
    pairs = [word[i : i + 2] in text for i in range(len(word) - 1)]
    said = sum((i < len(pairs) and pairs[i]) or (i > 0 and pairs[i - 1]) for i in range(len(word)))
    return said / len(word)
