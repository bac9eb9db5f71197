"""The best rows by BM25 without adding the scores of common words to all of them (MaxScore)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.segments.segment import Ints, Rows

Scores = npt.NDArray[np.float32]
_SLACK = 1 - 1e-4  # scores are added in another order here, and rounded


@dataclass(frozen=True, slots=True, eq=False)
class TermRows:
    """The rows of a segment that contain a term, the most that one adds, and what some of them add."""

    rows: Rows
    most: float
    values: Callable[[slice | Ints], Scores]  # of the postings with these numbers


def best_rows(
    terms: Sequence[TermRows], k: int, mask: npt.NDArray[np.bool_], *, least: float
) -> tuple[Rows, Scores]:
    """The rows among the best `k` of those in `mask`, and their scores; not those surely below `least`.

    Terms are added in the order of their weight. Once the others together cannot lift a row that has none of
    these above the k-th best, they are looked up only in the rows that were found.
    """
    ordered = sorted(terms, key=lambda term: -term.most)
    rests = np.cumsum([0.0, *(term.most for term in ordered[::-1])])[::-1].tolist()
    sums = np.zeros(len(mask), dtype=np.float32)
    found: list[Rows] = []
    added = counted = 0
    for number, term in enumerate(ordered):
        if rests[number] < least * _SLACK:
            break
        fresh = term.rows[(sums[term.rows] == 0) & mask[term.rows]]
        found.append(fresh)
        sums[term.rows] += term.values(slice(None))
        added, counted = added + 1, counted + len(term.rows)
        # The k-th best so far, looked for seldom: it costs as much as adding a term.
        if counted >= k and (number + 1 == len(ordered) or counted >= len(ordered[number + 1].rows) // 8):
            counted = 0
            least = max(least, _kth(sums[np.concatenate(found)], k))
    rows = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)
    scores = sums[rows]
    for number, term in enumerate(ordered[added:], start=added):
        least = max(least, _kth(scores, k))
        kept = scores + np.float32(rests[number]) >= least * _SLACK
        rows, scores = rows[kept], scores[kept]
        scores = scores + _looked_up(term, rows)
    least = max(least, _kth(scores, k))
    kept = scores >= least * _SLACK
    return rows[kept], scores[kept]


def _looked_up(term: TermRows, rows: Rows) -> Scores:
    """What the term adds to each of some rows."""
    found = np.zeros(len(rows), dtype=np.float32)
    if len(term.rows) and len(rows):
        at = np.minimum(np.searchsorted(term.rows, rows), len(term.rows) - 1)
        here = term.rows[at] == rows
        found[here] = term.values(at[here])
    return found


def _kth(scores: Scores, k: int) -> float:
    """The k-th highest score; 0 if there are fewer."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) if len(scores) >= k else 0.0
