"""LangChain with FAISS."""

from __future__ import annotations

from pathlib import Path

from langchain_community.document_loaders import TextLoader
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.peers.model import DOCUMENT, NEAREST, OVERLAP, PAUSES, QUESTION, SIZE


class _Side:
    def __init__(self, model: Path) -> None:
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(model),
            encode_kwargs={"normalize_embeddings": True, "prompt": DOCUMENT},
            query_encode_kwargs={"normalize_embeddings": True, "prompt": QUESTION},
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=SIZE, chunk_overlap=OVERLAP, separators=list(PAUSES)
        )
        self._store: FAISS | None = None

    def ingest(self, papers: list[Path], folder: Path) -> None:
        pieces = [
            piece
            for path in papers
            for piece in self._splitter.split_documents(TextLoader(str(path), encoding="utf-8").load())
        ]
        self._store = FAISS.from_documents(pieces, self._embeddings)
        self._store.save_local(str(folder))

    def ask(self, question: str) -> None:
        assert self._store is not None
        self._store.similarity_search(question, k=NEAREST)


def opened(model: Path) -> _Side:
    return _Side(model)
