"""Judges by the reader whether the best sentences answer, do not state what was asked, contradict it, or are
about another matter.

The reader gives a verdict for each sentence; a logistic model of them, the confidence and what else
`rag.evidence.judgement_features` lists decides. Its weights are in `rag/data/judgement.json`, fitted by
`python -m evals.fit_judgement`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.model import Reader
from rag.errors import CalibrationFault
from rag.evidence.judgement_features import FEATURES, features, read_text
from rag.evidence.sentences import Evidence
from rag.question.kinds import Asked, KindModel

_FILE = "judgement.json"
_DIGITS = 12  # of a fingerprint


class Finding(StrEnum):
    """What the best sentences are to the question."""

    ANSWERED = "answered"
    UNSTATED = "unstated"  # they are on the matter and do not state what was asked
    CONTRADICTED = "contradicted"  # they contradict what the question asserts
    OTHER = "other"  # they are about another matter


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision, and the sentence it rests on: the one that answers or contradicts most."""

    finding: Finding
    sentence: Evidence
    shares: Mapping[Finding, float]  # probabilities, which sum to 1
    asked: Asked  # what the question asks for


class JudgementModel(BaseModel):
    """Weights of the features for each finding, and the probability from which each finding is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: Literal[1] = 1
    reader: str  # fingerprint of the reader whose verdicts they were fitted on
    sentences: int = Field(ge=1)  # so many are read, the best first
    sure: float = Field(ge=0, le=1)  # at a higher confidence nothing is read
    weights: dict[Finding, dict[str, float]]
    bias: dict[Finding, float]
    least: dict[Finding, float]  # a finding but `answered` needs this probability
    fitted_on: dict[str, int]  # questions by set
    date: str

    @model_validator(mode="after")
    def _weighs_every_feature(self) -> JudgementModel:
        if set(self.weights) != set(Finding) or any(
            set(one) != set(FEATURES) for one in self.weights.values()
        ):
            raise ValueError(f"each finding needs weights for exactly these features: {', '.join(FEATURES)}")
        if set(self.bias) != set(Finding) or set(self.least) != set(Finding) - {Finding.ANSWERED}:
            raise ValueError("each finding needs a bias, and each but `answered` a least probability")
        return self

    @property
    def fingerprint(self) -> str:
        """Returns a digest of what decides, regardless of what it was fitted on."""
        decides = self.model_dump(mode="json", exclude={"fitted_on", "date"})
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:_DIGITS]

    def shares(self, features: Sequence[float]) -> dict[Finding, float]:
        """Returns the probability of each finding."""
        totals = {
            finding: self.bias[finding]
            + sum(self.weights[finding][name] * value for name, value in zip(FEATURES, features, strict=True))
            for finding in Finding
        }
        highest = max(totals.values())
        powers = {finding: math.exp(total - highest) for finding, total in totals.items()}
        whole = sum(powers.values())
        return {finding: power / whole for finding, power in powers.items()}

    def finding(self, shares: Mapping[Finding, float]) -> Finding:
        """Returns the most probable finding that reaches its least probability; else `answered`."""
        reached = [finding for finding, least in self.least.items() if shares[finding] >= least]
        return max(reached, key=lambda finding: shares[finding], default=Finding.ANSWERED)


class Judge:
    """Reads the best sentences for a question."""

    def __init__(self, reader: Reader, model: JudgementModel, *, kinds: KindModel) -> None:
        self._reader, self._model, self._kinds = reader, model, kinds

    @property
    def fingerprint(self) -> str:
        """Identifies the reader and what decides on its verdicts."""
        return f"{self._reader.fingerprint}:{self._model.fingerprint}"

    def judge(self, question: str, evidence: Sequence[Evidence], *, confidence: float) -> Judgement | None:
        """Returns the judgement; None where there is nothing to read or the confidence is high enough."""
        if confidence > self._model.sure:
            return None
        sentences = evidence[: self._model.sentences]
        if not sentences:
            return None
        verdicts = self._reader.judge(question, [read_text(found) for found in sentences])
        asked = self._kinds.asked(question)
        shares = self._model.shares(features(question, asked, sentences, verdicts, confidence=confidence))
        finding = self._model.finding(shares)
        contradicts = finding is Finding.CONTRADICTED
        told = [verdict.contradicts if contradicts else verdict.answers for verdict in verdicts]
        return Judgement(finding, sentences[told.index(max(told))], shares, asked)


@cache
def packaged_judgement() -> JudgementModel:
    """Returns the one that comes with this program. Raises CalibrationFault where it is damaged."""
    try:
        return JudgementModel.model_validate_json(files("rag").joinpath("data", _FILE).read_bytes())
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error}). Install the program again"
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        reason = ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")
    raise CalibrationFault(_FILE, reason, fitted_by="evals.fit_judgement")
