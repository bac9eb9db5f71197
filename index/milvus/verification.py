"""Checks what is in Milvus against the papers and against what the ledger says of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from corpus.errors import CorpusError
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.engine import Behind
from index.build.manifest import Manifest
from index.errors import IndexFault
from index.milvus import collections
from index.milvus.building import check_counts
from index.milvus.ledger import Ledger, Listed, Set, State
from index.milvus.rows import chunk_id, paper_key, sentence_id
from index.milvus.server import Row, Server
from index.segments.vectors import are_unit

_FIELDS = ("start", "end", "vector")


def verify_index(
    store: Store, server: Server, ledger: Ledger, one: Set, manifest: Manifest, *, progress: Progress | None
) -> Iterator[Fault | Behind]:
    """Yields what is wrong with the set in use. Needs no model."""
    in_use, papers = store.in_use(), ledger.papers(one)
    if manifest.corpus_hash != store.corpus_hash():
        whole = {(p.document_id, p.content_sha256) for p in papers if p.state is State.WRITTEN}
        yield Behind(tuple(paper for paper, content in in_use.items() if (paper, content) not in whole))
        return
    try:
        if not collections.are_there(server, one):
            yield Fault(
                "", "index", f"the collections {one.chunks} and {one.sentences} are missing in Milvus"
            )
            return
        for done, paper in enumerate(papers, start=1):
            yield from _paper(store, server, one, paper)
            if progress is not None:
                progress(done, len(papers), "checking the index")
        check_counts(server, one, chunks=manifest.chunks, sentences=manifest.sentences)
    except IndexFault as error:
        yield Fault("", "index", str(error))


def _paper(store: Store, server: Server, one: Set, paper: Listed) -> Iterator[Fault]:
    """Yields faults of the rows of one paper."""
    key = paper_key(paper.document_id, paper.content_sha256)
    ids = [chunk_id(key, position) for position in range(paper.chunks)]
    chunks = list(server.get(one.chunks, ids, (*_FIELDS, "clause", "sentences")))
    # A chunk without sentences has one row among them.
    below = [sentence_id(row["id"], n) for row in chunks for n in range(max(row["sentences"], 1))]
    sentences = list(server.get(one.sentences, below, _FIELDS))
    if (len(chunks), len(sentences)) != (paper.chunks, paper.sentences):
        yield Fault(
            paper.document_id,
            "index",
            f"of its {paper.chunks} chunks and {paper.sentences} sentences, Milvus has {len(chunks)} and "
            f"{len(sentences)}",
        )
    vectors = np.array([row["vector"] for row in [*chunks, *sentences]], dtype=np.float32)
    if len(vectors) and not are_unit(vectors).all():
        yield Fault(paper.document_id, "vector", "a vector in Milvus is not one of length 1")
    try:
        read = store.read([(paper.document_id, paper.content_sha256)])
    except CorpusError as error:
        yield Fault(paper.document_id, "text", str(error))
        return
    for document in read:
        yield from _places(document, chunks)


def _places(document: Document, chunks: list[Row]) -> Iterator[Fault]:
    clauses = {clause.key: clause for clause in document.clauses}
    for row in chunks:
        clause = clauses.get(row["clause"])
        if clause is None or not clause.start <= row["start"] < row["end"] <= clause.end:
            yield Fault(document.id, "chunk", f"the chunk {row['id']} in Milvus is of no clause")
