"""Checks the index: files against the manifest, stored papers against the index in both directions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from corpus.errors import CorpusError
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build import generation as generations
from index.build.atomic_files import sha256
from index.build.engine import Behind
from index.build.manifest import FORMAT, Chunking, GenerationManifest
from index.errors import IndexBehind, IndexDamaged, IndexFault, IndexMissing
from index.model import Chunk, ChunkPlace
from index.segments.files import altered, open_segment
from index.segments.segment import Segment
from index.segments.vectors import are_unit

_AT_ONCE = 4096  # vectors


def verify_index(store: Store, folder: Path, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
    """Yields what is wrong with the index in `folder`: all bytes of its files, and what it has of the papers.

    Needs no model: the manifest names the one it was built with.
    """
    try:
        _, manifest = generations.read_manifest(folder)
    except (IndexMissing, IndexBehind):
        if papers := store.in_use():
            yield Behind(tuple(papers))
        return
    except IndexFault as error:
        yield Fault("", "index", str(error))
        return
    yield from _files(folder)
    segments = _opened(folder, manifest)
    indexed = {
        segment.papers[number]: (segment, number)
        for use, segment in segments.items()
        for number in set(range(len(segment.papers))) - set(manifest.segments[use].unused)
    }
    stored = store.in_use()
    if manifest.corpus_hash != store.corpus_hash():
        known = dict(indexed)
        changed = {one for one in stored.items() if one not in known}
        yield Behind(tuple(sorted(document_id for document_id, _ in changed)))
        return
    if len(segments) == len(manifest.segments):
        yield from _count(manifest, indexed, stored)
    for use, segment in segments.items():
        if not _all_unit(segment):
            name = manifest.segments[use].name
            yield Fault("", "vector", f"the segment {name} has vectors that are not of length 1")
    yield from _against_papers(store, manifest, stored, indexed, progress)


def _files(folder: Path) -> Iterator[Fault]:
    """Yields faults of all segments and manifests, also of generations that others may still open."""
    for path in sorted((folder / "generations").glob("[0-9]*")):
        if not path.suffix:
            try:
                written = json.loads((path / "manifest.json").read_bytes())
                if written.get("format") == FORMAT:  # others are of an earlier version of the program
                    GenerationManifest.model_validate(written)
            except (OSError, ValueError, AttributeError):
                yield Fault("", "index", f"{str(path / 'manifest.json')!r}, which is not in use, is damaged")
    for path in sorted((folder / "segments").glob("*")):
        if not path.suffix:
            for message in altered(path):
                yield Fault("", "index", message)


def _opened(folder: Path, manifest: GenerationManifest) -> dict[int, Segment]:
    """The segments in use that can be opened, by their number; what is wrong with the others was told."""
    found = {}
    for number, use in enumerate(manifest.segments):
        try:
            found[number] = open_segment(folder / "segments" / use.name)[0]
        except IndexDamaged:
            continue
    return found


def _all_unit(segment: Segment) -> bool:
    return all(
        are_unit(np.asarray(vectors[start : start + _AT_ONCE])).all()
        for vectors in (segment.chunk_vectors, segment.sentence_vectors)
        for start in range(0, len(vectors), _AT_ONCE)
    )


_Indexed = Mapping[tuple[str, str], tuple[Segment, int]]


def _count(manifest: GenerationManifest, indexed: _Indexed, stored: Mapping[str, str]) -> Iterator[Fault]:
    """Yields differences between the manifest, the papers and the segments in numbers and papers."""
    if superfluous := sorted(one for one, content in indexed if stored.get(one) != content):
        yield Fault("", "index", f"it has papers that are not in use: {', '.join(superfluous)}")
    rows = [(segment, *segment.rows_of(number)) for segment, number in indexed.values()]
    chunks = sum(last - first for _, first, last in rows)
    sentences = sum(int(one.sentence_starts[last] - one.sentence_starts[first]) for one, first, last in rows)
    if (chunks, sentences) != (manifest.chunks, manifest.sentences):
        yield Fault("", "index", "it has other numbers of chunks and sentences than its manifest")


def _against_papers(
    store: Store,
    manifest: GenerationManifest,
    stored: Mapping[str, str],
    indexed: _Indexed,
    progress: Progress | None,
) -> Iterator[Fault]:
    """Yields papers whose chunks and sentences in the index are not those of their text."""
    _, size, overlap = manifest.chunking.split(":")
    chunking = Chunking(int(size), int(overlap))
    for done, (document_id, content) in enumerate(stored.items(), start=1):
        try:
            found = store.read([(document_id, content)])
        except CorpusError as error:
            found = []
            yield Fault(document_id, "text", str(error))
        for document in found:
            place = indexed.get((document_id, content))
            if place is None:
                yield Fault(document_id, "chunk", "the paper is not in the index")
            elif chunking.key == manifest.chunking and _differs(document, chunking, *place):
                yield Fault(document_id, "chunk", "its chunks in the index are not those of its text")
        if progress is not None:
            progress(done, len(stored), "checking the index")


def _differs(document: Document, chunking: Chunking, segment: Segment, number: int) -> bool:
    """Whether other chunks or sentences are indexed than those of the paper."""
    # Imported here because langchain takes 0.3 s, which a start does not need.
    from index.build.chunks import chunk_document, embedded_text, sentences_of
    from index.search.sentences import owners_of

    chunks = chunk_document(document, size=chunking.size, overlap=chunking.overlap)
    sentences = sentences_of(document)
    owners = owners_of(sentences, chunks)
    owned = [sentences[row] for row in np.argsort(owners, kind="stable") if owners[row] >= 0]
    first, last = segment.rows_of(number)
    rows = np.arange(first, last)
    near = slice(int(segment.sentence_starts[first]), int(segment.sentence_starts[last]))
    counts = np.diff(segment.sentence_starts[first : last + 1]).tolist()

    def hashes(pieces: list[Chunk]) -> list[str]:
        return [sha256(embedded_text(one).encode()) for one in pieces]

    return (
        segment.places(rows, [document.id] * len(rows)) != [_place(chunk) for chunk in chunks]
        or segment.sentence_places[near].tolist() != [[one.start, one.end] for one in owned]
        or counts != np.bincount(owners[owners >= 0], minlength=len(chunks)).tolist()
        or segment.hashes_of(number) != (hashes(chunks), hashes(owned))
    )


def _place(chunk: Chunk) -> ChunkPlace:
    return ChunkPlace(chunk.clause_key, chunk.document_id, chunk.start, chunk.end)
