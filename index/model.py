"""Data model of search: chunks, matches, hits, verdicts; and its interfaces: embedder, reader, searcher, term
statistics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.progress import Progress

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ChunkPlace:
    """The place of a piece of one clause.

    Search needs no more than this, so no process has to keep all texts in memory.
    """

    clause_key: str  # Clause.key
    document_id: str
    start: int  # offsets into Document.text
    end: int


@dataclass(frozen=True, slots=True)
class Chunk(ChunkPlace):
    """A piece of one clause. `context` is embedded and searched with the text, but never quoted."""

    text: str  # Document.text[start:end]
    context: str  # title, region, chapter and clause heading


@dataclass(frozen=True, slots=True)
class Embedded:
    """Pieces of one paper in reading order, each with the SHA-256 of its embedded text and its vector."""

    pieces: tuple[Chunk, ...]
    hashes: tuple[str, ...]
    vectors: Vectors  # (pieces, dimension), rows of length 1


@dataclass(frozen=True, slots=True)
class EmbeddedPaper:
    """A paper as an engine keeps it."""

    document_id: str
    content_sha256: str  # as in `Store.in_use`
    chunks: Embedded
    sentences: Embedded


@dataclass(frozen=True, slots=True)
class Similar:
    """A sentence of a chunk with its cosine to the question."""

    start: int  # offsets into Document.text
    end: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that matched, with the parts of its score.

    `dense` is a cosine in [-1, 1] (of chunk and best sentence), `lexical` a BM25 score; ranks count from 1
    and are None if the chunk is not among the best by that score. `score` is the fused score in [0, 1].
    """

    chunk: ChunkPlace
    score: float
    dense: float
    lexical: float
    dense_rank: int | None
    lexical_rank: int | None
    sentences: tuple[Similar, ...] = ()


class Embedder(Protocol):
    """Embeds texts as vectors of length 1."""

    @property
    def fingerprint(self) -> str:
        """Identifies model, weights and precision; it changes whenever the vectors do."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), float32, rows normalised."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence is to a question: probabilities, which sum to 1."""

    answers: float  # it states the fact asked for, or confirms what the question asserts
    unstated: float  # it is about the same matter, but does not state the fact
    contradicts: float  # it contradicts what the question asserts
    other: float  # it is about another matter


class Reader(Protocol):
    """Reads a question and a sentence together, which a vector of each cannot replace."""

    @property
    def fingerprint(self) -> str:
        """Identifies model, weights and precision; it changes whenever the verdicts do."""
        ...

    def judge(self, question: str, sentences: Sequence[str]) -> list[Verdict]:
        """A verdict for each of `sentences`, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights of the cosines of a chunk and of its best sentence."""

    # Share of the best sentence in the cosine of a chunk; the rest is the chunk's own. Measured on the
    # questions of the five papers, policy-qa and china-law: 0.5 to 0.7 is best and either one alone is worse.
    sentence_share: float = 0.7


@dataclass(frozen=True, slots=True)
class Match:
    """A chunk that an engine returns, with both raw scores. Ranks count from 1, as in `Hit`."""

    chunk: ChunkPlace
    dense: float  # cosine of chunk and best sentence together, in [-1, 1]
    lexical: float  # BM25, from 0
    dense_rank: int | None
    lexical_rank: int | None
    sentences: tuple[Similar, ...] = ()  # in reading order


class Searcher(Protocol):
    """Finds chunks by vectors and by words. Every engine must pass `tests/contracts/searcher.py`."""

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` chunks nearest to `vector` and the `k` with the highest BM25 score above 0, each once.

        Every match has both scores, even if only one of the two lists contains it. Only chunks of
        `documents` are searched if given. `weights` are the terms to search for with their weights.
        """
        ...

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone."""
        ...


class TermStatistics(Protocol):
    """Statistics of terms in the papers."""

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term of `index.terms.tokenize.terms`: higher if rarer; above 0."""
        ...

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of weighted terms, from 0 to 1, that occur in any chunk."""
        ...
