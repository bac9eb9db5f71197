"""Writes papers into the tables of the index and takes them out again, each in one transaction."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, text

from index.build.pieces import Embedded, EmbeddedPaper
from index.model import Vectors
from index.postgres.connections import driver_of
from index.postgres.postings import POSTING, PaperTerms, paper_terms
from index.postgres.tables import Tables
from index.search.sentences import owners_of

if TYPE_CHECKING:
    import psycopg

_HEAD = struct.Struct(">HH")  # of a vector as the database sends and receives it: dimension, nothing
_FLOAT = np.dtype(">f4")
_INT, _TEXT, _BYTES = "int4", "text", "bytea"


def put_paper(connection: Connection, tables: Tables, paper: EmbeddedPaper) -> None:
    """Adds a paper. It is searched once `count_papers` has run."""
    terms = paper_terms(paper.chunks.pieces)
    values = {
        "document_id": paper.document_id,
        "content": paper.content_sha256,
        "chunks": len(paper.chunks.pieces),
        "sentences": len(paper.sentences.pieces),
        "lengths": terms.lengths.tobytes(),
        "digest": digest_of(paper, terms),
    }
    insert = (
        f"INSERT INTO {tables.papers} "
        "(document_id, content_sha256, chunks, sentences, lengths, digest, counted) "
        "VALUES (:document_id, :content, :chunks, :sentences, :lengths, :digest, false) RETURNING id"
    )
    number = connection.execute(text(insert), values).scalar_one()
    driver = driver_of(connection)
    chunks, sentences = _chunk_rows(number, paper.chunks), _sentence_rows(number, paper)
    _copy(driver, tables.chunks, _CHUNK_COLUMNS, chunks)
    _copy(driver, tables.sentences, _SENTENCE_COLUMNS, sentences)
    _copy(driver, tables.postings, _POSTING_COLUMNS, _posting_rows(number, terms))


_CHUNK_COLUMNS = {
    "paper": _INT,
    "position": _INT,
    "clause_key": _TEXT,
    '"start"': _INT,
    '"end"': _INT,
    "sha256": _BYTES,
    "embedding": _BYTES,
}
_SENTENCE_COLUMNS = {
    "paper": _INT,
    "chunk": _INT,
    "position": _INT,
    '"start"': _INT,
    '"end"': _INT,
    "sha256": _BYTES,
    "embedding": _BYTES,
}
_POSTING_COLUMNS = {"term": _TEXT, "paper": _INT, "chunks": _INT, "data": _BYTES}


def _chunk_rows(number: int, chunks: Embedded) -> Iterable[tuple[Any, ...]]:
    for position, (piece, digest, vector) in enumerate(
        zip(chunks.pieces, chunks.hashes, chunks.vectors, strict=True)
    ):
        yield (
            number,
            position,
            piece.clause_key,
            piece.start,
            piece.end,
            bytes.fromhex(digest),
            vector_bytes(vector),
        )


def _sentence_rows(number: int, paper: EmbeddedPaper) -> Iterable[tuple[Any, ...]]:
    sentences = paper.sentences
    owners = owners_of(sentences.pieces, paper.chunks.pieces).tolist()
    for position, (owner, piece, digest, vector) in enumerate(
        zip(owners, sentences.pieces, sentences.hashes, sentences.vectors, strict=True)
    ):
        yield (
            number,
            owner,
            position,
            piece.start,
            piece.end,
            bytes.fromhex(digest),
            vector_bytes(vector),
        )


def _posting_rows(number: int, terms: PaperTerms) -> Iterable[tuple[Any, ...]]:
    for term, data in terms.postings.items():
        yield term, number, len(data) // POSTING.itemsize, data


def vector_bytes(vector: Vectors) -> bytes:
    return _HEAD.pack(len(vector), 0) + np.ascontiguousarray(vector, dtype=_FLOAT).tobytes()


def digest_of(paper: EmbeddedPaper, terms: PaperTerms) -> str:
    """Digest of all rows of a paper, by which `zhengwen verify` finds altered ones."""
    digest = hashlib.sha256(terms.lengths.tobytes())
    for rows in (
        _chunk_rows(0, paper.chunks),
        _sentence_rows(0, paper),
        sorted(_posting_rows(0, terms)),
    ):
        update_digest(digest, rows)
    return digest.hexdigest()


def update_digest(digest: hashlib._Hash, rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows, without the number of the paper, whichever place it has."""
    for row in rows:
        digest.update(repr([_plain(value) for value in row]).encode())


def _plain(value: Any) -> Any:
    """A value as it is written; a vector that was read is a list."""
    return vector_bytes(np.array(value, dtype=np.float32)) if isinstance(value, list) else value


def _copy(
    driver: psycopg.Connection[Any], table: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]
) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def count_papers(connection: Connection, tables: Tables) -> None:
    """Adds the terms of papers that are not counted yet, which puts these papers into searches."""
    found = f"""
SELECT term, sum(o.chunks) AS chunks FROM {tables.postings} o
JOIN {tables.papers} p ON p.id = o.paper WHERE NOT p.counted GROUP BY term"""
    _add(connection, tables, found, sign="+")
    connection.execute(text(f"UPDATE {tables.papers} SET counted = true WHERE NOT counted"))


def remove_papers(connection: Connection, tables: Tables, papers: Sequence[int]) -> None:
    """Takes papers out, and their terms out of the counts."""
    if not papers:
        return
    found = f"""
SELECT term, sum(o.chunks) AS chunks FROM {tables.postings} o
JOIN {tables.papers} p ON p.id = o.paper WHERE p.counted AND p.id = ANY(:papers) GROUP BY term"""
    _add(connection, tables, found, sign="-", papers=list(papers))
    connection.execute(text(f"DELETE FROM {tables.terms} WHERE chunks <= 0"))
    for table in (tables.postings, tables.sentences, tables.chunks):
        connection.execute(text(f"DELETE FROM {table} WHERE paper = ANY(:papers)"), {"papers": list(papers)})
    connection.execute(text(f"DELETE FROM {tables.papers} WHERE id = ANY(:papers)"), {"papers": list(papers)})


def _add(
    connection: Connection, tables: Tables, found: str, *, sign: str, papers: Sequence[int] = ()
) -> None:
    """Adds the counts to those of known terms, and then the terms that are not known."""
    parameters = {"papers": list(papers)} if papers else {}
    update = f"""
UPDATE {tables.terms} SET chunks = {tables.terms}.chunks {sign} found.chunks
FROM ({found}) found WHERE found.term = {tables.terms}.term"""
    connection.execute(text(update), parameters)
    if sign == "+":
        insert = f"""
INSERT INTO {tables.terms} (term, chunks) SELECT found.term, found.chunks FROM ({found}) found
WHERE NOT EXISTS (SELECT 1 FROM {tables.terms} k WHERE k.term = found.term)"""
        connection.execute(text(insert), parameters)
