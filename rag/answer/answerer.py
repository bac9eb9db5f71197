"""Decides the reply to a question, from support facts or from clauses, and has it written."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from copy import copy
from dataclasses import replace
from functools import partial

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import StoreError
from rag.answer.content.findings import Findings
from rag.answer.content.parts import PartFindings, PartPlan, Together, together
from rag.answer.content.plan import Plan
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.plan import finds_nothing, plan_for
from rag.answer.deciding.refusing import no_such_day, refuse
from rag.answer.tables.table import NothingProvided, Tables
from rag.answer.wording.other_papers import OtherPapers
from rag.answer.wording.phrases import phrases_for
from rag.answer.wording.surrounding_text import Frame, Now
from rag.answer.wording.writing import Composer, Writer
from rag.facts.catalogue import FactCatalogue
from rag.language.short_names import running_name
from rag.model import Answer, Outcome, Reason, Refusal, Sentence
from rag.question.understand import Understanding
from rag.question.understood_parts import MOST_PARTS
from rag.ranking import Ranking

_log = logging.getLogger("zhengwen.answer")
# Refusals of the clauses that the facts may answer instead.
_MAY_BE_TABLE = (Reason.NO_EVIDENCE, Reason.OUT_OF_DOMAIN)


class Answerer:
    """Decides what a reply says and passes the plan to the writer."""

    def __init__(
        self,
        *,
        composer: Composer,
        catalogue: Catalogue,
        threshold: float,
        ranking: Ranking,
        quotes: int,
        nearest: int,
        tables: Tables,
    ) -> None:
        self._names = partial(running_name, catalogue=catalogue)
        self._composer = composer
        self._basis = Basis(
            catalogue=catalogue,
            frame=self._frame(catalogue),
            today=catalogue.today,
            ranking=ranking,
            threshold=threshold,
            quotes=quotes,
            nearest=nearest,
        )
        self._writer = Writer(composer=composer, frame=self._basis.frame)
        self._tables = tables

    def _frame(self, catalogue: Catalogue, *, now: Now | None = None) -> Frame:
        return Frame(
            statuses=catalogue.statuses,
            names=self._names,
            in_conflict=catalogue.in_conflict,
            now=now,
            others=OtherPapers(catalogue, names=self._names),
            day=catalogue.today,
        )

    def over(self, catalogue: Catalogue, *, facts: FactCatalogue) -> Answerer:
        """Returns an answerer that reads only papers of `catalogue`, some of the papers it was made for."""
        other = copy(self)
        other._basis = replace(self._basis, catalogue=catalogue)
        other._tables = self._tables.over(facts, catalogue)
        return other

    def on(self, catalogue: Catalogue, *, facts: FactCatalogue, now: Now) -> Answerer:
        """Returns the same answerer for a catalogue of the same papers on another day."""
        other, frame = self.over(catalogue, facts=facts), self._frame(catalogue, now=now)
        other._basis = replace(other._basis, frame=frame)
        other._writer = Writer(composer=self._composer.with_statuses(catalogue.statuses), frame=frame)
        return other

    def answer(
        self, findings: Findings, parts: Sequence[PartFindings] = ()
    ) -> Generator[Sentence, None, Answer | Refusal]:
        """Yields the sentences of the answer as they are verified; returns the reply.

        `parts` are those of a question about several matters, at most one more than are answered.
        """
        asked, plan = findings.understanding, plan_for(findings, basis=self._basis)
        tabled = self._tabled(findings, plan)
        joint = self._together(plan, findings, parts) if parts and tabled is None else None
        hits = self._basis.ranking.deciding.hits
        passages, confidence = findings.ranked[:hits], findings.confidence
        if joint is not None:
            plan, confidence = joint.plan, joint.confidence
            passages = joint.passages(most=hits)
        plan = tabled or plan
        if isinstance(plan, Refusal):
            return plan
        answer = yield from self._writer.write(
            replace(plan, as_of=asked.as_of),
            question=asked.text,
            language=asked.language,
            passages=passages,
            confidence=confidence,
            rewritten=asked.sentence if asked.rewritten else "",
        )
        if answer is None:
            return refuse(findings, Reason.NO_EVIDENCE, basis=self._basis)
        return answer if tabled is not None else self._with_card(answer, asked)

    def finds_nothing(self, findings: Findings) -> bool:
        """Whether the reply would be that no clause answers, although the question is about stored papers."""
        return finds_nothing(findings, basis=self._basis)

    def _with_card(self, answer: Answer, asked: Understanding) -> Answer:
        try:
            return self._tables.with_card(answer, asked)
        except StoreError as error:
            _log.error("the facts cannot be read, so the answer has no card: %s", error)
            return answer

    def _tabled(self, findings: Findings, otherwise: Plan | Refusal) -> Plan | Refusal | None:
        """Returns the reply from the support facts; None for a question that is answered from clauses."""
        asked = findings.understanding
        if isinstance(otherwise, Refusal) and otherwise.reason not in _MAY_BE_TABLE:
            return None
        excluded = asked.scope.excluded or asked.scope.issued_later
        if excluded or no_such_day(asked, basis=self._basis) or _is_corrected(otherwise):
            return None
        try:
            found = self._tables.plan(findings, otherwise)
        except StoreError as error:
            _log.error("the facts cannot be read, so the answer is made from clauses: %s", error)
            return None
        if isinstance(found, NothingProvided):
            phrases = phrases_for(asked.language)
            lead = phrases.not_provided.format(places=phrases.joint.join(found.places))
            lead = lead if found.places else ""
            return refuse(findings, Reason.NO_EVIDENCE, basis=self._basis, lead=lead)
        return found

    def _together(
        self, whole: Plan | Refusal, findings: Findings, parts: Sequence[PartFindings]
    ) -> Together | None:
        planned = [
            PartPlan(one.part, one.findings, plan_for(one.findings, basis=self._basis))
            for one in parts[:MOST_PARTS]
        ]
        return together(whole, findings, planned, too_many=len(parts) > MOST_PARTS)


def _is_corrected(plan: Plan | Refusal) -> bool:
    return isinstance(plan, Plan) and plan.outcome is Outcome.CORRECTED
