"""Vectors that are known already: of the index, of an embedded index that was copied, and of the program.

The table `vectors` (`index.build.earlier_vectors`) is where every engine looks for them: vectors of an index
that moves to another database go there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import insert, text

from corpus.progress import Progress
from corpus.store.database import Database
from corpus.store.upkeep.copying import CopiedTable, Copy
from index.build.earlier_vectors import TABLES, EarlierVectors
from index.build.pieces import KnownVectors
from index.build.starting_vectors import shipped
from index.errors import IndexMissing
from index.model import Embedder, Vectors
from index.postgres import sets
from index.postgres.dialect import POSTGRES, Dialect
from index.postgres.sets import Set

_AT_ONCE = 1000  # vectors
_FLOAT = np.dtype("<f4")  # as in the table `vectors`


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
    of_files = EarlierVectors(database)

    def known(hashes: Sequence[str]) -> Mapping[str, Vectors]:
        found = {digest: of_program[digest] for digest in hashes if digest in of_program}
        for one in own:
            found |= _of_set(database, one, [digest for digest in hashes if digest not in found])
        rest = [digest for digest in hashes if digest not in found]
        return found | dict(of_files.find(fingerprint, rest, embedder.dimension))

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


def copy_vectors(copy: Copy, *, progress: Progress | None = None) -> None:
    """Copies each vector of the index in use once, so that no text has to be embedded again."""
    TABLES.create_all(copy.target)
    try:
        one = sets.current(copy.source, POSTGRES)
    except IndexMissing:
        return
    table, fingerprint = TABLES.tables["vectors"], one.read_manifest().fingerprint
    known = {
        str(digest)
        for digest in copy.target.execute(
            table.select()
            .with_only_columns(table.c.embedded_sha256)
            .where(table.c.fingerprint == fingerprint)
        ).scalars()
    }
    done = 0
    for name in (one.tables.chunks, one.tables.sentences):
        query = text(f"SELECT sha256, embedding::real[] FROM {name}").execution_options(yield_per=_AT_ONCE)
        for some in copy.source.execute(query).partitions():
            rows = {bytes(digest).hex(): np.array(vector, dtype=_FLOAT).tobytes() for digest, vector in some}
            added = [
                {"embedded_sha256": digest, "fingerprint": fingerprint, "data": data}
                for digest, data in rows.items()
                if digest not in known
            ]
            known |= rows.keys()
            if added:
                copy.target.execute(insert(table), added)
            done += len(some)
            if progress is not None:
                progress(done, done, "copying vectors")
    copy.done.append(CopiedTable("vectors of the index", len(known)))
