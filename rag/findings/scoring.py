"""Scores the sentences of retrieved clauses, and has the reader judge the best of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial

from corpus.catalogue.catalogue import Catalogue
from rag.answer.content.asked import may_begin
from rag.answer.content.findings import Findings
from rag.answer.content.refusal import is_open
from rag.evidence.calibration import Calibration
from rag.evidence.confidence import Signals, signals
from rag.evidence.framing import to_be_judged
from rag.evidence.judgement import Judge, Judgement
from rag.evidence.out_of_force import only_ended_answers
from rag.evidence.referring import referring_to_best
from rag.evidence.sentences import EvidenceFinder, EvidenceList
from rag.findings.search import Retrieved
from rag.model import Passage
from rag.question.intent import Breadth
from rag.question.understand import Understanding
from rag.ranking import Ranking

_MOST_JUDGED = 4  # compared papers whose sentences are read; more would take too long


class Scoring:
    """Makes findings of retrieved passages: evidence, confidence and judgements."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        finder: EvidenceFinder,
        calibration: Calibration,
        ranking: Ranking,
        judge: Judge | None,
    ) -> None:
        self._catalogue, self._finder, self._ranking = catalogue, finder, ranking
        self._calibration, self._judge = calibration, judge

    def over(self, catalogue: Catalogue) -> Scoring:
        """Returns the same for some of the papers, or for their statuses on another day."""
        other = copy(self)
        other._catalogue = catalogue
        return other

    def read(self, understanding: Understanding, retrieved: Retrieved) -> Findings:
        """Returns what the passages say to a question; papers out of force only if no others answer."""
        findings = self._scored(understanding, retrieved.passages)
        if retrieved.regardless:
            ended = self._scored(understanding, {"": retrieved.regardless})
            if only_ended_answers(
                ended.ranked[0].document,
                findings.ranked[0].document,
                confidence=(ended.confidence, findings.confidence),
                threshold=self._calibration.threshold,
                in_title=partial(self._finder.title_coverage, understanding.query),
                catalogue=self._catalogue,
            ):
                findings = ended
        return replace(findings, judgement=self._judged(findings), judgements=self._judged_each(findings))

    def _scored(self, understanding: Understanding, passages: Mapping[str, Sequence[Passage]]) -> Findings:
        flat = [passage for group in passages.values() for passage in group]
        evidence = self._finder.find(understanding.query, flat, wants=understanding.wants)
        referring = {
            i: referring_to_best(group, understanding.wants, finder=self._finder)
            for i, group in passages.items()
        }
        found = {
            i: self._signals(understanding, group, evidence, referring[i]) for i, group in passages.items()
        }
        sure = {i: self._calibration.confidence(one) for i, one in found.items()}
        best = max(found, key=sure.__getitem__)
        return Findings(
            understanding,
            passages,
            evidence,
            found[best],
            sure[best],
            referring=referring[best],
            confidences=sure,
        )

    def _signals(
        self,
        understanding: Understanding,
        passages: Sequence[Passage],
        evidence: EvidenceList,
        referring: Passage | None,
    ) -> Signals:
        return signals(
            understanding.query,
            passages,
            evidence,
            finder=self._finder,
            wants=understanding.wants,
            named=understanding.scope.named or understanding.breadth is Breadth.WHICH,
            scales=self._ranking.signals,
            referring=referring,
        )

    def _judged(self, findings: Findings) -> Judgement | None:
        """Returns what the reader makes of the best sentences, where the reply depends on it."""
        threshold, related = self._calibration.threshold, self._ranking.deciding.related
        if self._judge is None or not is_open(findings, threshold=threshold, related=related):
            return None
        asked = findings.understanding
        sentences = to_be_judged(asked, findings.evidence)
        begins = may_begin(asked.own, asked.wants, confidence=findings.confidence)
        return self._judge.judge(asked.words, sentences, confidence=findings.confidence, begins=begins)

    def _judged_each(self, findings: Findings) -> dict[str, Judgement]:
        """Returns what the reader makes of the best sentences of each of a few compared papers."""
        asked, compared = findings.understanding, findings.passages
        if self._judge is None or asked.breadth is not Breadth.COMPARE or len(compared) > _MOST_JUDGED:
            return {}
        begins = may_begin(asked.own, asked.wants, confidence=findings.confidence)
        judged = {
            document_id: self._judge.judge(
                asked.words,
                [found for found in findings.evidence if found.passage.document.id == document_id],
                confidence=findings.confidences[document_id],
                begins=begins,
            )
            for document_id in compared
        }
        return {document_id: found for document_id, found in judged.items() if found is not None}
