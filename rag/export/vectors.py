"""Rows of chunk and sentence vectors. Those that the index has are not computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.store.papers import Store
from index.build.pieces import Embedded, embedded_papers
from index.model import Embedder
from rag.assemble import chunking_of, known_vectors
from rag.export.paper_rows import ExportedPaper, Row
from rag.settings import Settings


class VectorRows:
    """Cuts papers as the index does, and finds or computes the vectors of the pieces."""

    def __init__(self, settings: Settings, store: Store, model: Embedder) -> None:
        self._model, self._chunking = model, chunking_of(settings)
        self._known = known_vectors(settings, store, model)

    @property
    def fingerprint(self) -> str:
        """Identifies the model."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return self._model.dimension

    def of(self, papers: Sequence[ExportedPaper]) -> Iterator[tuple[Iterator[Row], Iterator[Row]]]:
        """Yields the rows of chunks and of sentences of each paper."""
        given = ((one.document, one.head.content_sha256) for one in papers)
        for paper in embedded_papers(given, embedder=self._model, chunking=self._chunking, known=self._known):
            yield _rows(paper.chunks), _rows(paper.sentences)


def _rows(embedded: Embedded) -> Iterator[Row]:
    for piece, digest, vector in zip(embedded.pieces, embedded.hashes, embedded.vectors, strict=True):
        yield {
            "document_id": piece.document_id,
            "clause_id": piece.clause_key.removeprefix(f"{piece.document_id}#"),
            "start": piece.start,
            "end": piece.end,
            "text_sha256": digest,
            "vector": vector,
        }
