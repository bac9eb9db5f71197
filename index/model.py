"""What search works on: chunks, hits, and the two seams (embedder, searcher)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.progress import Progress

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one clause. `context` is embedded and searched with the text, never quoted."""

    clause_key: str  # Clause.key
    document_id: str
    start: int  # offsets into Document.text
    end: int
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
    from 1 and are None where that searcher did not return the chunk. `score` is the fused score in [0, 1].
    """

    chunk: Chunk
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


class Searcher(Protocol):
    """Finds chunks for a question."""

    def search(
        self,
        query: str,
        *,
        k: int,
        weights: Mapping[str, float] | None = None,
        documents: Collection[str] | None = None,
    ) -> list[Hit]:
        """The best `k` hits, best first; only from `documents` when given.

        `weights` are the terms to look for with what each counts; without them those of `query`, 1 each.
        """
        ...

    def search_each(
        self, query: str, *, k: int, weights: Mapping[str, float] | None = None, documents: Collection[str]
    ) -> dict[str, list[Hit]]:
        """The best `k` hits of each of `documents`, as `search` in it alone; the query is embedded once."""
        ...

    def idf(self, term: str) -> float:
        """Weight of a term of `index.terms.tokenize.terms`: the rarer in the corpus, the higher; above 0."""
        ...

    def known(self, weights: Mapping[str, float]) -> float:
        """Share of weighted terms, from 0 to 1, that stand in any chunk."""
        ...
