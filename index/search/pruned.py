"""The best rows by BM25 without adding the scores of common words to all of them (MaxScore)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.segments.segment import Ints, Rows

Scores = npt.NDArray[np.float32]
_SLACK = 1 - 1e-4  # scores are added in another order here, and rounded
_LARGE = 50  # rows of all for one of a term that is not simply added
_SELDOM = 8  # rows of all for one posting that is added until the best are looked at again


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
    these above the k-th best, they are looked up only in the rows that can still be among the best.
    """
    ordered = sorted(terms, key=lambda term: -term.most)
    rests = np.cumsum([0.0, *(term.most for term in ordered[::-1])])[::-1].tolist()
    # Passes over all rows, which are in order, take less than looking for those of each term that are new.
    sums = np.where(mask, np.float32(0), np.float32(-np.inf))
    added, counted, partial = 0, len(mask), 0.0
    for number, term in enumerate(ordered):
        # A term that takes less than a pass over all rows is added without asking whether it has to be.
        if len(term.rows) > len(mask) // _LARGE and counted > len(mask) // _SELDOM:
            leading = np.flatnonzero(_reaching(sums, partial))
            if len(leading) >= k:
                first = np.argpartition(sums[leading], len(leading) - k)[-k:]
                best: Rows = np.sort(leading[first]).astype(np.int32)
                partial = float(sums[best].min())
                # The whole scores of these: the k-th best of all is not below the lowest of them.
                whole = sum((_looked_up(one, best) for one in ordered[number:]), start=sums[best])
                least = max(least, float(whole.min()))
                counted = 0
        if rests[number] < least * _SLACK:
            break
        sums[term.rows] += term.values(slice(None))
        added, counted = added + 1, counted + len(term.rows)
    # Of the type of the postings: numpy would convert all of them otherwise.
    rows = np.flatnonzero(_reaching(sums, least * _SLACK - rests[added])).astype(np.int32)
    scores = sums[rows]
    for number, term in enumerate(ordered[added:], start=added):
        least = max(least, _kth(scores, k))
        kept = scores + np.float32(rests[number]) >= least * _SLACK
        rows, scores = rows[kept], scores[kept]
        scores = scores + _looked_up(term, rows)
    least = max(least, _kth(scores, k))
    kept = scores >= least * _SLACK
    return rows[kept], scores[kept]


def _reaching(sums: Scores, least: float) -> npt.NDArray[np.bool_]:
    """Which rows have a term, and at least that score."""
    return sums >= np.float32(least) if least > 0 else sums > 0


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
