"""BM25 as an inner product of sparse vectors, whose value for a term depends on its chunk alone.

A score of `index.search.lexical` is a sum over the terms of weight · idf · saturation. The vector of a
chunk has the saturation tf / (tf + k1 · (1 - b + b · length / mean length)) of each of its terms; that of a
question has weight · idf, so that new papers change no vector but through the mean length. That is fixed in
a collection. With the length of a chunk, tf can be computed back from a saturation, and from it the score
with today's mean length.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from index.model import Chunk
from index.search.lexical import K1, B, terms_of

# Pairs of these get numbers of their own, and so does every single character; other words get a digest.
_FIRST, _LAST = 0x3000, 0x9FFF
_COUNT = _LAST - _FIRST + 1
_PAIRS = 1 << 21  # the first number of a pair; those of single characters are below
_DIGESTS = 1 << 30  # the first number of a digest
_ABOVE = (1 << 32) - 1  # Milvus allows numbers below this one
NO_WORD = 0  # stands in a chunk without terms, as no vector may be empty; the number of no term


def number_of(term: str) -> int:
    """The dimension of a term.

    Han characters and their pairs have each their own. Latin words and numbers have one of 3.2 thousand
    million by their digest; two of them may have the same and then count as one word.
    """
    if len(term) == 1:
        return ord(term)
    if len(term) == 2 and all(_FIRST <= ord(character) <= _LAST for character in term):
        return _PAIRS + (ord(term[0]) - _FIRST) * _COUNT + ord(term[1]) - _FIRST
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return _DIGESTS + int.from_bytes(digest, "little") % (_ABOVE - _DIGESTS)


@dataclass(frozen=True, slots=True)
class Counted:
    """The terms of a chunk: how often each occurs, by number, and how many there are in all, at least 1."""

    counts: Mapping[int, int]
    length: int

    @classmethod
    def of(cls, chunk: Chunk) -> Counted:
        found = terms_of(chunk)
        return cls(Counter(map(number_of, found)), len(found) or 1)


def sparse_vector(counted: Counted, mean: float) -> dict[int, float]:
    """The saturation of each term of a chunk, by number; `mean` is the mean length of chunks."""
    constant = _constant(counted.length, mean)
    return {number: tf / (tf + constant) for number, tf in counted.counts.items()} or {NO_WORD: 1.0}


def score(
    stored: Mapping[int, float], length: int, query: Mapping[int, float], *, stored_mean: float, mean: float
) -> float:
    """The BM25 score of a chunk from its stored vector, for another mean length than the stored one."""
    was, constant = _constant(length, stored_mean), _constant(length, mean)
    found = 0.0
    for number, weight in query.items():
        saturation = stored.get(number)
        if saturation is not None:
            tf = round(saturation * was / (1 - saturation))
            found += weight * tf / (tf + constant)
    return found


def factors(stored_mean: float, mean: float) -> tuple[float, float]:
    """The least and the greatest factor between a score with `mean` and one with `stored_mean`."""
    return min(1.0, mean / stored_mean), max(1.0, mean / stored_mean)


def _constant(length: int, mean: float) -> float:
    return K1 * (1 - B + B * length / mean)
