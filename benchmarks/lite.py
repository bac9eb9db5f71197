"""Bytes that rows take in Milvus Lite."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from index.build.atomic_files import sha256
from index.build.chunks import embedded_text
from index.build.pieces import Embedded, EmbeddedPaper
from index.milvus import collections
from index.milvus.ledger import Set
from index.milvus.rows import rows_of
from index.milvus.server import Server
from index.model import Chunk, Vectors

_MEAN = 150.0  # terms of a chunk; no size depends on it


def bytes_in_lite(chunks: Sequence[Chunk], vectors: Vectors) -> float:
    """The size of the folder of chunks without sentences, for each of its rows, of which a chunk has two."""
    hashes = tuple(sha256(embedded_text(chunk).encode()) for chunk in chunks)
    none = Embedded((), (), vectors[:0])
    paper = EmbeddedPaper("papers", "", Embedded(tuple(chunks), hashes, vectors), none)
    with TemporaryDirectory() as folder:
        server = Server(str(Path(folder) / "index.db"))
        one = Set("scale", "", _MEAN, 0, 0, "")
        collections.make(server, one, dimension=vectors.shape[1], index_type="FLAT")
        collections.put(server, one, rows_of(paper, _MEAN))
        collections.settle(server, one)
        server.close()
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return size / (2 * len(chunks))
