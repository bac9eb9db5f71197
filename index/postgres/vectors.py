"""Vectors that are known already: of the index, of an embedded index that was copied, and of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import inspect, text

from corpus.store.database import Database
from index.build.chunk_store import ChunkStore
from index.build.pieces import KnownVectors
from index.build.starting_vectors import shipped
from index.model import Embedder, Vectors
from index.postgres import sets
from index.postgres.dialect import Dialect
from index.postgres.sets import Set


def known_vectors(database: Database, dialect: Dialect, embedder: Embedder, *, nothing: bool) -> KnownVectors:
    """A function that returns vectors of that model by the SHA-256 of their texts; `nothing` knows none."""
    if nothing:
        return lambda _: {}
    fingerprint, of_program = embedder.fingerprint, shipped(embedder.fingerprint)
    with database.reading() as connection:
        own = [
            one
            for one in sets.every(connection, dialect)
            if one.key.endswith(f":{fingerprint}") and one.tables.dimension == embedder.dimension
        ]
        copied = inspect(connection).has_table("vectors")
    of_files = ChunkStore(database) if copied else None

    def known(hashes: Sequence[str]) -> Mapping[str, Vectors]:
        found = {digest: of_program[digest] for digest in hashes if digest in of_program}
        for one in own:
            found |= _of_set(database, one, [digest for digest in hashes if digest not in found])
        if of_files is not None:
            rest = of_files.vectors_of(fingerprint, [digest for digest in hashes if digest not in found])
            found |= {digest: row for digest, row in rest.items() if len(row) == embedder.dimension}
        return found

    return known


def _of_set(database: Database, one: Set, hashes: Sequence[str]) -> dict[str, Vectors]:
    wanted = {"hashes": [bytes.fromhex(digest) for digest in hashes]}
    found: dict[str, Vectors] = {}
    if hashes:
        with database.reading() as connection:
            for table in (one.tables.chunks, one.tables.sentences):
                query = f"SELECT sha256, embedding::real[] FROM {table} WHERE sha256 = ANY(:hashes)"
                for digest, values in connection.execute(text(query), wanted):
                    found[bytes(digest).hex()] = np.array(values, dtype=np.float32)
    return found
