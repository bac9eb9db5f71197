"""Batches of texts of similar length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from corpus.progress import Progress


def batches_by_length(
    texts: Sequence[str], *, size: int, progress: Progress | None = None
) -> Iterator[list[int]]:
    """Yields the places in `texts` of up to `size` texts at a time, the longest texts first.

    Reports a batch to `progress` when the next one is requested.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        yield batch
        if progress is not None:
            progress(start + len(batch), len(order), "embedding")


def of_one_length(rows: Sequence[Sequence[int]], *, tokens: int) -> Iterator[list[int]]:
    """Yields the places of rows with the same number of tokens, up to `tokens` at a time or one row."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[len(row)].append(place)
    for length, some in places.items():
        size = max(1, tokens // max(1, length))
        for start in range(0, len(some), size):
            yield some[start : start + size]
