"""Vectors that were computed ahead of the index, such as by the workers of a bulk ingest.

They are kept in a folder until an index has them, whichever engine keeps it. A shard is written once, whole:

FOLDER/MODEL/
  0c5f….npy     rows of SHA-256 of the embedded text and vector, mapped into memory to be read
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.progress import Progress
from index.build import atomic_files
from index.model import Embedder, Vectors

_DIGEST_BYTES = 32
_KEY_BYTES = 8  # of a digest, by which rows are found; the whole digest is compared then
_TOLERANCE = 1e-3  # of a vector's length: float32 of any model is nearer to 1
_NAME_CHARS = 32

Row = npt.NDArray[np.void]


class VectorCache:
    """The vectors of one model in `folder`, by the SHA-256 of the embedded text."""

    def __init__(self, folder: Path, *, fingerprint: str, dimension: int) -> None:
        self._root = folder
        self._folder = folder / hashlib.sha256(fingerprint.encode()).hexdigest()[:_NAME_CHARS]
        self._row = np.dtype([("digest", "u1", (_DIGEST_BYTES,)), ("vector", "<f4", (dimension,))])

    def put(self, vectors: Mapping[str, Vectors]) -> None:
        """Writes a shard, durably. Vectors that are there already do no harm."""
        if not vectors:
            return
        rows = np.empty(len(vectors), self._row)
        for row, (digest, vector) in zip(rows, sorted(vectors.items()), strict=True):
            row["digest"] = np.frombuffer(bytes.fromhex(digest), np.uint8)
            row["vector"] = vector
        file = io.BytesIO()
        np.save(file, rows, allow_pickle=False)
        data = file.getvalue()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{hashlib.sha256(data).hexdigest()[:_NAME_CHARS]}.npy"
        atomic_files.replace(path, data)

    def opened(self) -> KnownAhead:
        """The vectors that are there now. A shard that cannot be read is left out."""
        found: list[tuple[Path, Row]] = []
        for path in sorted(self._folder.glob("*.npy")):
            with suppress(OSError, ValueError, EOFError):
                rows = np.load(path, mmap_mode="r", allow_pickle=False)
                if rows.dtype == self._row and rows.ndim == 1:
                    found.append((path, rows))
        return KnownAhead(found)

    def clear(self) -> None:
        """Deletes all vectors, also those of other models."""
        shutil.rmtree(self._root, ignore_errors=True)


class KnownAhead:
    """The shards that were in the folder when it was opened."""

    def __init__(self, shards: Sequence[tuple[Path, Row]]) -> None:
        self._paths = [path for path, _ in shards]
        self._rows = [rows for _, rows in shards]
        keys = [_keys(rows["digest"]) for rows in self._rows]
        sizes = [len(rows) for rows in self._rows]
        every = np.concatenate(keys) if keys else np.empty(0, np.uint64)
        order = np.argsort(every, kind="stable")
        self._keys = every[order]
        self._shard = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[order]
        self._place = np.concatenate([np.arange(n, dtype=np.uint32) for n in (*sizes, 0)])[order]

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, digests: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those texts that are known, by digest. One that has not the length 1 is left out."""
        raw = np.frombuffer(b"".join(map(bytes.fromhex, digests)), np.uint8).reshape(-1, _DIGEST_BYTES)
        keys = _keys(raw)
        found: dict[str, Vectors] = {}
        left, right = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        for digest, whole, start, end in zip(digests, raw, left, right, strict=True):
            for at in range(start, end):
                row = self._rows[self._shard[at]][self._place[at]]
                vector: Vectors = np.array(row["vector"], np.float32)
                if (row["digest"] == whole).all() and abs(float(np.linalg.norm(vector)) - 1) < _TOLERANCE:
                    found[digest] = vector
                    break
        return found

    def forget(self) -> None:
        """Deletes these shards. Those that were written since they were opened stay."""
        self._rows.clear()
        for path in self._paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in self._paths}:
            with suppress(OSError):
                folder.rmdir()


class AheadEmbedder:
    """An `Embedder` that looks a vector up before it asks the model for it."""

    def __init__(self, model: Embedder, known: KnownAhead) -> None:
        self._model, self._known = model, known

    @property
    def fingerprint(self) -> str:
        """That of the model: the vectors are the same."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""
        return self._model.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(len(texts), dimension), float32, rows normalised, in the order of `texts`."""
        digests = [atomic_files.sha256(text.encode()) for text in texts]
        known = self._known.find(digests)
        absent = [i for i, digest in enumerate(digests) if digest not in known]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for i, digest in enumerate(digests):
            if digest in known:
                vectors[i] = known[digest]
        if absent:
            vectors[absent] = self._model.embed_documents([texts[i] for i in absent], progress)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """(dimension,), float32, normalised."""
        return self._model.embed_query(text)


def _keys(digests: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """The first bytes of each digest as a number."""
    first = np.ascontiguousarray(digests[:, :_KEY_BYTES])
    return first.view(">u8").reshape(len(first)).astype(np.uint64)
