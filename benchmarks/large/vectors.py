"""Vectors of recombined papers without a model: of a clause the mean of those of its sentences."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from benchmarks.large.articles import Articles
from corpus.progress import Progress
from index.model import Embedder, Vectors

_LABEL = re.compile(r"第[^条]{1,9}条[\s　]*")


class MeanEmbedder:
    """An `Embedder` for recombined papers. Questions are embedded by `model`, which also made the vectors.

    Titles, numbers and signatures have the vector of the title of a law, always the same one; a sentence that
    is not of the set is embedded by the model, once.
    """

    def __init__(self, articles: Articles, model: Embedder) -> None:
        self._articles, self._model = articles, model
        self._others: dict[str, Vectors] = {}  # of texts that are not of the set
        self._digest = articles.digest  # of all texts, so computed once
        self._rows = {one.text: row for row, one in enumerate(articles.sentences)}

    @property
    def fingerprint(self) -> str:
        return f"{self._model.fingerprint}-recombined-{self._digest}"

    @property
    def dimension(self) -> int:
        return self._model.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        found = [self._vector(text) for text in texts]
        return np.stack(found) if found else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, text: str) -> Vectors:
        return self._model.embed_query(text)

    def _vector(self, embedded: str) -> Vectors:
        """The vector of the text behind the line of its context, see `embedded_text`."""
        text = embedded.partition("\n")[2]
        rows = [self._rows[one] for one in sentences_in(text) if one in self._rows]
        if not rows and "。" in text:
            return self._embedded(text, embedded)
        if not rows:
            some = zlib.crc32(text.encode()) % len(self._articles.titles)
            return np.asarray(self._articles.title_vectors[some], np.float32)
        if len(rows) == 1:
            return np.asarray(self._articles.vectors[rows[0]], np.float32)
        mean = np.asarray(self._articles.vectors[rows].mean(axis=0), np.float32)
        return mean / np.float32(np.linalg.norm(mean))

    def _embedded(self, text: str, embedded: str) -> Vectors:
        if text not in self._others:
            self._others[text] = self._model.embed_documents([embedded])[0]
        return self._others[text]


def sentences_in(text: str) -> list[str]:
    """The sentences of a recombined article, without its label. None of them has a full stop within."""
    label = _LABEL.match(text)
    body = text[label.end() :] if label else text
    return [f"{one}。" for one in body.split("。") if one]
