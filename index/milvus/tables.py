"""Tables of the ledger: sets of collections, their papers, and how many chunks contain each term."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, MetaData, String, Table, Text

from corpus.store.database import Database

_TABLES = MetaData()
SETS = Table(
    "milvus_sets",
    _TABLES,
    Column("name", String, primary_key=True),  # of its collections, without the ending
    Column("prefix", String, nullable=False),
    Column("key", String, nullable=False),  # what its rows were made with
    Column("mean", Double, nullable=False),  # mean length of chunks that its vectors of words have
    Column("number", Integer, nullable=False),  # of the index; 0 while the set is being filled
    Column("length", BigInteger, nullable=False),  # terms of all chunks
    Column("manifest", Text, nullable=False),
)
PAPERS = Table(
    "milvus_papers",
    _TABLES,
    Column("name", String, primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("content_sha256", String(64), primary_key=True),
    Column("state", String, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("sentences", Integer, nullable=False),  # rows, so at least one for each chunk
    Column("length", BigInteger, nullable=False),  # terms of its chunks
    Column("terms", LargeBinary, nullable=False),  # how many chunks contain each
)
WORDS = Table(
    "milvus_terms",
    _TABLES,
    Column("name", String, primary_key=True),
    Column("term", BigInteger, primary_key=True, autoincrement=False),  # number_of
    Column("chunks", BigInteger, nullable=False),
)


def create_tables(database: Database) -> None:
    """Makes the tables if they are absent."""
    database.add_tables(_TABLES)
