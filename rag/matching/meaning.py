"""Compares the words of a condition with what a profile says, by vectors: what is said in other words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import Final

import numpy as np

from index.model import Embedder, Vectors

# Cosines from which a statement says the same as a condition, by the model they were fitted for
# (`python -m evals.fit_nearness`): where classes and figures hold and only plain words are open, and where it
# is open what has happened. Other models have no such figures, and words alone decide.
_LEAST: Final = {"multilingual-e5-small": (0.943, 0.944)}
# Share of the characters of a condition that a statement has to contain before vectors are compared. Those
# that say the same have 0.36 and more; without it every statement would be embedded for every condition.
_SHARED = 0.3
_KEPT = 8192  # vectors of conditions, 12 MB
_SHORTEST = 4  # characters: a shorter text says too little to compare


class Meaning:
    """Finds the statement of a profile that says the same as a condition. Thread-safe.

    Vectors of conditions are kept, those of statements are not.
    """

    def __init__(self, embedder: Embedder, *, least: tuple[float, float]) -> None:
        self._embedder, self._least = embedder, least
        self._lock = Lock()
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    @classmethod
    def by(cls, embedder: Embedder) -> Meaning | None:
        """The comparison by a model; None for one without a fitted figure."""
        name = next((one for one in _LEAST if embedder.fingerprint.startswith(one)), None)
        return cls(embedder, least=_LEAST[name]) if name is not None else None

    def statements(self, clauses: Sequence[str]) -> Statements:
        """What a profile says, in folded clauses in their order."""
        return Statements(self, clauses)

    def is_near(self, cosine: float, *, by_words: bool) -> bool:
        """Whether the cosine is enough. `by_words`: only plain words are open, and not what has happened."""
        return cosine >= self._least[0 if by_words else 1]

    def cosine(self, condition: str, statement: Vectors) -> float:
        return float(self._of_condition(condition) @ statement)

    def embed(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)

    def _of_condition(self, text: str) -> Vectors:
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
                return found
        made = np.asarray(self.embed(text), np.float32)
        with self._lock:
            self._kept[text] = made
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Near:
    """Clauses of a profile, from the first to the last (excluded), with their cosine to a condition."""

    cosine: float
    clauses: tuple[int, int]


class Statements:
    """The clauses of one profile, each alone and with the one after it."""

    def __init__(self, meaning: Meaning, clauses: Sequence[str]) -> None:
        self._meaning = meaning
        alone = [(number, number + 1) for number in range(len(clauses))]
        both = [(number, number + 2) for number, _ in enumerate(pairwise(clauses))]
        self._texts = [(span, "，".join(clauses[slice(*span)])) for span in (*alone, *both)]
        self._vectors: dict[str, Vectors] = {}

    def nearest(self, condition: str) -> Near | None:
        """The clauses that are nearest to a folded condition; None where none shares enough with it."""
        if len(condition) < _SHORTEST:
            return None
        found = (
            Near(self._meaning.cosine(condition, self._vector(text)), span)
            for span, text in self._candidates(condition)
        )
        return max(found, key=lambda one: one.cosine, default=None)

    def _vector(self, text: str) -> Vectors:
        found = self._vectors.get(text)
        if found is None:
            found = self._vectors[text] = self._meaning.embed(text)
        return found

    def _candidates(self, condition: str) -> Iterator[tuple[tuple[int, int], str]]:
        wanted = set(filter(str.isalnum, condition))
        for span, text in self._texts:
            if len(text) >= _SHORTEST and len(wanted.intersection(text)) >= _SHARED * len(wanted):
                yield span, text
