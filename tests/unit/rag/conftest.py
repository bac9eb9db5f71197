"""One assistant over the five papers for all tests of the answer layer."""

from __future__ import annotations

import pytest
from assembled import assistant_over, five

from corpus.model import Document
from index.model import Embedder
from rag.assistant import Assistant


@pytest.fixture(scope="session")
def papers() -> tuple[Document, ...]:
    """The papers that come with the program, read once."""
    return five()


@pytest.fixture(scope="session")
def assistant(papers: tuple[Document, ...], tiny_embedder: Embedder) -> Assistant:
    return assistant_over(papers, tiny_embedder)
