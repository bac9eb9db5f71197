"""Trains and writes the lists of a segment's vectors."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from index.model import Vectors

_PER_CENTRE = 40  # vectors that each centre is trained with
_ROUNDS = 8
_AT_ONCE = 1 << 15  # vectors added at a time
_SEED = 1234


def write_lists(path: Path, vectors: Vectors) -> None:
    """Writes the lists of `vectors`, which may be mapped; not durably. Raises OSError."""
    count, dimension = vectors.shape
    # Twice the root: comparing with the centres and with what their lists contain takes about as long.
    centres = max(1, min(round(2 * count**0.5), count // _PER_CENTRE))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        centres,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter, index.cp.seed = _ROUNDS, _SEED
    index.cp.max_points_per_centroid = _PER_CENTRE
    index.cp.min_points_per_centroid = 1
    some = np.random.default_rng(_SEED).choice(count, min(count, _PER_CENTRE * centres), replace=False)
    index.train(np.ascontiguousarray(vectors[np.sort(some)]))
    for start in range(0, count, _AT_ONCE):
        index.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))
    with path.open("wb") as file:
        # Where FAISS opens the file, a full disk is a RuntimeError.
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
