"""Brings the index in the database up to date with the papers: paper by paper, each in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from corpus.errors import DamagedDocument
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.atomic_files import sha256
from index.build.manifest import FORMAT, SENTENCES, Chunking, Manifest, program_version
from index.errors import IndexFault
from index.model import Embedder
from index.postgres import sets
from index.postgres.connections import require_extension, translated
from index.postgres.dialect import Dialect
from index.postgres.sets import Set
from index.postgres.tables import Tables
from index.postgres.vectors import known_vectors
from index.postgres.writing import count_papers, put_paper, remove_papers

_log = logging.getLogger("zhengwen.index")
_LOCK_NUMBER = 0x7A77_0002  # our key among the advisory locks of a database; that of the records is 1 less
_LOCK_NOT_AVAILABLE = "55P03"
_MEMORY_EACH = 1_200  # bytes of a piece in the index of vectors while it is made, besides its vector
_MOST_MEMORY, _LEAST_MEMORY = 2 << 30, 64 << 20


@dataclass(frozen=True, slots=True)
class Builder:
    """What a build needs."""

    store: Store
    dialect: Dialect
    embedder: Embedder
    chunking: Chunking
    calibration: Mapping[str, JsonValue]
    compared: int
    progress: Progress | None

    def run(self, in_use: Mapping[str, str], corpus_hash: str, *, rebuild: bool) -> None:
        """Indexes what is missing and takes out what is not in use. The caller holds the lock.

        `in_use` are the content hashes of the papers by id, and `corpus_hash` is theirs. A paper that is in
        stays in if the process ends: the next build goes on after it.
        """
        with self.store.database.writing(alone=False) as connection:
            require_extension(connection, self.dialect)
            one = sets.begin(
                connection,
                self.dialect,
                key=key_of(self.embedder.fingerprint, self.chunking),
                dimension=self.embedder.dimension,
                anew=rebuild,
            )
        self._add_missing(one.tables, in_use, afresh=rebuild)
        with self.store.database.writing(alone=False) as connection:
            self._finish(connection, one, in_use, corpus_hash)
        with self.store.database.writing(alone=False) as connection:
            sets.drop_earlier(connection, self.dialect)

    def _add_missing(self, tables: Tables, in_use: Mapping[str, str], *, afresh: bool) -> None:
        # Imported here because langchain takes 0.3 s, which an index that is up to date does not need.
        from index.build.pieces import embedded_papers

        with self.store.database.reading() as connection:
            have = {(row.document_id, row.content_sha256) for row in sets.papers(connection, tables)}
        missing = [item for item in in_use.items() if item not in have]
        papers = embedded_papers(
            self._read(missing),
            embedder=self.embedder,
            chunking=self.chunking,
            known=known_vectors(self.store.database, self.dialect, self.embedder, nothing=afresh),
        )
        for done, paper in enumerate(papers, start=1):
            with self.store.database.writing(alone=False) as connection:
                put_paper(connection, tables, paper)
            if self.progress is not None:
                self.progress(done, len(missing), "indexing")

    def _read(self, papers: Sequence[tuple[str, str]]) -> Iterator[tuple[Document, str]]:
        """The papers with their content hashes, without damaged ones: the others must not wait for these."""
        for document_id, content in papers:
            try:
                yield from ((document, content) for document in self.store.read([(document_id, content)]))
            except DamagedDocument as error:
                _log.error("%s is not indexed: %s", document_id, error)

    def _finish(self, connection: Connection, one: Set, in_use: Mapping[str, str], corpus_hash: str) -> None:
        """Puts the papers that were added into searches and takes out the others, at one moment."""
        tables = one.tables
        rows = sets.papers(connection, tables)
        remove_papers(
            connection, tables, [row.id for row in rows if in_use.get(row.document_id) != row.content_sha256]
        )
        count_papers(connection, tables)
        kept = [row for row in rows if in_use.get(row.document_id) == row.content_sha256]
        chunks, sentences = sum(row.chunks for row in kept), sum(row.sentences for row in kept)
        has_graph = one.has_graph or chunks + sentences > self.compared
        if has_graph and not one.has_graph:
            self._make_graph(connection, tables, chunks + sentences)
        for table in tables.all:
            connection.execute(text(f"ANALYZE {table}"))
        manifest = Manifest(
            format=FORMAT,
            program=program_version(),
            fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            chunking=self.chunking.key,
            corpus_hash=corpus_hash,
            documents=len(in_use),
            chunks=chunks,
            chunks_hash=digest_of_papers([(row.document_id, row.digest) for row in kept]),
            sentences=sentences,
            calibration=dict(self.calibration),
        )
        sets.finish(connection, one, manifest, has_graph=has_graph)

    def _make_graph(self, connection: Connection, tables: Tables, pieces: int) -> None:
        if self.progress is not None:
            self.progress(0, 1, "making the index of the vectors")
        needed = pieces * (_MEMORY_EACH + 2 * tables.dimension)
        memory = min(max(needed, _LEAST_MEMORY), _MOST_MEMORY) >> 10
        connection.execute(text(f"SET LOCAL maintenance_work_mem = '{memory}kB'"))
        for statement in tables.create_graphs():
            connection.execute(text(statement))
        if self.progress is not None:
            self.progress(1, 1, "making the index of the vectors")


def key_of(fingerprint: str, chunking: Chunking) -> str:
    """Identifies what the rows of a set were made with."""
    return f"{sets.LAYOUT}:{FORMAT}:{chunking.key}:{SENTENCES}:{fingerprint}"


def digest_of_papers(digests: Sequence[tuple[str, str]]) -> str:
    """Digest of all papers of a set from those of each."""
    lines = (f"{document_id}\0{digest}\n" for document_id, digest in sorted(digests))
    return sha256("".join(lines).encode())


@contextmanager
def locked(store: Store, wait_s: float) -> Iterator[None]:
    """Keeps other processes, on all servers, from building in this database. Raises IndexFault.

    The lock belongs to a connection, so it ends with the process however that ends.
    """
    take = text("SELECT pg_advisory_xact_lock(:number, hashtext(current_schema()))")
    with translated(), store.database.reading() as connection:
        # A transaction that keeps one state would keep the server from clearing rows, and the build may take
        # hours. Nor may the server's limit for a transaction that does nothing end it.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(text(f"SET LOCAL lock_timeout = {round(wait_s * 1000)}"))
        try:
            connection.execute(take, {"number": _LOCK_NUMBER})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            raise IndexFault(
                "another process, perhaps on another server, has been building the index for "
                f"{wait_s:.0f} s. Try again later"
            ) from None
        yield
