"""Copies vectors out of an embedded index, into the table from which every engine takes known ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy import insert

from corpus.progress import Progress
from corpus.store.upkeep.copying import CopiedTable, Copy
from index.build.earlier_vectors import TABLES
from index.build.generation import read_manifest
from index.errors import IndexFault
from index.segments.files import open_segment

_FLOAT = np.dtype("<f4")


def copy_vectors(copy: Copy, folder: Path, *, progress: Progress | None = None) -> None:
    """Copies each vector of the papers in use once, so that no text has to be embedded again."""
    TABLES.create_all(copy.target)
    try:
        _, manifest = read_manifest(folder)
    except IndexFault:
        return  # the index is built anew from the papers
    table, known = TABLES.tables["vectors"], set[str]()
    for use in manifest.segments:
        segment, _ = open_segment(folder / "segments" / use.name)
        for number in sorted(set(range(len(segment.papers))) - set(use.unused)):
            first, last = segment.rows_of(number)
            near = slice(int(segment.sentence_starts[first]), int(segment.sentence_starts[last]))
            vectors = (segment.chunk_vectors[first:last], segment.sentence_vectors[near])
            rows = {
                digest: np.ascontiguousarray(vector, dtype=_FLOAT).tobytes()
                for hashes, some in zip(segment.hashes_of(number), vectors, strict=True)
                for digest, vector in zip(hashes, some, strict=True)
                if digest not in known
            }
            known |= rows.keys()
            added = [
                {"embedded_sha256": digest, "fingerprint": manifest.fingerprint, "data": data}
                for digest, data in rows.items()
            ]
            if added:
                copy.target.execute(insert(table), added)
            if progress is not None:
                progress(len(known), manifest.chunks + manifest.sentences, "copying vectors")
    copy.done.append(CopiedTable("vectors of the index", len(known)))
