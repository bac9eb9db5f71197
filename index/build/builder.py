"""Builds the search index of the stored papers: chunks, embeds what is new, writes a generation."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from pydantic import JsonValue

from corpus.errors import DamagedDocument
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.chunk_store import ChunkStore, Stored, embedded_text
from index.build.generation import Generation, chunks_hash, open_generation, write_generation
from index.build.manifest import FORMAT, SENTENCES, Chunking, Manifest, program_version
from index.build.starting_vectors import shipped
from index.errors import IndexDamaged, IndexFault, IndexMissing, IndexStale, IndexVersion
from index.model import Chunk, Embedder
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex

_log = logging.getLogger("zhengwen.index")
_BATCH = 256  # chunks; vectors are committed to the database after each batch of this size
_WAIT_S = 600.0  # longest wait for another process that is building


def build(
    store: Store,
    folder: Path,
    *,
    embedder: Embedder,
    chunking: Chunking,
    calibration: Mapping[str, JsonValue],
    rebuild: bool = False,
    progress: Progress | None = None,
    wait_s: float = _WAIT_S,
) -> Generation:
    """Brings the index in `folder` up to date with the store and opens it.

    Vectors of unchanged chunks are read from the store; `rebuild` computes all of them again. `calibration`
    is saved with a generation that is built; an up-to-date generation keeps its own. Of two processes that
    build at once the second waits and uses what the first has built; it raises IndexFault after `wait_s`
    seconds. Raises IndexFault when the folder is not writable.
    """
    with _locked(folder, wait_s):
        return _build(
            store,
            folder,
            ChunkStore(store.database),
            embedder,
            chunking=chunking,
            calibration=calibration,
            rebuild=rebuild,
            progress=progress,
        )


@contextmanager
def _locked(folder: Path, wait_s: float) -> Iterator[None]:
    """Makes the folder and keeps other processes from building in it. Raises IndexFault."""
    lock = FileLock(folder / "lock", timeout=wait_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IndexFault(
            f"another process has been building the index in {str(folder)!r} for {wait_s:.0f} s. "
            "Try again later"
        ) from None
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(folder: Path, error: OSError) -> IndexFault:
    return IndexFault(
        f"the index cannot be written to {str(folder)!r}: {error.strerror or error}. "
        "Free space, correct the permissions, or set another ZHENGWEN_DATA_DIR"
    )


def _build(
    store: Store,
    folder: Path,
    chunk_store: ChunkStore,
    embedder: Embedder,
    *,
    chunking: Chunking,
    calibration: Mapping[str, JsonValue],
    rebuild: bool,
    progress: Progress | None,
) -> Generation:
    fingerprint, corpus_hash = embedder.fingerprint, store.corpus_hash()

    def opened() -> Generation:
        return open_generation(
            folder, chunk_store, fingerprint=fingerprint, corpus_hash=corpus_hash, chunking=chunking
        )

    afresh = rebuild  # whether no stored chunk is used
    if rebuild:
        chunk_store.forget_vectors(fingerprint)
    else:
        try:
            return opened()
        except (IndexStale, IndexVersion):
            pass  # building again cures each of them
        except (IndexMissing, IndexDamaged):
            afresh = True  # nothing vouches for the chunks that are stored
    _chunk(store, chunk_store, chunking, afresh=afresh, progress=progress)
    stored, sentences = chunk_store.chunks(chunking.key), chunk_store.chunks(SENTENCES)
    if not rebuild:
        _take_shipped(chunk_store, [*stored, *sentences], fingerprint)
    _embed(chunk_store, [*stored, *sentences], embedder, progress)
    manifest = _manifest(
        store,
        embedder,
        stored,
        sentences,
        corpus_hash=corpus_hash,
        chunking=chunking,
        calibration=calibration,
    )
    dense, near = (_vectors(chunk_store, some, embedder) for some in (stored, sentences))
    lexical = LexicalIndex.build([item.chunk for item in stored])
    try:
        write_generation(folder, manifest, dense=dense, sentences=near, lexical=lexical)
    except OSError as error:
        raise _unwritable(folder, error) from error
    chunk_store.prune(chunking.key, SENTENCES)
    return opened()


def _manifest(
    store: Store,
    embedder: Embedder,
    stored: Sequence[Stored[Chunk]],
    sentences: Sequence[Stored[Chunk]],
    *,
    corpus_hash: str,
    chunking: Chunking,
    calibration: Mapping[str, JsonValue],
) -> Manifest:
    """What the generation is built from; `write_generation` adds the digests of its files."""
    return Manifest(
        format=FORMAT,
        program=program_version(),
        fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunking=chunking.key,
        corpus_hash=corpus_hash,
        documents=len(store.in_use()),
        chunks=len(stored),
        chunks_hash=chunks_hash(stored),
        sentences=len(sentences),
        sentences_hash=chunks_hash(sentences),
        calibration=dict(calibration),
        files={},
    )


def _vectors(chunk_store: ChunkStore, stored: Sequence[Stored[Chunk]], embedder: Embedder) -> DenseIndex:
    hashes = [item.embedded_sha256 for item in stored]
    return DenseIndex.build(chunk_store.vectors(embedder.fingerprint, hashes, embedder.dimension))


def _chunk(
    store: Store, chunk_store: ChunkStore, chunking: Chunking, *, afresh: bool, progress: Progress | None
) -> None:
    """Chunks the papers that have no chunks yet, or all papers.

    A damaged paper keeps the chunks it has, or gets none: the others must not wait for its repair.
    """
    # Imported here because langchain takes 0.3 s, which a start with a finished index does not need.
    from index.build.chunks import chunk_document, sentences_of

    papers = chunk_store.papers()
    if not afresh:
        papers = chunk_store.unchunked(chunking.key) | chunk_store.unchunked(SENTENCES)
    for done, (document_id, content) in enumerate(papers.items(), start=1):
        try:
            document = store.document(document_id)
        except DamagedDocument as error:
            _log.error("%s is not indexed: %s", document_id, error)
        else:
            chunks = chunk_document(document, size=chunking.size, overlap=chunking.overlap)
            chunk_store.put_chunks(document_id, content, chunking.key, chunks)
            chunk_store.put_chunks(document_id, content, SENTENCES, sentences_of(document))
        if progress is not None:
            progress(done, len(papers), "chunking")


def _take_shipped(chunk_store: ChunkStore, stored: Sequence[Stored[Chunk]], fingerprint: str) -> None:
    """Stores the shipped vectors of chunks that have no vectors in the store yet."""
    known = chunk_store.embedded(fingerprint)
    needed = {item.embedded_sha256 for item in stored} - known
    if needed:
        found = {digest: row for digest, row in shipped(fingerprint).items() if digest in needed}
        chunk_store.put_vectors(fingerprint, list(found), np.array(list(found.values())))


def _embed(
    chunk_store: ChunkStore, stored: Sequence[Stored[Chunk]], embedder: Embedder, progress: Progress | None
) -> None:
    """Embeds the chunks whose vectors are not in the store."""
    known = chunk_store.embedded(embedder.fingerprint)
    texts = {c.embedded_sha256: embedded_text(c.chunk) for c in stored if c.embedded_sha256 not in known}
    # Texts of similar length together, because a batch is padded to its longest.
    hashes = sorted(texts, key=lambda embedded: len(texts[embedded]))
    for start in range(0, len(hashes), _BATCH):
        batch = hashes[start : start + _BATCH]
        vectors = embedder.embed_documents(
            [texts[embedded] for embedded in batch], _shifted(progress, start, len(hashes))
        )
        chunk_store.put_vectors(embedder.fingerprint, batch, vectors)


def _shifted(progress: Progress | None, start: int, total: int) -> Progress | None:
    """Reports the progress of one batch as progress of the whole."""
    if progress is None:
        return None
    report = progress
    return lambda done, _, what: report(start + done, total, what)
