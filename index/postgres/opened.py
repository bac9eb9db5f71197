"""An open index in the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from index.build.manifest import Chunking, Manifest
from index.errors import IndexBehind, IndexDamaged, IndexStale, IndexVersion
from index.model import Fusion, TermStatistics
from index.postgres import sets
from index.postgres.building import digest_of_papers, key_of
from index.postgres.connections import Searches
from index.postgres.dialect import Dialect
from index.postgres.papers import IndexedPaper, IndexedPapers
from index.postgres.searcher import PostgresSearcher
from index.postgres.sets import Set
from index.postgres.withdrawn import Withdrawn, withdrawn
from index.postgres.words import Words

_CURE = "Run `zhengwen ingest --rebuild`"
_BETWEEN = "\x1f"  # no term contains it


@dataclass(frozen=True, slots=True)
class OpenPostgres:
    """An `OpenIndex`: the papers and counts of terms of one state; all else is read by each search."""

    number: int
    manifest: Manifest
    searches: Searches
    set: Set
    papers: IndexedPapers
    words: Words
    withdrawn: Withdrawn
    compared: int  # chunks and sentences up to which all are compared

    @property
    def terms(self) -> TermStatistics:
        return self.words

    def gone(self) -> frozenset[str]:
        return self.withdrawn.now()

    def searcher(self, fusion: Fusion) -> PostgresSearcher:
        return PostgresSearcher(
            self.searches,
            self.set.tables,
            self.papers,
            self.words,
            has_graph=self.set.has_graph,
            fusion=fusion,
            compared=self.compared,
        )


def read(
    connection: Connection,
    dialect: Dialect,
    searches: Searches,
    *,
    fingerprint: str,
    corpus_hash: str,
    chunking: Chunking,
    compared: int,
) -> OpenPostgres:
    """Reads the index in use. Raises the errors of `IndexEngine.open`."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    one = sets.current(connection, dialect)
    manifest = one.read_manifest()
    _check_fresh(one, manifest, fingerprint=fingerprint, corpus_hash=corpus_hash, chunking=chunking)
    rows = [row for row in sets.papers(connection, one.tables) if row.counted]
    if digest_of_papers([(row.document_id, row.digest) for row in rows]) != manifest.chunks_hash:
        raise IndexDamaged(f"papers are missing in the index in the database. {_CURE}")
    papers = IndexedPapers(
        IndexedPaper(row.id, row.document_id, row.chunks, row.sentences, bytes(row.lengths)) for row in rows
    )
    counts = f"SELECT string_agg(term, '{_BETWEEN}' ORDER BY term), array_agg(chunks ORDER BY term) FROM "
    terms, found = connection.execute(text(counts + one.tables.terms)).one()
    of_term = dict(zip((terms or "").split(_BETWEEN), found or (), strict=False))
    words = Words(searches, one.tables, papers, of_term)
    since = withdrawn(connection, searches, papers.by_document.keys())
    return OpenPostgres(one.number, manifest, searches, one, papers, words, since, compared)


def _check_fresh(
    one: Set, manifest: Manifest, *, fingerprint: str, corpus_hash: str, chunking: Chunking
) -> None:
    """Compares what the index was made with and what is set, in the words of the embedded engine."""
    if manifest.fingerprint != fingerprint:
        reason = f"it was built with the model {manifest.fingerprint!r}, and {fingerprint!r} is set"
    elif manifest.chunking != chunking.key:
        reason = f"it was built with the chunk settings {manifest.chunking}, and {chunking.key} is set"
    elif one.key != key_of(fingerprint, chunking):
        raise IndexVersion(f"another version of the program built the index in the database. {_CURE}")
    elif manifest.corpus_hash != corpus_hash:
        raise IndexBehind
    else:
        return
    raise IndexStale(f"the index is out of date: {reason}. {_CURE}")
