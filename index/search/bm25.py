"""Parts of BM25 as in Lucene: idf · tf / (tf + k1 · (1 - b + b · length / mean length))."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.search.lexical import K1, B


def saturation(lengths: npt.NDArray[np.int32], mean: float) -> npt.NDArray[np.float64]:
    """What is added to tf in the denominator, for each row."""
    found: npt.NDArray[np.float64] = K1 * (1 - B + B * lengths.astype(np.float64) / mean)
    return found


def highest(
    rows: npt.NDArray[np.int32],
    counts: npt.NDArray[np.uint16],
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int32],
    mean: float,
) -> npt.NDArray[np.float32]:
    """The most that one row of each term adds to a score, before the idf. No term is without a row.

    With another mean length m it is at most max(1, m / mean) times as much.
    """
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    tf = counts.astype(np.float64)
    found = np.maximum.reduceat(tf / (saturation(lengths, mean)[rows] + tf), starts[:-1])
    # Rounded up, so that it stays a bound.
    return np.nextafter(found.astype(np.float32), np.float32(2))
