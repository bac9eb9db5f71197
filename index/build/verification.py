"""Checks the index: files against the manifest, stored papers against the index in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.errors import CorpusError
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build import generation as generations
from index.build.atomic_files import sha256
from index.build.chunk_store import ChunkStore, Stored, are_unit, embedded_text
from index.build.engine import Behind
from index.build.manifest import SENTENCES, Manifest
from index.errors import IndexDamaged, IndexFault, IndexMissing
from index.model import Chunk, Vectors
from index.search.dense import DenseIndex


def verify_index(store: Store, folder: Path, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
    """Yields what is wrong with the index in `folder` and with the chunks and vectors that it is made from.

    Needs no model: the manifest names the one it was built with.
    """
    try:
        number, manifest = generations.read_manifest(folder)
    except IndexMissing:
        if papers := store.in_use():
            yield Behind(tuple(papers))
        return
    except IndexFault as error:
        yield Fault("", "index", str(error))
        return
    path = folder / "generations" / number
    yield from _files(path, manifest)
    yield from _earlier(folder, number)
    chunk_store = ChunkStore(store.database)
    if manifest.corpus_hash != store.corpus_hash():
        stored, indexed = store.in_use(), chunk_store.papers()
        yield Behind(tuple(sorted(i for i in {*stored, *indexed} if stored.get(i) != indexed.get(i))))
        return
    yield from _against_papers(store, chunk_store, manifest, path, progress)


def _files(path: Path, manifest: Manifest) -> Iterator[Fault]:
    for name, digest in manifest.files.items():
        try:
            found = sha256((path / name).read_bytes())
        except OSError as error:
            yield Fault("", "index", f"{str(path / name)!r} cannot be read: {error.strerror}")
        else:
            if found != digest:
                yield Fault("", "index", f"{str(path / name)!r} is truncated or altered")


def _earlier(folder: Path, number: str) -> Iterator[Fault]:
    """Yields faults of the other generations, which are kept for processes that still open them."""
    for path in sorted((folder / "generations").glob("[0-9]*")):
        if path.name == number or path.suffix:
            continue
        try:
            manifest = Manifest.model_validate_json((path / "manifest.json").read_bytes())
        except (OSError, ValueError):
            yield Fault("", "index", f"{str(path / 'manifest.json')!r}, which is not in use, is damaged")
        else:
            yield from _files(path, manifest)


def _against_papers(
    store: Store, chunk_store: ChunkStore, manifest: Manifest, path: Path, progress: Progress | None
) -> Iterator[Fault]:
    """Yields chunks and vectors that do not fit the papers, paper by paper, and then the index as a whole."""
    kinds = [
        _Kind(manifest.chunking, manifest.chunks, manifest.chunks_hash, path / generations.VECTOR_FILES[0]),
        _Kind(SENTENCES, manifest.sentences, manifest.sentences_hash, path / generations.VECTOR_FILES[1]),
    ]
    indexes: list[DenseIndex | None] = []
    for kind in kinds:
        rows = chunk_store.places(kind.chunking)
        if len(rows) != kind.count or generations.chunks_hash(rows) != kind.digest:
            yield Fault("", "index", f"it was built from other {kind.name} than those in the database")
        # With another number of rows, no row of the index belongs to the chunk of that number.
        indexes.append(_dense(kind.file) if len(rows) == kind.count else None)
    papers, first = chunk_store.papers(), [0, 0]
    for done, (document_id, content) in enumerate(papers.items(), start=1):
        try:
            found = store.read([(document_id, content)])
        except CorpusError as error:
            found = []
            yield Fault(document_id, "text", str(error))
        for i, (kind, index) in enumerate(zip(kinds, indexes, strict=True)):
            stored = chunk_store.of_paper(document_id, content, kind.chunking)
            for document in found:
                yield from _chunks(document, stored, covers=kind.chunking != SENTENCES)
            yield from _vectors(chunk_store, manifest, document_id, stored, index, first=first[i])
            first[i] += len(stored)
        if progress is not None:
            progress(done, len(papers), "checking the index")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Chunks or sentences: what the manifest says of them, and the file of their vectors."""

    chunking: str
    count: int
    digest: str
    file: Path

    @property
    def name(self) -> str:
        return "sentences" if self.chunking == SENTENCES else "chunks"


def _chunks(document: Document, stored: Sequence[Stored[Chunk]], *, covers: bool) -> Iterator[Fault]:
    """Yields chunks that are not slices of a clause, and clauses without chunks where chunks cover them."""
    clauses = {clause.key: clause for clause in document.clauses}
    covered: dict[str, list[tuple[int, int]]] = {}
    for position, one in enumerate(stored):
        chunk, clause = one.chunk, clauses.get(one.chunk.clause_key)
        if clause is None or not clause.start <= chunk.start < chunk.end <= clause.end:
            yield Fault(document.id, "chunk", f"chunk {position} is of no clause")
        elif chunk.text != document.text[chunk.start : chunk.end]:
            yield Fault(document.id, "chunk", f"chunk {position} is not in the words of its clause")
        elif sha256(embedded_text(chunk).encode()) != one.embedded_sha256:
            yield Fault(document.id, "chunk", f"chunk {position} differs from its checksum")
        else:
            covered.setdefault(chunk.clause_key, []).append((chunk.start, chunk.end))
    for clause in document.clauses if covers else ():
        pieces = sorted(covered.get(clause.key, []))
        edges = [(clause.start, clause.start), *pieces, (clause.end, clause.end)]
        # A gap between chunks is white space alone.
        if any(document.text[end:start].strip() for (_, end), (start, _) in pairwise(edges)):
            yield Fault(document.id, "chunk", f"clause {clause.id!r} is not wholly in the index")


def _vectors(
    chunk_store: ChunkStore,
    manifest: Manifest,
    document_id: str,
    stored: Sequence[Stored[Chunk]],
    index: DenseIndex | None,
    *,
    first: int,
) -> Iterator[Fault]:
    """Yields vectors that are absent, malformed, or other than those of the index from row `first` on."""
    hashes = [one.embedded_sha256 for one in stored]
    found = chunk_store.vectors_of(manifest.fingerprint, hashes)
    if absent := len({one for one in hashes if one not in found}):
        yield Fault(document_id, "vector", f"{absent} vectors are missing in the database")
        return
    vectors = [found[one] for one in hashes]
    if any(len(vector) != manifest.dimension for vector in vectors):
        yield Fault(document_id, "vector", f"a vector has not {manifest.dimension} components")
        return
    rows: Vectors = np.array(vectors, dtype=np.float32).reshape(len(vectors), manifest.dimension)
    if not are_unit(rows).all():
        yield Fault(document_id, "vector", "a vector in the database is not one of length 1")
    # Bytes, as 0.0 equals -0.0.
    elif index is not None and rows.tobytes() != index.rows(first, first + len(rows)).tobytes():
        yield Fault(document_id, "vector", "vectors in the database differ from those of the index")


def _dense(path: Path) -> DenseIndex | None:
    """The vectors of the index; None where the file cannot be read, which its digest has told."""
    try:
        return DenseIndex.from_bytes(path.read_bytes())
    except (OSError, RuntimeError, IndexDamaged):
        return None
