"""Fuses the scores of vectors and words: scales both to 0..1 over the matches and adds them with weights.

Fusing scores is better than fusing ranks on every set we measured, because a rank hides how far ahead the
best is. The scale depends on the matches alone, so that any engine that returns its best can be fused: 0 is
the lowest cosine among them, and for BM25 a score of 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.model import Hit, Match

Scores = npt.NDArray[np.float32]


def fuse(matches: Sequence[Match], *, words: float, k: int) -> list[Hit]:
    """The best `k` hits, best first, ties in the order of `matches`. `words` is BM25's weight, 0 to 1."""
    dense = np.array([match.dense for match in matches], dtype=np.float32)
    lexical = np.array([match.lexical for match in matches], dtype=np.float32)
    low = float(dense.min()) if len(dense) else 0.0
    scores = (1 - words) * _scaled(dense, low) + words * _scaled(lexical, 0.0)
    order = np.argsort(-scores, kind="stable")[:k]
    return [_hit(matches[place], float(scores[place])) for place in order]


def _scaled(scores: Scores, low: float) -> Scores:
    """Scales scores from 0 (at `low`) to 1 (the best); all 0 if none is higher than `low`."""
    high = scores.max(initial=low)
    return (scores - np.float32(low)) / (high - np.float32(low)) if high > low else np.zeros_like(scores)


def _hit(match: Match, score: float) -> Hit:
    return Hit(
        chunk=match.chunk,
        score=score,
        dense=match.dense,
        lexical=match.lexical,
        dense_rank=match.dense_rank,
        lexical_rank=match.lexical_rank,
        sentences=match.sentences,
    )
