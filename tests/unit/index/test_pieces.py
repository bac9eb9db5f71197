"""Papers cut and embedded for an engine."""

from __future__ import annotations

import numpy as np
from indexed import five

from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.build.manifest import Chunking
from index.build.pieces import PAPERS_AT_ONCE, embedded_papers
from index.model import Embedder, Vectors


def test_every_piece_has_its_own_vector(tiny_embedder: Embedder) -> None:
    papers = five()
    found = list(embedded_papers(((p, p.id) for p in papers), embedder=tiny_embedder, chunking=Chunking()))
    assert [one.document_id for one in found] == [paper.id for paper in papers]
    for paper, one in zip(papers, found, strict=True):
        assert list(one.chunks.pieces) == chunk_document(paper)
        assert list(one.sentences.pieces) == sentences_of(paper)
        for part in (one.chunks, one.sentences):
            expected = tiny_embedder.embed_documents([embedded_text(piece) for piece in part.pieces])
            assert np.array_equal(part.vectors, expected)
            assert len(set(part.hashes)) == len({embedded_text(piece) for piece in part.pieces})


def test_a_known_vector_is_taken(tiny_embedder: Embedder) -> None:
    paper = five()[0]
    plain = next(embedded_papers([(paper, "")], embedder=tiny_embedder, chunking=Chunking()))
    other: Vectors = -plain.chunks.vectors[0]
    known = {plain.chunks.hashes[0]: other}
    found = next(
        embedded_papers([(paper, "")], embedder=tiny_embedder, chunking=Chunking(), known=lambda _: known)
    )
    assert np.array_equal(found.chunks.vectors[0], other)
    assert np.array_equal(found.chunks.vectors[1:], plain.chunks.vectors[1:])


def test_more_papers_than_are_read_together_keep_their_order(tiny_embedder: Embedder) -> None:
    paper = five()[0]
    many = [(paper, str(number)) for number in range(PAPERS_AT_ONCE + 1)]
    found = embedded_papers(many, embedder=tiny_embedder, chunking=Chunking())
    assert [one.content_sha256 for one in found] == [content for _, content in many]
