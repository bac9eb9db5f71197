"""The calibration of the confidence: what each signal weighs, the threshold, and what both were fitted on.

One comes with the program, in `rag/data/confidence.json`, for the bundled embedding model. An index keeps the
one it was built with, as another model gives other cosines. `python -m evals.calibrate` fits one.
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

# Signals that are weighed; the coverage only names the reason of a refusal.
WEIGHED = tuple(field.name for field in fields(Signals) if field.name != "coverage")
_PACKAGED = "confidence.json"
_DIGITS = 12  # of a fingerprint


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FittedOn(_Part):
    """A set of questions that weights were fitted on."""

    name: str
    questions: int = Field(ge=0)  # those that the confidence decides
    answerable: int = Field(ge=0)


class Calibration(_Part):
    """Weights of the signals, and where they come from."""

    format: Literal[1] = 1
    signals: int  # `rag.evidence.confidence.SIGNALS` of the program that fitted them
    weights: dict[str, float]
    bias: float
    threshold: float = Field(ge=0, le=1)  # below it an answer is a refusal, unless another one is set
    model: str  # fingerprint of the embedding model whose cosines were weighed
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
        """The same for the same confidence and threshold, whatever they were fitted on."""
        decides = self.model_dump(include={"signals", "weights", "bias", "threshold"})
        if self.ranking:
            decides["ranking"] = self.ranking
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:_DIGITS]

    def confidence(self, found: Signals) -> float:
        """Probability in [0, 1] that the best clauses answer the question."""
        total = self.bias + sum(self.weights[name] * getattr(found, name) for name in WEIGHED)
        return 1 / (1 + math.exp(-total))


@cache
def packaged() -> Calibration:
    """The calibration of this program for the bundled model."""
    return _read(files("rag").joinpath("data", _PACKAGED).read_bytes(), place=_PACKAGED)


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file. Raises CalibrationFault when it holds none of this program's signals."""
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


def kept(stored: Mapping[str, JsonValue]) -> Calibration:
    """The calibration that an index was built with, or that of the program where it has none that fits.

    An index may be older than the program: what it keeps weighs other signals then, or is none at all.
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
