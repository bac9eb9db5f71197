"""Tells from the words of a question what kind of thing it asks for, and whether it asserts something.

Logistic models over the n-grams of characters, one for each kind against the others, whose weights are in
rag/data/question_kinds.npz. `python -m tools.reader.kinds` fits them on the questions of tools/reader.
N-grams are hashed (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009), so
that no vocabulary is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

BUCKETS: Final = 1 << 14
_LONGEST_GRAM: Final = 3
_LONGEST: Final = 400  # characters of a question that are read
_FILE: Final = "question_kinds.npz"
# "20", "3.5": which number it is says nothing about the kind
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class FactKind(StrEnum):
    """What a question asks for."""

    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    RATE_FEE = "rate_fee"
    COUNT = "count"
    DATE = "date"
    DURATION = "duration"
    FREQUENCY = "frequency"
    DEPARTMENT = "department"
    CONTACT = "contact"
    PLACE = "place"
    NAME = "name"
    MATERIALS = "materials"
    PROCEDURE = "procedure"
    DEFINITION = "definition"
    ELIGIBILITY = "eligibility"
    COMPARISON = "comparison"
    SCOPE = "scope"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of a question ask for."""

    kinds: Mapping[FactKind, float]  # probabilities, which sum to 1
    asserts: float  # probability that it takes something for granted about the paper

    @property
    def kind(self) -> FactKind:
        """The most probable kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])


@dataclass(frozen=True, slots=True)
class KindModel:
    """Weights (kinds + 1, BUCKETS) and biases (kinds + 1,); the last row is for `Asked.asserts`."""

    weights: npt.NDArray[np.float32]
    biases: npt.NDArray[np.float32]

    def asked(self, text: str) -> Asked:
        """Reads a question, in any script, without regions and names of papers."""
        scores = self.weights[:, buckets(text)].sum(axis=1) + self.biases
        shares = 1 / (1 + np.exp(-scores))
        kinds = shares[:-1] / shares[:-1].sum()
        return Asked(dict(zip(FactKind, kinds.tolist(), strict=True)), float(shares[-1]))


def buckets(text: str) -> list[int]:
    """The buckets of the n-grams of a question, each once; every number counts as the same."""
    plain = f"^{_NUMBER.sub('0', text[:_LONGEST].lower())}$"
    grams = {
        plain[start : start + length]
        for length in range(1, _LONGEST_GRAM + 1)
        for start in range(len(plain) - length + 1)
    }
    return sorted({crc32(gram.encode(errors="replace")) % BUCKETS for gram in grams})


@cache
def packaged_kinds() -> KindModel:
    """Returns the model that comes with this program."""
    with files("rag").joinpath("data", _FILE).open("rb") as file, np.load(file) as arrays:
        weights = arrays["weights"].astype(np.float32) * arrays["scales"][:, None]
        return KindModel(weights.astype(np.float32), arrays["biases"])
