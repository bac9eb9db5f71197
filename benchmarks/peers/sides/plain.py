"""The floor: sentence-transformers and FAISS without a framework."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

from benchmarks.peers.model import DOCUMENT, NEAREST, OVERLAP, PAUSES, QUESTION, SIZE


class _Side:
    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=SIZE, chunk_overlap=OVERLAP, separators=list(PAUSES)
        )
        self._index: faiss.IndexFlatIP | None = None

    def ingest(self, papers: list[Path], folder: Path) -> None:
        texts = [
            text for path in papers for text in self._splitter.split_text(path.read_text(encoding="utf-8"))
        ]
        vectors = self._model.encode(texts, prompt=DOCUMENT, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.asarray(vectors, np.float32))
        folder.mkdir(parents=True)
        faiss.write_index(index, str(folder / "index.faiss"))
        self._index = index
        (folder / "texts.txt").write_text("\0".join(texts), encoding="utf-8")

    def ask(self, question: str) -> None:
        assert self._index is not None
        vector = self._model.encode([question], prompt=QUESTION, normalize_embeddings=True)
        self._index.search(np.asarray(vector, np.float32), NEAREST)


def opened(model: Path) -> _Side:
    return _Side(SentenceTransformer(str(model), device="cpu", local_files_only=True))
