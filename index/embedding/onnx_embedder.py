"""Sentence vectors from an ONNX encoder: onnxruntime, then the mean over tokens, normalised to length 1.

sentence-transformers computes the same from the same graph, but needs torch, which takes seconds to import
and 300 MB of memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from corpus.progress import Progress
from index.embedding.batches import batches_by_length
from index.embedding.onnx_graph import OnnxGraph
from index.embedding.unigram import UnigramTokenizer
from index.model import Vectors

_TEXTS_AT_ONCE = 16  # texts between two calls of progress; enough to keep all threads busy
_SHORTEST = 1e-12  # shorter vectors are not normalised


class OnnxEmbedder:
    """An `index.model.Embedder` over an ONNX graph that returns a vector for each token.

    Each text is a batch of its own on one thread, with `threads` texts in parallel.
    """

    def __init__(
        self,
        graph: Path,
        tokenizer: UnigramTokenizer,
        *,
        fingerprint: str,
        query_prompt: str,
        document_prompt: str,
        threads: int,
    ) -> None:
        self._fingerprint = fingerprint
        self._query_prompt, self._document_prompt = query_prompt, document_prompt
        self._tokenizer = tokenizer
        self._graph = OnnxGraph(graph)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed")

    @property
    def fingerprint(self) -> str:
        """Identifies model, weights and precision."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return self._graph.width

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), float32, rows normalised, in the order of `texts`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Texts of similar length run together, so that no thread waits long for another.
        for batch in batches_by_length(texts, size=_TEXTS_AT_ONCE, progress=progress):
            vectors[batch] = list(
                self._pool.map(self._vector, [self._document_prompt + texts[i] for i in batch])
            )
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        return self._vector(self._query_prompt + text)

    def _vector(self, text: str) -> Vectors:
        """The vector of one text, which includes its prompt."""
        tokens = self._graph.run(self._tokenizer.ids(text))
        mean = tokens.mean(axis=0, dtype=np.float64)
        vector: Vectors = (mean / max(float(np.linalg.norm(mean)), _SHORTEST)).astype(np.float32)
        return vector
