"""Approximate neighbours: vectors of 8 bits in lists around centres (FAISS), mapped from a file.

They only propose rows; every score is computed from the vectors themselves.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import IndexDamaged
from index.model import Vectors

# Part of the lists that is read: measured, see docs/performance.md. Fewer lists than `_LEAST` are all read.
_SHARE = 1 / 12
_MOST = 2  # times that share for a search among some rows
_LEAST = 160

Ints = npt.NDArray[np.int64]


class Lists:
    """Nearest rows of the vectors that were added in their order."""

    def __init__(self, index: faiss.IndexIVF) -> None:
        self._index = index

    @classmethod
    def open(cls, path: Path) -> Lists:
        """Maps the file. Raises IndexDamaged."""
        try:
            found = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexDamaged(f"{str(path)!r} is damaged. Run `zhengwen ingest --rebuild`") from error
        if not isinstance(found, faiss.IndexIVF):
            raise IndexDamaged(f"{str(path)!r} is of another kind. Run `zhengwen ingest --rebuild`")
        lists = faiss.downcast_InvertedLists(found.invlists)  # type: ignore[arg-type]  # stubs of FAISS
        if isinstance(lists, faiss.OnDiskInvertedLists):
            lists.prefetch_nthread = 0  # threads for every question, which wait for one another
        return cls(found)

    def nearest(
        self, vector: Vectors, k: int, *, allowed: npt.NDArray[np.bool_] | None = None, share: float = _SHARE
    ) -> Ints:
        """The rows with the highest cosines among those `allowed`, at most `k`; nearly all of them.

        Of fewer rows more lists are read, over which the nearest of them are spread.
        """
        parameters = faiss.SearchParametersIVF()
        if allowed is not None:
            share *= min(_MOST, len(allowed) / max(1, int(np.count_nonzero(allowed))))
        parameters.nprobe = min(self._index.nlist, max(_LEAST, round(share * self._index.nlist)))
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg,arg-type]  # the same
            parameters.sel = selector
        query = np.ascontiguousarray(vector[None], dtype=np.float32)
        _, rows = self._index.search(query, min(k, self._index.ntotal), params=parameters)
        found: Ints = rows[0][rows[0] >= 0]
        return found
