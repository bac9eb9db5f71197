"""A reader that follows a script, and weights that take its verdicts as they are."""

from __future__ import annotations

from collections.abc import Sequence

from index.model import Verdict
from rag.evidence.judgement import Finding, JudgementModel
from rag.evidence.judgement_features import FEATURES

ANSWERS = Verdict(answers=1.0, unstated=0.0, contradicts=0.0, other=0.0)
UNSTATED = Verdict(answers=0.0, unstated=1.0, contradicts=0.0, other=0.0)
CONTRADICTS = Verdict(answers=0.0, unstated=0.0, contradicts=1.0, other=0.0)
OTHER = Verdict(answers=0.0, unstated=0.0, contradicts=0.0, other=1.0)

_OWN = {
    Finding.ANSWERED: "answers_most",
    Finding.UNSTATED: "unstated_best",
    Finding.CONTRADICTED: "contradicts_most",
    Finding.OTHER: "other_least",
}


def weights() -> JudgementModel:
    """Returns weights by which one sentence that contradicts outweighs those that answer.

    The features of the reader are log odds of about ±4.
    """
    return JudgementModel(
        reader=ScriptedReader.fingerprint,
        sentences=3,
        sure=1.0,
        weights={
            finding: dict.fromkeys(FEATURES, 0.0) | {own: 1.5 if finding is Finding.CONTRADICTED else 1.0}
            for finding, own in _OWN.items()
        },
        bias=dict.fromkeys(Finding, 0.0),
        least={finding: 0.5 for finding in Finding if finding is not Finding.ANSWERED},
        fitted_on={},
        date="2026-01-01",
    )


class ScriptedReader:
    """Gives the verdict of the first words of the script that a sentence contains, or else `otherwise`.

    Accepts, like real tokenizers, only text that can be encoded as UTF-8.
    """

    fingerprint = "scripted"

    def __init__(self) -> None:
        self.follow(ANSWERS)

    def follow(self, otherwise: Verdict, **script: Verdict) -> None:
        """Begins another script, in which nothing has been read."""
        self._otherwise, self._script = otherwise, script
        self.read: list[tuple[str, tuple[str, ...]]] = []  # questions with their sentences

    def judge(self, question: str, sentences: Sequence[str]) -> list[Verdict]:
        for text in (question, *sentences):
            text.encode()
        self.read.append((question, tuple(sentences)))
        return [self._verdict(sentence) for sentence in sentences]

    def _verdict(self, sentence: str) -> Verdict:
        found = (verdict for words, verdict in self._script.items() if words in sentence)
        return next(found, self._otherwise)
