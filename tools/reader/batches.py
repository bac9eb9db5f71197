"""Batches of pairs to train on, without end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tools.reader.pairs import Label, Pair

_BATCH = 32  # pairs
_SORTED = 20  # batches whose pairs are sorted by length, so that little padding is computed
_ELSEWHERE = 0.4  # share of the pairs with a sentence elsewhere that a pass has: there are more than needed


@dataclass(frozen=True, slots=True)
class Part:
    """Pairs of one kind, and how many of them are in every `_SORTED` batches."""

    pairs: Sequence[Pair]
    weight: int


def batches(parts: Sequence[Part], *, rng: Random) -> Iterator[list[Pair]]:
    """Yields batches without end. Pairs of each part come in passes over all of them, each in another order.

    The parts share the batches by their weights, however many pairs they have.
    """
    endless = [_endless(part.pairs, rng) for part in parts]
    together = sum(part.weight for part in parts)
    wanted = [_BATCH * _SORTED * part.weight // together for part in parts]
    while True:
        pairs = [
            pair
            for pass_, count in zip(endless, wanted, strict=True)
            for pair in itertools.islice(pass_, count)
        ]
        rng.shuffle(pairs)
        pairs.sort(key=lambda pair: len(pair.question + pair.sentence))
        cut = [pairs[i : i + _BATCH] for i in range(0, len(pairs), _BATCH)]
        rng.shuffle(cut)
        yield from cut


def _endless(pairs: Sequence[Pair], rng: Random) -> Iterator[Pair]:
    """In every pass all pairs, but only some of those whose sentence is another one."""
    while True:
        taken = [pair for pair in pairs if Label.OTHER not in pair.labels or rng.random() < _ELSEWHERE]
        rng.shuffle(taken)
        yield from taken
