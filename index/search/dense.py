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
        # The vectors where they are, for one product with them: a search by FAISS sorts all rows besides.
        count = index.ntotal * index.d
        flat = faiss.rev_swig_ptr(index.get_xb(), count) if count else np.empty(0, dtype=np.float32)
        self._vectors: Vectors = flat.reshape(index.ntotal, index.d)

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

    def scores(self, vector: Vectors, *, rows: Rows | None = None) -> Vectors:
        """The cosine of every row, or of each of `rows`."""
        compared = self._vectors if rows is None else self._of(rows)
        query = np.ascontiguousarray(vector, dtype=np.float32)
        scores = np.empty(len(compared), dtype=np.float32)
        # One thread: those of BLAS wait for one another, which takes 10 ms and more on a busy machine.
        product = faiss.fvec_inner_products_ny  # type: ignore[attr-defined]  # absent from the stubs of FAISS
        product(*map(faiss.swig_ptr, (scores, query, compared)), *compared.shape[::-1])
        return scores

    def _of(self, rows: Rows) -> Vectors:
        """The vectors of the rows; a view where the rows follow one another, as those of one paper do."""
        if len(rows) and np.all(np.diff(rows) == 1):
            return self._vectors[rows[0] : rows[-1] + 1]
        return self._vectors[rows]

    def rows(self, start: int, end: int) -> Vectors:
        """The vectors of rows start:end."""
        return self._vectors[start:end]

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
