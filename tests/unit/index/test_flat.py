"""The engine over FAISS and BM25 passes the contract tests of a searcher."""

from __future__ import annotations

from collections.abc import Sequence

from searcher import SearcherContract

from index.model import Chunk, Fusion, Searcher, Vectors
from index.search.dense import DenseIndex
from index.search.flat import FlatSearcher
from index.search.lexical import LexicalIndex
from index.search.sentences import SentenceIndex


class TestFlatSearcher(SearcherContract):
    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        return FlatSearcher(
            chunks,
            dense=DenseIndex.build(vectors),
            lexical=LexicalIndex.build(chunks),
            sentences=SentenceIndex(sentences, DenseIndex.build(near), chunks=chunks),
            fusion=Fusion(),
        )
