"""Word search: BM25 over Han characters, their pairs, Latin words and numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from index.model import Chunk
from index.terms.tokenize import terms

Scores = npt.NDArray[np.float32]

# Measured on questions about five papers and on 651 about 599 others: a flatter k1 and b than usual, as the
# lengths of clauses differ by what they regulate, not by how much they repeat.
K1 = 1.2
B = 0.5
# How often the terms of a field count. A region is named in two characters and decides between papers.
_REGION, _HEADINGS, _BODY = 2, 1, 1


_NO_ROWS = np.empty(0, dtype=np.int32)
_NO_SCORES = np.empty(0, dtype=np.float32)


def term_weights(query: str) -> dict[str, float]:
    """The terms of a query, each as often as it occurs."""
    return {term: float(count) for term, count in Counter(terms(query)).items()}


class LexicalIndex:
    """BM25 scores of all chunks for a question. Row numbers are those of the chunks it was built from."""

    def __init__(self, index: bm25s.BM25, size: int) -> None:
        self._index = index
        self._size = size

    @classmethod
    def build(cls, chunks: Sequence[Chunk], *, k1: float = K1, b: float = B) -> LexicalIndex:
        return cls.of_terms([_terms_of(chunk) for chunk in chunks], k1=k1, b=b)

    @classmethod
    def of_terms(cls, documents: Sequence[list[str]], *, k1: float = K1, b: float = B) -> LexicalIndex:
        """An index of texts that are cut into terms already."""
        index = bm25s.BM25(k1=k1, b=b)
        if documents:
            # bm25s needs one term; the empty one matches nothing that `terms` returns.
            index.index([found or [""] for found in documents], show_progress=False)
        return cls(index, len(documents))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """A score for every row; 0 where no term of `weights` occurs. Each term counts by its weight."""
        found = np.zeros(self._size, dtype=np.float32)
        for term, weight in weights.items():
            rows, values = self._postings(term)
            found[rows] += weight * values
        return found

    def idf(self, term: str) -> float:
        """Inverse document frequency as Lucene's BM25 has it; for an unknown term the highest."""
        rows, _ = self._postings(term)
        return math.log(1 + (self._size - len(rows) + 0.5) / (len(rows) + 0.5))

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of the terms, by weight and rarity, that stand in any chunk; 0 without terms.

        A term that weighs less than 1 is another way to say one that is there too: unknown, it takes nothing.
        """
        if len(weights) == 1:  # asked for many a pair of characters: no rarity is needed
            return float(any(len(self._postings(term)[0]) for term in weights))
        found = total = 0.0
        for term, weight in weights.items():
            worth = weight * self.idf(term)
            if len(self._postings(term)[0]):
                found += worth
            elif weight < 1:
                continue
            total += worth
        return found / total if total else 0.0

    def _postings(self, term: str) -> tuple[npt.NDArray[np.int32], Scores]:
        """The rows that hold `term`, and the BM25 score it gives each."""
        column = self._index.vocab_dict.get(term) if self._size else None
        if column is None:
            return _NO_ROWS, _NO_SCORES
        matrix = self._index.scores
        start, end = matrix["indptr"][column], matrix["indptr"][column + 1]
        return matrix["indices"][start:end], matrix["data"][start:end]

    def __len__(self) -> int:
        return self._size

    def save(self, folder: Path) -> None:
        """Write the files of the index into `folder`, which must exist; none for an empty index."""
        if self._size:
            self._index.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, *, size: int) -> LexicalIndex:
        """Read what `save` wrote. The caller has checked that the files are whole."""
        return cls(bm25s.BM25.load(str(folder)) if size else bm25s.BM25(), size)


def _terms_of(chunk: Chunk) -> list[str]:
    region, *headings = chunk.context.split("\n")
    return terms(region) * _REGION + _joined(headings) * _HEADINGS + terms(chunk.text) * _BODY


def _joined(lines: Iterable[str]) -> list[str]:
    return [term for line in lines for term in terms(line)]
