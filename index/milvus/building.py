"""Brings the collections up to date with the papers, paper by paper, and then puts the state in use.

After a crash at any moment the ledger tells what to do: a paper that was being written is written again
under the same primary keys, one that was leaving is deleted again. The state in use is the last one until
the end, and it answers from no content but its own.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from corpus.errors import DamagedDocument
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.atomic_files import sha256
from index.build.manifest import FORMAT, SENTENCES, Chunking, Manifest, program_version
from index.build.starting_vectors import shipped
from index.errors import IndexDamaged
from index.milvus import collections
from index.milvus.ledger import Ledger, Listed, Set, State
from index.milvus.rows import rows_of, short
from index.milvus.server import Server
from index.milvus.words import Counted
from index.model import Embedder, Vectors

_log = logging.getLogger("zhengwen.index")
_LAYOUT = 1  # increase it when rows change their meaning
_SAMPLE = 200  # papers from which the mean length of chunks is estimated before the others are read
# Share by which the mean length may drift from the one that is stored. Beyond it the vectors of words are
# written again. Scores are exact with any drift, but a search has to read more: those within this share.
MOST_DRIFT = 0.1
_KEPT = 2  # sets: a process that has just looked can still search the one before

_AT_ONCE = 32  # papers that are read and embedded together, or deleted together

Paper = tuple[str, str]  # id and content hash


@dataclass(frozen=True, slots=True)
class Builder:
    """What a build needs."""

    server: Server
    ledger: Ledger
    prefix: str
    index_type: str
    store: Store
    embedder: Embedder
    chunking: Chunking
    calibration: Mapping[str, JsonValue]
    most_drift: float
    progress: Progress | None

    def run(self, in_use: Mapping[str, str], corpus_hash: str, *, rebuild: bool) -> None:
        """Writes what is missing, deletes what is not in use, then moves on. The caller holds the lock.

        `in_use` are the content hashes of the papers by id, and `corpus_hash` is theirs. `rebuild` fills new
        collections with newly computed vectors.
        """
        key = key_of(self.embedder.fingerprint, self.chunking, self.index_type)
        one = None if rebuild else self._usable(key)
        if one is None:
            one = self._new(key, self._estimated(in_use))
        self._fill(one, in_use, source=None if rebuild else one)
        if abs(self._mean(one) / one.mean - 1) > self.most_drift:
            last, one = one, self._new(key, self._mean(one))
            self._fill(one, in_use, source=last)
        self._finish(one, in_use, corpus_hash)
        drop_others(self.server, self.ledger, one, kept=_KEPT)

    def _usable(self, key: str) -> Set | None:
        """The set in use, or one that an interrupted build was filling, if it was made as is set today."""
        for one in reversed(self.ledger.sets()):
            if one.key == key and collections.are_there(self.server, one):
                return one
        return None

    def _new(self, key: str, mean: float) -> Set:
        one = self.ledger.begin(f"{self.prefix}_{secrets.token_hex(4)}", key=key, mean=mean)
        collections.make(self.server, one, dimension=self.embedder.dimension, index_type=self.index_type)
        return one

    def _fill(self, one: Set, in_use: Mapping[str, str], *, source: Set | None) -> None:
        """Writes and deletes rows until the set has the papers in use. Takes vectors from `source`, if any.

        What is to go is deleted last, so that it is missing in searches for a short time only.
        """
        listed = self.ledger.papers(one)
        whole = {_named(paper) for paper in listed if paper.state is State.WRITTEN}
        missing = [paper for paper in in_use.items() if paper not in whole]
        self._write(one, missing, _Vectors(self.server, self.ledger, source, self.embedder.fingerprint))
        leaving = [_named(paper) for paper in listed if in_use.get(paper.document_id) != paper.content_sha256]
        for start in range(0, len(leaving), _AT_ONCE):
            some = leaving[start : start + _AT_ONCE]
            self.ledger.leaving(one, some)
            collections.delete(self.server, one, some)
            self.ledger.left(one, some)

    def _write(self, one: Set, missing: Sequence[Paper], vectors: _Vectors) -> None:
        # Imported here because langchain takes 0.3 s, which opening an index that is up to date does not
        # need.
        from index.build.pieces import embedded_papers

        done = 0
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            known = vectors.of([document_id for document_id, _ in some])
            papers = embedded_papers(
                self._read(some), embedder=self.embedder, chunking=self.chunking, known=known.among
            )
            for paper in papers:
                named, rows = (paper.document_id, paper.content_sha256), rows_of(paper, one.mean)
                self.ledger.writing(
                    one,
                    named,
                    chunks=len(rows.chunks),
                    sentences=len(rows.sentences),
                    length=rows.length,
                )
                collections.put(self.server, one, rows)
                self.ledger.written(one, named, rows.containing)
                done += 1
                if self.progress is not None:
                    self.progress(done, len(missing), "indexing")

    def _read(self, papers: Sequence[Paper]) -> Iterator[tuple[Document, str]]:
        """The papers with their content hashes. A damaged one is left out: others must not wait for it."""
        for document_id, content in papers:
            try:
                yield from ((document, content) for document in self.store.read([(document_id, content)]))
            except DamagedDocument as error:
                _log.error("%s is not indexed: %s", document_id, error)

    def _estimated(self, in_use: Mapping[str, str]) -> float:
        """The mean length of chunks in terms, from a sample spread over the papers; of a few from all."""
        from index.build.chunks import chunk_document

        papers = list(in_use.items())
        sample = papers[:: max(1, len(papers) // _SAMPLE)]
        lengths = [
            Counted.of(chunk).length
            for document, _ in self._read(sample)
            for chunk in chunk_document(document, size=self.chunking.size, overlap=self.chunking.overlap)
        ]
        return sum(lengths) / len(lengths) if lengths else 1.0

    def _mean(self, one: Set) -> float:
        papers = self.ledger.papers(one)
        chunks = sum(paper.chunks for paper in papers)
        return sum(paper.length for paper in papers) / chunks if chunks else one.mean

    def _finish(self, one: Set, in_use: Mapping[str, str], corpus_hash: str) -> None:
        """Puts the state in use after all of it can be read. Raises IndexDamaged where rows are missing."""
        papers = self.ledger.papers(one)
        chunks, sentences = sum(p.chunks for p in papers), sum(p.sentences for p in papers)
        collections.settle(self.server, one)
        check_counts(self.server, one, chunks=chunks, sentences=sentences)
        manifest = Manifest(
            format=FORMAT,
            program=program_version(),
            fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            chunking=self.chunking.key,
            corpus_hash=corpus_hash,
            documents=len(in_use),
            chunks=chunks,
            chunks_hash=digest_of(papers),
            sentences=sentences,
            calibration=dict(self.calibration),
        )
        length = sum(paper.length for paper in papers)
        self.ledger.finish(one, length=length, manifest=manifest.model_dump_json())
        for name in (one.chunks, one.sentences):
            self.server.point(f"{self.prefix}_{name.rpartition('_')[2]}", name)


class _Vectors:
    """Vectors that need not be computed: those that come with the program, and those of earlier contents."""

    def __init__(self, server: Server, ledger: Ledger, source: Set | None, fingerprint: str) -> None:
        self._server, self._source = server, source
        self._shipped: Mapping[str, Vectors] = {} if source is None else shipped(fingerprint)
        self._papers: dict[str, list[Listed]] = {}
        for paper in [] if source is None else ledger.papers(source):
            self._papers.setdefault(paper.document_id, []).append(paper)

    def of(self, documents: Sequence[str]) -> _Known:
        if self._source is None:
            return _Known({}, {})
        papers = [paper for document in documents for paper in self._papers.get(document, ())]
        return _Known(collections.vectors_of(self._server, self._source, papers), self._shipped)


@dataclass(frozen=True, slots=True)
class _Known:
    earlier: Mapping[str, Vectors]  # by the beginnings of the digests
    shipped: Mapping[str, Vectors]

    def among(self, digests: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are known of texts with these digests."""
        both = ((digest, self.earlier.get(short(digest), self.shipped.get(digest))) for digest in digests)
        return {digest: vector for digest, vector in both if vector is not None}


def drop_others(server: Server, ledger: Ledger, one: Set, *, kept: int) -> None:
    """Drops all sets but `one` and the ones in use before it, `kept` in all."""
    others = [other for other in ledger.sets() if other.name != one.name]
    finished = [other for other in others if other.number]
    spared = finished[len(finished) - (kept - 1) :] if kept > 1 else []
    for other in others:
        if other not in spared:
            collections.drop(server, other)
            ledger.forget(other)


def check_counts(server: Server, one: Set, *, chunks: int, sentences: int) -> None:
    """Compares how many rows there are with how many there should be. Raises IndexDamaged."""
    found = collections.counts(server, one)
    if found[0] < chunks or found[1] < sentences:
        raise IndexDamaged(
            f"rows of the index are missing in Milvus at {server.uri!r}: of {chunks} chunks and {sentences} "
            f"sentences there are {found[0]} and {found[1]}. Run `zhengwen ingest --rebuild`"
        )
    if found != (chunks, sentences):
        _log.warning(
            "%s and %s have rows of unknown papers, which are never found. `zhengwen ingest --rebuild` makes "
            "collections without them",
            one.chunks,
            one.sentences,
        )


def key_of(fingerprint: str, chunking: Chunking, index_type: str) -> str:
    """Identifies what the rows and indexes of a set were made with."""
    return f"{_LAYOUT}:{FORMAT}:{chunking.key}:{SENTENCES}:{index_type}:{fingerprint}"


def digest_of(papers: Sequence[Listed]) -> str:
    """Digest of the papers that are whole, and of how many rows each has."""
    lines = (
        f"{paper.document_id}\0{paper.content_sha256}\0{paper.chunks}\0{paper.sentences}\0{paper.length}\n"
        for paper in papers
        if paper.state is State.WRITTEN
    )
    return sha256("".join(lines).encode())


def _named(paper: Listed) -> Paper:
    return paper.document_id, paper.content_sha256
