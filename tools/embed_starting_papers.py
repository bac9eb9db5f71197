"""Writes index/data/starting_vectors.npz, the vectors of the papers that come with the program.

    python tools/embed_starting_papers.py

Run it whenever a starting paper, the chunking or the bundled model changes;
tests/unit/index/test_starting_vectors.py fails until then.
"""

from __future__ import annotations

from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from index.build import starting_vectors
from index.build.atomic_files import sha256
from index.build.chunks import chunk_document, embedded_text, sentences_of
from rag.assemble import open_embedder
from rag.settings import load_settings


def texts() -> dict[str, str]:
    """Returns the embedded texts of the starting papers, by SHA-256."""
    papers = [
        parse(load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id)
        for paper in starting_papers()
    ]
    chunks = [chunk for paper in papers for chunk in (*chunk_document(paper), *sentences_of(paper))]
    return {sha256(text.encode()): text for text in map(embedded_text, chunks)}


def main() -> None:
    embedder = open_embedder(load_settings())
    found = texts()
    vectors = embedder.embed_documents(list(found.values()))
    starting_vectors.write(embedder.fingerprint, dict(zip(found, vectors, strict=True)))
    print(f"{len(found)} vectors of {embedder.fingerprint} in {starting_vectors.FILE}")


if __name__ == "__main__":
    main()
