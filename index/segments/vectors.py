"""What is right of vectors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.model import Vectors

_TOLERANCE = 1e-3  # of a vector's length: float32 of any model is nearer to 1


def are_unit(vectors: Vectors) -> npt.NDArray[np.bool_]:
    """Whether each row has length 1, as every model returns it; false for one with a NaN."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    near: npt.NDArray[np.bool_] = np.abs(lengths - 1) < _TOLERANCE
    return near
