"""How much of the matter of a question the words of a provision say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index.model import TermStatistics
from index.terms.tokenize import fold, terms
from rag.language.stopwords import residue, without
from rag.language.thesaurus import expand

_ONE_WORD = 3  # characters: 创新药 is one word, of which 创新 says nothing


@dataclass(frozen=True, slots=True)
class Concept:
    """A word of the matter, folded, and what the papers may say in its place."""

    word: str
    synonyms: tuple[str, ...]
    weight: float  # higher for a rarer word

    def share_in(self, folded: str) -> float:
        """Returns the share of the word that a folded text says; a synonym counts only as a whole."""
        if any(synonym in folded for synonym in self.synonyms):
            return 1.0
        # Squared: half of a word (审查 of 伦理审查) is much less than half of what it means.
        return _share(self.word, folded) ** 2

    def is_in(self, folded: str) -> bool:
        return self.share_in(folded) == 1.0


@dataclass(frozen=True, slots=True)
class Matter:
    """What the question is about, without what it asks for."""

    concepts: tuple[Concept, ...]

    def __bool__(self) -> bool:
        return bool(self.concepts)

    def share_in(self, folded: str) -> float:
        """Returns the share, by weight, of the matter that a folded text says; 1 without a matter."""
        total = sum(concept.weight for concept in self.concepts)
        said = sum(concept.weight * concept.share_in(folded) for concept in self.concepts)
        return said / total if total else 1.0


def matter_of(words: str, statistics: TermStatistics) -> Matter:
    """Returns the matter in `words`, without English words that no paper and no table of synonyms has."""
    found = expand(words).found
    concepts = [_concept(one.text, one.terms, statistics.idf) for one in found]
    rest = residue(without(words, [one.span for one in found]), [])
    runs = [run for run in rest.split() if not run.isascii() or statistics.known({fold(run): 1.0})]
    return Matter(tuple(concepts + [_concept(run, (), statistics.idf) for run in dict.fromkeys(runs)]))


def _concept(word: str, synonyms: Iterable[str], idf: Callable[[str], float]) -> Concept:
    weight = max((idf(term) for term in terms(word)), default=0.0)
    return Concept(fold(word), tuple(map(fold, synonyms)), weight)


def _share(word: str, text: str) -> float:
    """Returns the share of the characters of `word` that are in a pair of neighbours of the text."""
    if word.isascii() or len(word) <= _ONE_WORD:
        return float(word in text)
    pairs = [word[i : i + 2] in text for i in range(len(word) - 1)]
    said = sum((i < len(pairs) and pairs[i]) or (i > 0 and pairs[i - 1]) for i in range(len(word)))
    return said / len(word)
