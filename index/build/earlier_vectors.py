"""Vectors that releases before the segments kept in the database of the papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, inspect, select

from corpus.store.database import Database
from index.model import Vectors
from index.segments.vectors import are_unit

TABLES = MetaData()
_VECTORS = Table(
    "vectors",
    TABLES,
    Column("embedded_sha256", String(64), primary_key=True),
    Column("fingerprint", String, primary_key=True),  # of the model
    Column("data", LargeBinary, nullable=False),  # float32, little endian
)
_NAMES = ("chunks", "vectors")
_AT_ONCE = 500  # vectors per query


class EarlierVectors:
    """Reads the vectors, so that an upgrade embeds nothing, and deletes the tables afterwards."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.reading() as connection:
            self._there = set(_NAMES) & set(inspect(connection).get_table_names())

    def find(self, fingerprint: str, hashes: Sequence[str], dimension: int) -> Iterator[tuple[str, Vectors]]:
        """Yields those of `hashes` that are there, with their vectors; damaged ones are left out."""
        if _VECTORS.name not in self._there:
            return
        table = _VECTORS.c
        with self._database.reading() as connection:
            for start in range(0, len(hashes), _AT_ONCE):
                some = table.embedded_sha256.in_(hashes[start : start + _AT_ONCE])
                query = select(table.embedded_sha256, table.data).where(
                    table.fingerprint == fingerprint, some
                )
                for row in connection.execute(query):
                    if len(row.data) == 4 * dimension:
                        vector = np.frombuffer(row.data, dtype="<f4")
                        if are_unit(vector[None]).all():
                            yield row.embedded_sha256, vector

    def drop(self) -> None:
        """Deletes the tables of chunks and vectors, if there are any."""
        if self._there:
            with self._database.writing() as connection:
                for name in sorted(self._there):
                    connection.exec_driver_sql(f"DROP TABLE {name}")
            self._there = set()
