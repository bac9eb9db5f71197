"""What search works on: chunks, matches and hits, and the seams: embedder, searcher, term statistics."""

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
    """Where a piece of one clause is.

    A search needs no more, so that no process has to keep all texts in memory.
    """

    clause_key: str  # Clause.key
    document_id: str
    start: int  # offsets into Document.text
    end: int


@dataclass(frozen=True, slots=True)
class Chunk(ChunkPlace):
    """A piece of one clause. `context` is embedded and searched with the text, never quoted."""

    text: str  # Document.text[start:end]
    context: str  # title, region, chapter and clause heading


@dataclass(frozen=True, slots=True)
class Similar:
    """A sentence of a chunk with its cosine to the question."""

    start: int  # offsets into Document.text
    end: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that matched, with the parts of its score.

    `dense` is a cosine in [-1, 1] (chunk and best sentence together), `lexical` a BM25 score; ranks count
    from 1 and are None where the best by that score do not include the chunk. `score` is the fused score in
    [0, 1].
    """

    chunk: ChunkPlace
    score: float
    dense: float
    lexical: float
    dense_rank: int | None
    lexical_rank: int | None
    sentences: tuple[Similar, ...] = ()


class Embedder(Protocol):
    """Turns text into vectors of length 1."""

    @property
    def fingerprint(self) -> str:
        """Names model, weights and precision; other vectors mean another fingerprint."""
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
class Fusion:
    """What the cosines of a chunk and of its sentences count together."""

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
    """Finds chunks by vectors and by words. `tests/contracts/searcher.py` is what every engine must pass."""

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` chunks nearest to `vector` and the `k` with the highest BM25 score above 0, each once.

        Every match has both of its scores, also where only one of the two lists contains it. Only chunks of
        `documents` are looked at when given. `weights` are the terms to look for with what each counts.
        """
        ...

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """What `search` returns for each of `documents` alone."""
        ...


class TermStatistics(Protocol):
    """How usual terms are in the papers."""

    def idf(self, term: str) -> float:
        """Weight of a term of `index.terms.tokenize.terms`: the rarer in the corpus, the higher; above 0."""
        ...

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of weighted terms, from 0 to 1, that occur in any chunk."""
        ...
