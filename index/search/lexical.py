"""Word search: BM25 over Han characters, their pairs, Latin words and numbers."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.model import Chunk
from index.terms.tokenize import terms

Scores = npt.NDArray[np.float32]

# Measured on questions about five papers and on 651 about 599 others: lower k1 and b than usual, because
# clauses differ in length by what they regulate, not by how much they repeat.
K1 = 1.2
B = 0.5
# Weights of the fields. A region has only two characters, but decides between papers.
_REGION, _HEADINGS, _BODY = 2, 1, 1

_ROWS, _SCORES = np.dtype("<i4"), np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Postings:
    """The rows in which each term occurs, with its score in each.

    Those of the term in column c are `rows[starts[c]:starts[c + 1]]`, ascending; `scores` is aligned with it.
    """

    columns: Mapping[str, int]  # column of a term
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    scores: Scores


def term_weights(query: str) -> dict[str, float]:
    """The terms of a query, each with its number of occurrences."""
    return {term: float(count) for term, count in Counter(terms(query)).items()}


class LexicalIndex:
    """BM25 scores of all chunks for a question, in memory. Rows are those of the chunks it was built from.

    Every engine's scores are compared with these.
    """

    def __init__(self, postings: Postings, size: int) -> None:
        self._postings = postings
        self._size = size

    @classmethod
    def build(cls, chunks: Sequence[Chunk], *, k1: float = K1, b: float = B) -> LexicalIndex:
        return cls.of_terms([terms_of(chunk) for chunk in chunks], k1=k1, b=b)

    @classmethod
    def of_terms(cls, documents: Sequence[Sequence[str]], *, k1: float = K1, b: float = B) -> LexicalIndex:
        """Builds an index of tokenised texts."""
        return cls(_weighed(documents, k1=k1, b=b), len(documents))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """A score for every row, the weighted sum over the terms; 0 if no term of `weights` occurs."""
        found = np.zeros(self._size, dtype=np.float32)
        for term, weight in weights.items():
            rows, values = self._of(term)
            found[rows] += weight * values
        return found

    def idf(self, term: str) -> float:
        """Inverse document frequency as in Lucene's BM25; the highest for an unknown term."""
        return idf_of(len(self._of(term)[0]), self._size)

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of the terms, weighted by weight and rarity, that occur in any chunk; 0 without terms."""
        return share_known(weights, count=lambda term: len(self._of(term)[0]), size=self._size)

    def _of(self, term: str) -> tuple[npt.NDArray[np.int32], Scores]:
        """The rows that contain `term`, and its BM25 score in each."""
        postings = self._postings
        column = postings.columns.get(term)
        if column is None:
            return postings.rows[:0], postings.scores[:0]
        start, end = postings.starts[column], postings.starts[column + 1]
        return postings.rows[start:end], postings.scores[start:end]

    def __len__(self) -> int:
        return self._size


def _weighed(documents: Sequence[Sequence[str]], *, k1: float, b: float) -> Postings:
    """BM25 as in Lucene: idf · tf / (tf + k1 · (1 - b + b · length / mean length))."""
    # A text without terms counts as length 1, so that the mean is never 0.
    lengths = np.array([len(found) or 1 for found in documents], dtype=np.float64)
    columns: dict[str, int] = {}
    of_column, of_row, counts = array("i"), array("i"), array("f")
    for row, found in enumerate(documents):
        for term, count in Counter(found).items():
            of_column.append(columns.setdefault(term, len(columns)))
            of_row.append(row)
            counts.append(count)
    order = np.argsort(np.asarray(of_column), kind="stable")  # stable: rows stay ascending in each column
    rows = np.asarray(of_row, _ROWS)[order]
    frequencies = np.bincount(np.asarray(of_column), minlength=len(columns))
    saturation = k1 * (1 - b + b * lengths / lengths.mean()) if documents else lengths
    tf = np.asarray(counts)[order].astype(np.float64)
    idf = np.array([idf_of(int(frequency), len(documents)) for frequency in frequencies], np.float32)
    scores = np.repeat(idf, frequencies) * (tf / (saturation[rows] + tf))
    starts = np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64)
    return Postings(columns, starts, rows, scores.astype(_SCORES))


def share_known(weights: Mapping[str, float], *, count: Callable[[str], int], size: int) -> float:
    """`TermStatistics.known`: `count` returns how many of `size` rows contain a term.

    A term with a weight below 1 is a synonym of another one, so it does not lower the share if unknown.
    """
    if len(weights) == 1:  # called for many pairs of characters, so skip computing the rarity
        return float(any(count(term) for term in weights))
    found = total = 0.0
    for term, weight in weights.items():
        containing = count(term)
        worth = weight * idf_of(containing, size)
        if containing:
            found += worth
        elif weight < 1:
            continue
        total += worth
    return found / total if total else 0.0


def idf_of(containing: int, size: int) -> float:
    """Inverse document frequency of a term from the number of rows that contain it, of all rows."""
    return math.log(1 + (size - containing + 0.5) / (containing + 0.5))


def terms_of(chunk: Chunk) -> list[str]:
    """The terms of a chunk, as often as they count: of its region, its headings and its text."""
    region, *headings = chunk.context.split("\n")
    return terms(region) * _REGION + _joined(headings) * _HEADINGS + terms(chunk.text) * _BODY


def _joined(lines: Iterable[str]) -> list[str]:
    return [term for line in lines for term in terms(line)]
