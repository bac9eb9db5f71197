"""The vectors that earlier releases kept in the database serve the next index, once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from indexed import five
from sqlalchemy import inspect

from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.atomic_files import sha256
from index.build.builder import build
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.build.manifest import Chunking
from index.model import Embedder, Vectors


class _Few:
    """An embedder that must not embed more than `texts`."""

    def __init__(self, embedder: Embedder, texts: int) -> None:
        self._embedder, self._texts = embedder, texts
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        assert len(texts) <= self._texts
        return self._embedder.embed_documents(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


@pytest.mark.parametrize("damaged", [0, 3])
def test_an_upgrade_embeds_only_what_is_damaged(
    data_dir: Path, tiny_embedder: Embedder, damaged: int
) -> None:
    paper = five()[0]
    texts = sorted({embedded_text(one) for one in (*chunk_document(paper), *sentences_of(paper))})
    vectors = tiny_embedder.embed_documents(texts)
    vectors[:damaged] = np.array([[np.nan], [0.5], [0.0]])[:damaged]
    with Store(f"sqlite:///{data_dir / 'papers.sqlite'}") as store:
        store.add(paper)
        with store.database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE chunks (text TEXT)")
            connection.exec_driver_sql(
                "CREATE TABLE vectors (embedded_sha256 TEXT, fingerprint TEXT, data BLOB)"
            )
            for text, vector in zip(texts, vectors, strict=True):
                row = (sha256(text.encode()), tiny_embedder.fingerprint, vector.astype("<f4").tobytes())
                connection.exec_driver_sql("INSERT INTO vectors VALUES (?, ?, ?)", row)
        few = _Few(tiny_embedder, damaged)
        index = data_dir / "index"
        generation = build(store, index, embedder=few, chunking=Chunking(), calibration={})
        assert len(generation.rows) == len(chunk_document(paper))
        with store.database.reading() as connection:
            assert not {"chunks", "vectors"} & set(inspect(connection).get_table_names())
        (part,) = generation.rows.parts
        expected = tiny_embedder.embed_documents([embedded_text(one) for one in chunk_document(paper)])
        np.testing.assert_array_equal(part.segment.chunk_vectors, expected)
