"""Vector search: FAISS, inner product of vectors of length 1, so scores are cosines."""

from __future__ import annotations

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import IndexDamaged
from index.model import Vectors

Rows = npt.NDArray[np.int64]


class DenseIndex:
    """Cosines between a question and the chunks. Rows are those of the vectors it was built from."""

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """`vectors`: (chunks, dimension), rows of length 1."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, *, k: int, rows: Rows | None = None) -> tuple[Rows, Vectors]:
        """The best `k` rows and their cosines, best first; only among `rows` if given."""
        k = min(k, len(self) if rows is None else len(rows))
        if k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters = faiss.SearchParameters()
        selector = faiss.IDSelectorAll() if rows is None else faiss.IDSelectorBatch(rows)
        parameters.sel = selector  # FAISS keeps only a pointer: the local name keeps the selector alive
        cosines, found = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return found[0], cosines[0]

    def scores(self, vector: Vectors, *, rows: Rows | None = None) -> Vectors:
        """A cosine for every row; -1 for those outside `rows`."""
        found, cosines = self.search(vector, k=len(self), rows=rows)
        scores = np.full(len(self), -1.0, dtype=np.float32)
        scores[found] = cosines
        return scores

    def to_bytes(self) -> bytes:
        data: bytes = faiss.serialize_index(self._index).tobytes()
        return data

    @classmethod
    def from_bytes(cls, data: bytes) -> DenseIndex:
        """Reads the result of `to_bytes`. The caller has checked that the bytes are intact."""
        index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        if not isinstance(index, faiss.IndexFlatIP):
            raise IndexDamaged(
                "the vectors are kept in another kind of index. Run `zhengwen ingest --rebuild`"
            )
        return cls(index)
