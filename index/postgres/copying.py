"""Copies vectors out of an index in the database, into the table from which every engine takes known ones."""

from __future__ import annotations

import numpy as np
from sqlalchemy import insert, text

from corpus.progress import Progress
from corpus.store.upkeep.copying import CopiedTable, Copy
from index.build.chunk_store import TABLES
from index.errors import IndexMissing
from index.postgres import sets
from index.postgres.dialect import POSTGRES

_AT_ONCE = 1000  # vectors
_FLOAT = np.dtype("<f4")  # as in `index.build.chunk_store`


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
