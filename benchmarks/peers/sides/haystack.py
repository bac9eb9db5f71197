"""Haystack with its store in memory, saved to the disk."""

from __future__ import annotations

from pathlib import Path

from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from benchmarks.peers.model import DOCUMENT, NEAREST, OVERLAP, PAUSES, QUESTION, SIZE


class _Side:
    def __init__(self, model: Path) -> None:
        self._documents = SentenceTransformersDocumentEmbedder(
            model=str(model), prefix=DOCUMENT, progress_bar=False, normalize_embeddings=True
        )
        self._questions = SentenceTransformersTextEmbedder(
            model=str(model), prefix=QUESTION, progress_bar=False, normalize_embeddings=True
        )
        self._splitter = RecursiveDocumentSplitter(
            split_length=SIZE, split_overlap=OVERLAP, split_unit="char", separators=list(PAUSES[:-1])
        )
        for part in (self._documents, self._questions, self._splitter):
            part.warm_up()
        self._store = InMemoryDocumentStore()

    def ingest(self, papers: list[Path], folder: Path) -> None:
        self._store = InMemoryDocumentStore()
        read = TextFileToDocument(encoding="utf-8").run(sources=list(papers))["documents"]
        pieces = self._splitter.run(documents=read)["documents"]
        self._store.write_documents(self._documents.run(documents=pieces)["documents"])
        folder.mkdir(parents=True)
        self._store.save_to_disk(str(folder / "store.json"))

    def ask(self, question: str) -> None:
        vector = self._questions.run(text=question)["embedding"]
        InMemoryEmbeddingRetriever(self._store, top_k=NEAREST).run(query_embedding=vector)


def opened(model: Path) -> _Side:
    return _Side(model)
