"""LlamaIndex with its FAISS store."""

from __future__ import annotations

from pathlib import Path

import faiss
from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

from benchmarks.peers.model import DOCUMENT, NEAREST, OVERLAP, QUESTION, SIZE


class _Side:
    def __init__(self, model: Path) -> None:
        self._embedding = HuggingFaceEmbedding(
            model_name=str(model), query_instruction=QUESTION, text_instruction=DOCUMENT, device="cpu"
        )
        self._splitter = SentenceSplitter(
            chunk_size=SIZE,
            chunk_overlap=OVERLAP,
            tokenizer=list,  # the sizes are in characters
            secondary_chunking_regex="[^，。；\n]+[，。；\n]?",
        )
        self._index: VectorStoreIndex | None = None

    def ingest(self, papers: list[Path], folder: Path) -> None:
        documents = SimpleDirectoryReader(input_files=papers, encoding="utf-8").load_data()
        for document in documents:  # the model reads the text alone, as in the others
            document.excluded_embed_metadata_keys = list(document.metadata)
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(384))
        self._index = VectorStoreIndex.from_documents(
            documents,
            storage_context=StorageContext.from_defaults(vector_store=store),
            transformations=[self._splitter],
            embed_model=self._embedding,
        )
        self._index.storage_context.persist(str(folder))

    def ask(self, question: str) -> None:
        assert self._index is not None
        self._index.as_retriever(similarity_top_k=NEAREST).retrieve(question)


def opened(model: Path) -> _Side:
    return _Side(model)
