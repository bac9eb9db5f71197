"""Sentence vectors from an ONNX encoder: onnxruntime, then the mean over tokens, normalised to length 1.

sentence-transformers computes the same from the same graph, but needs torch, which takes seconds to import
and 300 MB of memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from corpus.progress import Progress
from index.embedding.batches import batches_by_length, of_one_length
from index.embedding.onnx_graph import OnnxGraph
from index.embedding.unigram import UnigramTokenizer
from index.model import Vectors

_TEXTS_AT_ONCE = 64  # texts between two calls of progress; of so many, some have the same length
# Of short texts that are run together, because each step of a run has a cost of its own. With more tokens the
# numbers of a step no longer fit the cache of a core.
_TOKENS_AT_ONCE = 160
_SHORTEST = 1e-12  # shorter vectors are not normalised


class OnnxEmbedder:
    """An `index.model.Embedder` over an ONNX graph that returns a vector for each token.

    Short texts of one length in tokens are run together, so that nothing is padded; `threads` runs in
    parallel. The vector of a text does not depend on the others.
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
        running: list[tuple[list[int], Future[list[Vectors]]]] = []
        for block in batches_by_length(texts, size=_TEXTS_AT_ONCE, progress=progress):
            # The tokens of a block are looked up while the runs of the one before go on.
            started = self._start([texts[place] for place in block], block)
            _take(running, vectors)
            running = started
        _take(running, vectors)
        return vectors

    def _start(
        self, texts: Sequence[str], places: Sequence[int]
    ) -> list[tuple[list[int], Future[list[Vectors]]]]:
        """Starts the runs of `texts`; returns for each run the places of its texts."""
        rows = [self._tokenizer.ids(self._document_prompt + text) for text in texts]
        return [
            ([places[row] for row in group], self._pool.submit(self._vectors, [rows[row] for row in group]))
            for group in of_one_length(rows, tokens=_TOKENS_AT_ONCE)
        ]

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        (vector,) = self._vectors([self._tokenizer.ids(self._query_prompt + text)])
        return vector

    def _vectors(self, rows: Sequence[Sequence[int]]) -> list[Vectors]:
        """The vectors of texts with the same number of tokens."""
        return [_pooled(tokens) for tokens in self._graph.run_all(rows)]


def _pooled(tokens: Vectors) -> Vectors:
    """The mean over the tokens of a text, with length 1."""
    mean = tokens.mean(axis=0, dtype=np.float64)
    vector: Vectors = (mean / max(float(np.linalg.norm(mean)), _SHORTEST)).astype(np.float32)
    return vector


def _take(running: Sequence[tuple[list[int], Future[list[Vectors]]]], vectors: Vectors) -> None:
    """Waits for the runs and puts what they return into the rows of `vectors`."""
    for places, run in running:
        vectors[places] = run.result()
