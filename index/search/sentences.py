"""Which chunk a sentence belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.model import ChunkPlace

_Rows = npt.NDArray[np.int64]


def owners_of(sentences: Sequence[ChunkPlace], chunks: Sequence[ChunkPlace]) -> _Rows:
    """For each sentence the row of the chunk in which it begins; -1 if there is none."""
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        starts[chunk.clause_key].append((chunk.start, row))
    for places in starts.values():
        places.sort()
    found = np.full(len(sentences), -1, dtype=np.int64)
    for row, sentence in enumerate(sentences):
        places = starts.get(sentence.clause_key, [])
        at = bisect_right(places, (sentence.start, len(chunks))) - 1
        if at >= 0:
            found[row] = places[at][1]
    return found
