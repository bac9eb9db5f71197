"""Judges by the reader whether the best sentences answer, do not state what was asked, contradict it, or are
about another matter.

The reader gives a verdict for each sentence; a logistic model of them, the confidence and what else
`rag.evidence.judgement_features` lists decides. Its weights are in `rag/data/judgement.json`, fitted by
`python -m evals.fit_judgement`. Reading takes most of the time of an answer, so the sentences are read one by
one, until those that were read decide.
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
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.model import Reader, Verdict
from rag.errors import CalibrationFault
from rag.evidence.judgement_features import FEATURES, features, read_text
from rag.evidence.sentences import Evidence
from rag.question.kinds import Asked, KindModel

_FILE = "judgement.json"
_DIGITS = 12  # of a fingerprint
_EDGE = 1e-9  # a probability is kept this far from 0 and 1 before its log odds
# Probability of an answer from which a reply begins with the figure asked for. Of the development questions
# 64 % with an answer reach it, and 5 % of those without one. Of compared papers each has to.
BEGINS_WITH = 0.5


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
    shares: Mapping[Finding, float]  # probabilities by the sentences that were read, which sum to 1
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
    # Log odds after one sentence, after two, …: no further one is read when every probability is further from
    # those that decide. The sentences without such a number are read together.
    settled: tuple[Annotated[float, Field(ge=0)], ...] = ()
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

    def is_settled(self, shares: Mapping[Finding, float], *, read: int, begins: bool) -> bool:
        """Whether no further sentence is to be read after `read` of them.

        `begins`: the reply may begin with the figure asked for. Of sentences that contradict, the one that
        does so most is quoted, so all are read.
        """
        if read > len(self.settled) or self.finding(shares) is Finding.CONTRADICTED:
            return False
        deciding = [(finding, least) for finding, least in self.least.items() if least < 1]
        deciding += [(Finding.ANSWERED, BEGINS_WITH)] if begins else []
        margin = self.settled[read - 1]
        return all(abs(_log_odds(shares[finding]) - _log_odds(least)) > margin for finding, least in deciding)


class Judge:
    """Reads the best sentences for a question."""

    def __init__(self, reader: Reader, model: JudgementModel, *, kinds: KindModel) -> None:
        self._reader, self._model, self._kinds = reader, model, kinds

    @property
    def fingerprint(self) -> str:
        """Identifies the reader and what decides on its verdicts."""
        return f"{self._reader.fingerprint}:{self._model.fingerprint}"

    def judge(
        self, question: str, evidence: Sequence[Evidence], *, confidence: float, begins: bool
    ) -> Judgement | None:
        """Returns the judgement; None where there is nothing to read or the confidence is high enough.

        `begins`: the reply may begin with the figure asked for, if the sentences are likely to answer.
        """
        if confidence > self._model.sure:
            return None
        sentences = evidence[: self._model.sentences]
        if not sentences:
            return None
        asked = self._kinds.asked(question)
        verdicts: list[Verdict] = []
        while True:
            alone = len(verdicts) < len(self._model.settled)
            more = sentences[len(verdicts) :][: 1 if alone else None]
            verdicts += self._reader.judge(question, [read_text(found) for found in more])
            read = sentences[: len(verdicts)]
            shares = self._model.shares(features(question, asked, read, verdicts, confidence=confidence))
            settled = self._model.is_settled(shares, read=len(read), begins=begins)
            if settled or len(read) == len(sentences):
                break
        finding = self._model.finding(shares)
        contradicts = finding is Finding.CONTRADICTED
        told = [verdict.contradicts if contradicts else verdict.answers for verdict in verdicts]
        return Judgement(finding, read[told.index(max(told))], shares, asked)


def _log_odds(share: float) -> float:
    kept = min(max(share, _EDGE), 1 - _EDGE)
    return math.log(kept / (1 - kept))


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
