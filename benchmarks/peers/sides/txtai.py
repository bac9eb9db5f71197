"""txtai, whose index of this size is FAISS with the texts in SQLite."""

from __future__ import annotations

from pathlib import Path

from langchain_text_splitters import RecursiveCharacterTextSplitter
from txtai import Embeddings

from benchmarks.peers.model import DOCUMENT, NEAREST, OVERLAP, PAUSES, QUESTION, SIZE


class _Side:
    def __init__(self, model: Path) -> None:
        self._embeddings = Embeddings(
            path=str(model),
            method="sentence-transformers",
            instructions={"query": QUESTION, "data": DOCUMENT},
            content=True,
            gpu=False,
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=SIZE, chunk_overlap=OVERLAP, separators=list(PAUSES)
        )

    def ingest(self, papers: list[Path], folder: Path) -> None:
        texts = [
            text for path in papers for text in self._splitter.split_text(path.read_text(encoding="utf-8"))
        ]
        self._embeddings.index(texts)
        self._embeddings.save(str(folder))

    def ask(self, question: str) -> None:
        self._embeddings.search(question, NEAREST)


def opened(model: Path) -> _Side:
    return _Side(model)
