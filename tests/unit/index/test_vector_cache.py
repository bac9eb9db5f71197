"""Vectors that were computed ahead are the model's, and are not computed twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.progress import Progress
from index.build.atomic_files import sha256
from index.build.vector_cache import AheadEmbedder, VectorCache
from index.model import Embedder, Vectors

_TEXTS = ["一次性奖补", "有效期5年", "自印发之日起施行", ""]


class Counting:
    """A model that notes which texts it has embedded."""

    def __init__(self, model: Embedder) -> None:
        self._model, self.embedded = model, list[str]()
        self.fingerprint, self.dimension = model.fingerprint, model.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        return self._model.embed_documents(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        return self._model.embed_query(text)


@pytest.fixture
def counting(tiny_embedder: Embedder) -> Counting:
    return Counting(tiny_embedder)


def _cache(folder: Path, model: Embedder) -> VectorCache:
    return VectorCache(folder, fingerprint=model.fingerprint, dimension=model.dimension)


def _put(cache: VectorCache, model: Embedder, texts: Sequence[str]) -> None:
    hashes = [sha256(text.encode()) for text in texts]
    cache.put(dict(zip(hashes, model.embed_documents(texts), strict=True)))


def test_only_texts_without_a_vector_are_embedded(
    tmp_path: Path, tiny_embedder: Embedder, counting: Counting
) -> None:
    cache = _cache(tmp_path, tiny_embedder)
    _put(cache, tiny_embedder, _TEXTS[:2])
    _put(cache, tiny_embedder, _TEXTS[1:3])  # one of them twice
    asked = [*_TEXTS, _TEXTS[0]]
    vectors = AheadEmbedder(counting, cache.opened()).embed_documents(asked)
    assert counting.embedded == _TEXTS[3:]
    np.testing.assert_array_equal(vectors, tiny_embedder.embed_documents(asked))


def test_an_empty_folder_knows_nothing(tmp_path: Path, counting: Counting) -> None:
    known = _cache(tmp_path / "absent", counting).opened()
    assert len(known) == 0
    assert AheadEmbedder(counting, known).embed_documents(_TEXTS).shape == (4, counting.dimension)
    assert counting.embedded == _TEXTS


def test_vectors_of_another_model_are_not_used(tmp_path: Path, tiny_embedder: Embedder) -> None:
    _put(_cache(tmp_path, tiny_embedder), tiny_embedder, _TEXTS)
    other = VectorCache(tmp_path, fingerprint="another", dimension=tiny_embedder.dimension)
    assert len(other.opened()) == 0


@pytest.mark.parametrize("kept", [0, 40, 700])
def test_a_shard_that_is_cut_off_is_left_out(tmp_path: Path, counting: Counting, kept: int) -> None:
    cache = _cache(tmp_path, counting)
    _put(cache, counting, _TEXTS)
    (shard,) = tmp_path.rglob("*.npy")
    shard.write_bytes(shard.read_bytes()[:kept])
    assert len(cache.opened()) == 0


def test_a_vector_that_has_not_the_length_1_is_computed_again(tmp_path: Path, counting: Counting) -> None:
    cache = _cache(tmp_path, counting)
    damaged = np.zeros(counting.dimension, np.float32)
    cache.put({sha256(_TEXTS[0].encode()): damaged})
    AheadEmbedder(counting, cache.opened()).embed_documents(_TEXTS[:1])
    assert counting.embedded == _TEXTS[:1]


def test_only_what_was_there_is_forgotten(tmp_path: Path, tiny_embedder: Embedder) -> None:
    cache = _cache(tmp_path, tiny_embedder)
    _put(cache, tiny_embedder, _TEXTS[:2])
    known = cache.opened()
    _put(cache, tiny_embedder, _TEXTS[2:])
    known.forget()
    assert set(cache.opened().find([sha256(text.encode()) for text in _TEXTS])) == {
        sha256(text.encode()) for text in _TEXTS[2:]
    }
    cache.opened().forget()
    assert not list(tmp_path.rglob("*"))
