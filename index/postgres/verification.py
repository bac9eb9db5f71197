"""Checks the index in the database: rows against their digests, papers against it in both directions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from corpus.errors import CorpusError
from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.engine import Behind
from index.errors import IndexFault, IndexMissing
from index.postgres import sets
from index.postgres.connections import translated
from index.postgres.dialect import Dialect
from index.postgres.tables import Tables
from index.postgres.writing import update_digest


def verify_index(
    store: Store, dialect: Dialect, *, progress: Progress | None = None
) -> Iterator[Fault | Behind]:
    """Yields what is wrong with the index and with what it counts. Needs no model. Raises StoreError."""
    in_use, corpus_hash = store.in_use(), store.corpus_hash()
    try:
        with translated(), store.database.reading() as connection:
            one = sets.current(connection, dialect)
            manifest, rows = one.read_manifest(), sets.papers(connection, one.tables)
    except IndexMissing:
        if in_use:
            yield Behind(tuple(in_use))
        return
    except IndexFault as error:
        yield Fault("", "index", str(error))
        return
    if manifest.corpus_hash != corpus_hash:
        indexed = {(row.document_id, row.content_sha256) for row in rows}
        yield Behind(tuple(paper for paper, content in in_use.items() if (paper, content) not in indexed))
        return
    yield from _papers(store, one.tables, rows, in_use)
    for done, row in enumerate(rows, start=1):
        with store.database.reading() as connection:
            if _digest(connection, one.tables, row) != row.digest:
                yield Fault(row.document_id, "index", "rows of its index differ from their checksum")
            elif wrong := _lengths(connection, one.tables, row.id):
                yield Fault(row.document_id, "vector", f"{wrong} vectors are not of length 1")
        if progress is not None:
            progress(done, len(rows), "checking the index")
    with store.database.reading() as connection:
        if connection.execute(text(_MISCOUNTED.format(**_names(one.tables)))).first() is not None:
            yield Fault("", "index", "terms are counted wrongly")


_MISCOUNTED = """
SELECT 1 FROM (
  SELECT i.term, sum(i.chunks) AS chunks FROM {postings} i JOIN {papers} p ON p.id = i.paper AND p.counted
  GROUP BY i.term
) o
FULL JOIN {terms} k ON k.term = o.term WHERE k.chunks IS DISTINCT FROM o.chunks LIMIT 1"""
_LENGTHS = """
SELECT count(*) FROM (
  SELECT embedding FROM {chunks} WHERE paper = :paper
  UNION ALL SELECT embedding FROM {sentences} WHERE paper = :paper
) o WHERE NOT abs((embedding <#> embedding) + 1) < 0.002"""


def _names(tables: Tables) -> dict[str, str]:
    return {
        "papers": tables.papers,
        "chunks": tables.chunks,
        "sentences": tables.sentences,
        "postings": tables.postings,
        "terms": tables.terms,
    }


def _papers(
    store: Store, tables: Tables, rows: Sequence[Row[Any]], in_use: dict[str, str]
) -> Iterator[Fault]:
    """Yields papers that are in one and not in the other, damaged ones apart, which `verify_papers` names."""
    indexed = {row.document_id: row for row in rows if row.counted}
    for document_id, content in in_use.items():
        if document_id not in indexed:
            try:
                store.read([(document_id, content)])
            except CorpusError:
                continue
            yield Fault(document_id, "index", "it is not in the index")
        elif indexed[document_id].content_sha256 != content:
            yield Fault(document_id, "index", "the index has another version of it")
    for document_id in indexed.keys() - in_use.keys():
        yield Fault(document_id, "index", "it is in the index and not in use")


def _digest(connection: Connection, tables: Tables, paper: Row[Any]) -> str:
    digest = hashlib.sha256(bytes(paper.lengths))
    for query in (
        f'SELECT 0, position, clause_key, "start", "end", sha256, embedding::real[] FROM {tables.chunks} '
        "WHERE paper = :paper ORDER BY position",
        f'SELECT 0, chunk, position, "start", "end", sha256, embedding::real[] FROM {tables.sentences} '
        "WHERE paper = :paper ORDER BY position",
        f'SELECT term, 0, chunks, data FROM {tables.postings} WHERE paper = :paper ORDER BY term COLLATE "C"',
    ):
        update_digest(digest, connection.execute(text(query), {"paper": paper.id}))
    return digest.hexdigest()


def _lengths(connection: Connection, tables: Tables, paper: int) -> int:
    """How many vectors are not of length 1."""
    query = text(_LENGTHS.format(**_names(tables)))
    return int(connection.execute(query, {"paper": paper}).scalar_one())
