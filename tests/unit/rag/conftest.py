"""One assistant over the five papers for all tests of rag."""

from __future__ import annotations

import pytest
from assembled import assistant_over, five

from corpus.model import Document
from index.model import Embedder, Vectors
from rag.assistant import Assistant


class StrictEmbedder:
    """Accepts, like real models, only text that can be encoded as UTF-8."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self.embed_documents, self._embedder = embedder.embed_documents, embedder

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text.encode("utf-8", "strict").decode())


@pytest.fixture(scope="session")
def papers() -> tuple[Document, ...]:
    """The papers that come with the program, read once."""
    return five()


@pytest.fixture(scope="session")
def assistant(papers: tuple[Document, ...], tiny_embedder: Embedder) -> Assistant:
    return assistant_over(papers, StrictEmbedder(tiny_embedder))
