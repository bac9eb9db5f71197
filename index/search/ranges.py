"""Ranges of numbers, all at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.segments.segment import Ints


def numbers(starts: npt.NDArray[np.integer], sizes: npt.NDArray[np.integer]) -> Ints:
    """The numbers of all ranges, one range after the other."""
    ends = np.cumsum(sizes, dtype=np.int64)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(int(ends[-1]) if len(ends) else 0)
