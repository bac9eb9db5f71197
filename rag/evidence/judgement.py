"""Judges by the reader whether the best sentences answer, do not state what was asked, contradict it, or are
about another matter.

The reader gives a verdict for each sentence; a logistic model of them and of the confidence decides. Its
weights are in `rag/data/judgement.json`, fitted by `python -m evals.fit_judgement`.
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

from index.model import Reader, Verdict
from rag.errors import CalibrationFault
from rag.evidence.context import clause_context, in_context
from rag.evidence.sentences import Evidence

FEATURES = (
    "confidence",  # logit of the confidence of the search
    "answers_best",  # of the best sentence
    "answers_most",  # the highest of the sentences read
    "unstated_best",
    "contradicts_best",
    "contradicts_most",
    "other_best",
    "other_least",
)
_FILE = "judgement.json"
_DIGITS = 12  # of a fingerprint
_EDGE = 1e-3  # probabilities are kept this far from 0 and 1 before their logit


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


def features(confidence: float, verdicts: Sequence[Verdict]) -> tuple[float, ...]:
    """Returns the features of a question in the order of `FEATURES`; `verdicts` are of the best sentences."""
    kept = min(max(confidence, _EDGE), 1 - _EDGE)
    best = verdicts[0]
    return (
        math.log(kept / (1 - kept)),
        best.answers,
        max(verdict.answers for verdict in verdicts),
        best.unstated,
        best.contradicts,
        max(verdict.contradicts for verdict in verdicts),
        best.other,
        min(verdict.other for verdict in verdicts),
    )


def read_text(found: Evidence) -> str:
    """Returns what the reader reads of a sentence: its context and its text."""
    return in_context(clause_context(found.passage.document, found.unit.clause), found.text)


class Judge:
    """Reads the best sentences for a question."""

    def __init__(self, reader: Reader, model: JudgementModel) -> None:
        self._reader, self._model = reader, model

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
        shares = self._model.shares(features(confidence, verdicts))
        finding = self._model.finding(shares)
        contradicts = finding is Finding.CONTRADICTED
        told = [verdict.contradicts if contradicts else verdict.answers for verdict in verdicts]
        return Judgement(finding, sentences[told.index(max(told))], shares)


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
