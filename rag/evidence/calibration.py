"""The calibration of the confidence: the weight of each signal, the threshold, and what both were fitted on.

`rag/data/confidence.json` is the one for the bundled embedding model. An index stores the one it was built
with, as another model gives other cosines. `python -m evals.calibrate` fits one.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from rag.errors import CalibrationFault
from rag.evidence.confidence import SIGNALS, Signals

# Signals with a weight; the coverage only decides the reason of a refusal.
WEIGHED = tuple(field.name for field in fields(Signals) if field.name != "coverage")
_PACKAGED = "confidence.json"
_DIGITS = 12  # of a fingerprint
_LARGEST = 700.0  # exponent; exp of a larger one is no float


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FittedOn(_Part):
    """A set of questions that the weights were fitted on."""

    name: str
    questions: int = Field(ge=0)  # those whose outcome depends on the confidence
    answerable: int = Field(ge=0)


class Calibration(_Part):
    """Weights of the signals, and their origin."""

    format: Literal[1] = 1
    signals: int  # `rag.evidence.confidence.SIGNALS` when they were fitted
    weights: dict[str, float]
    bias: float
    threshold: float = Field(ge=0, le=1)  # lower confidence: refusal; a setting may override it
    model: str  # fingerprint of the embedding model
    ranking: str = ""  # fingerprint of the ranking that found the clauses; empty where it is unknown
    fitted_on: tuple[FittedOn, ...]
    date: str
    commit: str  # of the program that fitted them; empty where unknown

    @model_validator(mode="after")
    def _weighs_every_signal(self) -> Calibration:
        if set(self.weights) != set(WEIGHED):
            raise ValueError(f"weights are needed for exactly these signals: {', '.join(WEIGHED)}")
        return self

    @property
    def fingerprint(self) -> str:
        """Returns a digest of what decides confidence and refusal, regardless of what it was fitted on."""
        decides = self.model_dump(include={"signals", "weights", "bias", "threshold"})
        if self.ranking:
            decides["ranking"] = self.ranking
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:_DIGITS]

    def is_for(self, ranking: str) -> bool:
        """Whether it was fitted with the ranking of that fingerprint, as far as is known."""
        return self.ranking in ("", ranking)

    def confidence(self, found: Signals) -> float:
        """Returns the probability in [0, 1] that the best clauses answer the question."""
        total = self.bias + sum(self.weights[name] * getattr(found, name) for name in WEIGHED)
        return 1 / (1 + math.exp(min(-total, _LARGEST)))


@cache
def packaged() -> Calibration:
    """Returns the calibration that comes with this program, for the bundled model."""
    return _read(files("rag").joinpath("data", _PACKAGED).read_bytes(), place=_PACKAGED)


def read_calibration(path: Path) -> Calibration:
    """Reads a calibration file. Raises CalibrationFault when it cannot be read or is for other signals."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CalibrationFault(str(path), f"cannot be read ({error.strerror or error})") from error
    found = _read(data, place=str(path))
    if found.signals != SIGNALS:
        raise CalibrationFault(
            str(path), f"is for signals {found.signals}, this version has signals {SIGNALS}"
        )
    return found


def stored_calibration(stored: Mapping[str, JsonValue]) -> Calibration:
    """Returns the calibration stored in an index, or the packaged one where it has none for these signals.

    An index may be older than the program: it may contain weights of other signals, or none.
    """
    if (stored.get("format"), stored.get("signals")) != (1, SIGNALS):
        return packaged()
    return _read(json.dumps(stored).encode(), place="the index")


def _read(data: bytes, *, place: str) -> Calibration:
    try:
        return Calibration.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise CalibrationFault(place, f"{where}: {first['msg']}" if where else str(first["msg"])) from error
