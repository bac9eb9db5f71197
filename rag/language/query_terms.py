"""A question as weighted search terms: its own words, and those the papers use for the same thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Span
from index.terms.tokenize import terms
from rag.language.stopwords import residue, without
from rag.language.thesaurus import Synonyms, expand
from rag.ranking import TermWeights

Idf = Callable[[str], float]
# Share of weighted terms that occur in the papers.
Known = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True, slots=True)
class Query:
    """The search query.

    `text` is embedded; `weights` are the terms of `index.terms.tokenize.terms` with their weights;
    `concepts` are the alternative wordings of each part of the question's content, as term sets.
    """

    text: str
    weights: Mapping[str, float]
    concepts: tuple[tuple[tuple[str, ...], ...], ...]


def query_of(
    words: str, *, idf: Idf, counts: TermWeights, carried: str = "", places: Sequence[Span] = ()
) -> Query:
    """Builds the query for the words of a question.

    `places` are named regions, which count for search only; `carried` are the words of earlier turns, also
    in `words`: they find the clause, the question's own words find the sentence. `counts` has the weights
    of terms that are not the question's own.
    """
    expansion = expand(words)
    latin = [found for found in expansion.found if found.text.isascii()]
    own = without(words, [found.span for found in latin])
    weights = dict.fromkeys(terms(own), 1.0)
    if carried:
        said = set(terms(words.replace(carried, " ")))
        weights = {term: 1.0 if term in said else counts.carried for term in weights}
    for found in expansion.found:
        english = found.text.isascii()
        if not english and _is_usual(found.text, idf, rare=counts.rare):
            continue
        share = counts.translation if english else counts.synonym
        for term in terms(" ".join(found.terms)):
            weights.setdefault(term, share)
    text = f"{words} {expansion.words}" if latin else words
    return Query(text, weights, _concepts(words, expansion.found, places))


def _is_usual(word: str, idf: Idf, *, rare: float) -> bool:
    """Whether the papers use the word, so that no synonym is needed to find it."""
    return max((idf(term) for term in _pairs(word)), default=0.0) < rare


def _concepts(
    words: str, synonyms: Sequence[Synonyms], places: Sequence[Span]
) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Returns each word in the thesaurus with its synonyms, and the rest as pairs of characters."""
    concepts: list[tuple[tuple[str, ...], ...]] = []
    for found in synonyms:
        ways = [_pairs(way) for way in (found.text, *found.terms)]
        concepts.append(tuple(way for way in ways if way))
    # One place limits the question, several are what it is about.
    rest = without(words, [found.span for found in synonyms] + (list(places) if len(places) == 1 else []))
    concepts += [((term,),) for term in dict.fromkeys(_pairs(residue(rest, [])))]
    return tuple(concept for concept in concepts if concept)


def _pairs(text: str) -> tuple[str, ...]:
    """Returns the terms of `text` that are longer than a single Han character."""
    found = terms(text)
    longer = tuple(term for term in found if len(term) > 1)
    return longer or tuple(found)
