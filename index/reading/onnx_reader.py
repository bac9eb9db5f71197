"""Judges pairs of a question and a sentence with the reader that `index.conversion` writes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Final

from index.embedding import bundled
from index.embedding.bundled import READER, SOURCE_SHA256, VOCABULARY, Precision
from index.embedding.onnx_graph import OnnxGraph
from index.embedding.unigram import UnigramTokenizer
from index.model import Verdict

READING: Final = 1  # increase it when the same weights get other verdicts for the same pair

# Tokens, as in the training of the reader: of a pair with its four marks, and of a question.
_LONGEST_PAIR = 176
_LONGEST_QUESTION = 100
_MARKS = 4
_REMEMBERED = 4096  # texts whose tokens are cached, some 2 kB each


class OnnxReader:
    """An `index.model.Reader` over an ONNX graph that returns four probabilities for a pair.

    Each sentence is a batch of its own on one thread, with `threads` sentences in parallel. The tokens of the
    last sentences are remembered: the best sentences of a corpus are the same for many questions.
    """

    def __init__(self, graph: Path, tokenizer: UnigramTokenizer, *, fingerprint: str, threads: int) -> None:
        self._graph = OnnxGraph(graph)
        self._tokenizer = tokenizer
        self._pieces = lru_cache(maxsize=_REMEMBERED)(tokenizer.pieces)
        self._fingerprint = fingerprint
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="read")

    @property
    def fingerprint(self) -> str:
        """Identifies encoder, adapter and precision."""
        return self._fingerprint

    def judge(self, question: str, sentences: Sequence[str]) -> list[Verdict]:
        """A verdict for each of `sentences`, in their order.

        The end of a sentence is not read where the pair has more than 176 tokens, and of a question no more
        than 100 are.
        """
        asked = self._pieces(question)[:_LONGEST_QUESTION]

        def verdict(sentence: str) -> Verdict:
            said = self._pieces(sentence)[: _LONGEST_PAIR - _MARKS - len(asked)]
            return Verdict(*self._graph.run(self._tokenizer.pair(asked, said)).tolist())

        if len(sentences) == 1:  # a thread would only be handed what this one waits for
            return [verdict(sentences[0])]
        return list(self._pool.map(verdict, sentences))


def open_reader(directory: Path, *, precision: Precision, threads: int) -> OnnxReader:
    """Opens the reader in the folder of the bundled model, which `bundled.is_complete` approves of."""
    weights = f"{SOURCE_SHA256[:12]}-{bundled.adapter_sha256()[:12]}"
    return OnnxReader(
        directory / READER,
        bundled.tokenizer_of(directory),
        fingerprint=f"multilingual-e5-small-reader-{precision}-{weights}-v{VOCABULARY}.{READING}",
        threads=threads,
    )
