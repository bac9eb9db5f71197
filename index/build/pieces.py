"""Papers cut and embedded: chunks and sentences with their vectors, for every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from corpus.model import Document
from corpus.progress import Progress
from index.build.atomic_files import sha256
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.build.manifest import Chunking
from index.model import Chunk, Embedded, EmbeddedPaper, Embedder, Vectors

__all__ = ["PAPERS_AT_ONCE", "Embedded", "EmbeddedPaper", "KnownVectors", "embedded_papers"]
PAPERS_AT_ONCE = 32  # whose texts are embedded together, sorted by length: fewer are padded more

# The vectors that are known already, by the SHA-256 of the embedded text.
KnownVectors = Callable[[Sequence[str]], Mapping[str, Vectors]]


def embedded_papers(
    papers: Iterable[tuple[Document, str]],
    *,
    embedder: Embedder,
    chunking: Chunking,
    known: KnownVectors = lambda _: {},
    progress: Progress | None = None,
) -> Iterator[EmbeddedPaper]:
    """Yields the papers, each given with its content hash, cut and embedded, in their order.

    Only texts without a known vector are embedded, each once among the papers that are read together.
    `progress` is told of the texts of these papers.
    """
    rest = iter(papers)
    while some := list(islice(rest, PAPERS_AT_ONCE)):
        cut = [
            (
                document.id,
                content,
                chunk_document(document, size=chunking.size, overlap=chunking.overlap),
                sentences_of(document),
            )
            for document, content in some
        ]
        texts = {
            sha256(text.encode()): text
            for *_, chunks, sentences in cut
            for text in map(embedded_text, [*chunks, *sentences])
        }
        vectors = dict(known(list(texts)))
        absent = [digest for digest in texts if digest not in vectors]
        if absent:
            made = embedder.embed_documents([texts[digest] for digest in absent], progress)
            vectors |= dict(zip(absent, made, strict=True))
        for document_id, content, chunks, sentences in cut:
            yield EmbeddedPaper(
                document_id,
                content,
                _embedded(chunks, vectors, embedder.dimension),
                _embedded(sentences, vectors, embedder.dimension),
            )


def _embedded(pieces: Sequence[Chunk], vectors: Mapping[str, Vectors], dimension: int) -> Embedded:
    hashes = tuple(sha256(embedded_text(piece).encode()) for piece in pieces)
    rows = np.array([vectors[digest] for digest in hashes], dtype=np.float32)
    return Embedded(tuple(pieces), hashes, rows.reshape(len(pieces), dimension))
