"""The identity of everything that an assistant answers with, as receipts record it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Info:
    """Identifies the papers, index, model and parameters that an assistant answers with."""

    corpus_hash: str
    model: str
    generation: int
    documents: int
    clauses: int
    chunks: int
    calibration: str  # fingerprint of the calibration of the confidence, and of the reader if it is in use
    ranking: str  # fingerprint of the parameters that clauses are ranked and quoted by
    composer: str  # name of the composer
    composer_fingerprint: str
    threshold: float  # confidence below which the answer is a refusal
