"""Search over given chunks and vectors, in segments in memory."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from index.build.chunks import embedded_text
from index.build.writing.fresh import segment_of
from index.model import Chunk, Embedded, EmbeddedPaper, Embedder, Fusion, Vectors
from index.search.live import LiveRows
from index.search.segmented import SegmentSearcher
from index.search.words import Words


def embedded(
    chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors, *, version: str = ""
) -> list[EmbeddedPaper]:
    """The papers of the chunks, in their order."""
    return [
        EmbeddedPaper(one, version, _of(one, chunks, vectors), _of(one, sentences, near))
        for one in dict.fromkeys(chunk.document_id for chunk in chunks)
    ]


def _of(document_id: str, pieces: Sequence[Chunk], vectors: Vectors) -> Embedded:
    rows = [row for row, piece in enumerate(pieces) if piece.document_id == document_id]
    some = tuple(pieces[row] for row in rows)
    hashes = tuple(sha256(embedded_text(piece).encode()).hexdigest() for piece in some)
    return Embedded(some, hashes, vectors[np.array(rows, dtype=np.int64)])


def searcher_over(
    papers: Sequence[EmbeddedPaper], *, dimension: int, fusion: Fusion | None = None
) -> tuple[SegmentSearcher, Words]:
    """An engine over the papers, and its statistics of terms."""
    segment = segment_of(papers, dimension=dimension)
    rows = LiveRows([segment], [range(len(papers))])
    words = Words(rows)
    return SegmentSearcher(rows, words, fusion=fusion or Fusion()), words


def searcher_of(
    chunks: Sequence[Chunk], sentences: Sequence[Chunk], embedder: Embedder, *, fusion: Fusion | None = None
) -> tuple[SegmentSearcher, Words]:
    """The same over chunks and sentences that are embedded here."""
    vectors, near = (
        embedder.embed_documents([embedded_text(piece) for piece in some]) for some in (chunks, sentences)
    )
    papers = embedded(chunks, vectors, sentences, near)
    return searcher_over(papers, dimension=embedder.dimension, fusion=fusion)
