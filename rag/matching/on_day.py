"""Judges the facts of one paper as it is on a day: where it applies, and whether it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum

from corpus.facts.in_force import FactInForce
from corpus.model import Status
from rag.facts.found import FactPaper, FoundFact
from rag.matching.calculation import calculation
from rag.matching.model import (
    Applies,
    Aspect,
    Calculation,
    DoesNotApply,
    DraftOutlook,
    Match,
    Outside,
    Question,
    Reason,
    ToConfirm,
    Verdict,
    Why,
)
from rag.matching.preparing.compiled import CompiledFact
from rag.matching.preparing.papers import CompiledPaper
from rag.matching.questions import STALE, framed, question_text
from rag.matching.reading.places import Region
from rag.matching.verdicts import Judge

_PLACE = frozenset((Aspect.PLACE,))


class Group(Enum):
    """What a fact means for the enterprise; its match is made when it is shown."""

    APPLIES = "applies"
    TO_CONFIRM = "to_confirm"
    DOES_NOT_APPLY = "does_not_apply"
    AWAY = "away"  # the paper applies elsewhere
    NOT_OFFERED = "not_offered"  # a duty of others


class PaperOnDay:
    """A paper on a day, for one enterprise."""

    def __init__(self, paper: FactPaper, compiled: CompiledPaper, day: date, judge: Judge) -> None:
        self.paper, self.compiled, self._judge = paper, compiled, judge
        self._is_here = judge.is_inside(compiled.place)
        ended = compiled.ended(paper.status, day)
        self._ended = Reason(*ended) if ended is not None else None
        self._common = _common_questions(compiled, day, is_here=self._is_here)
        self._shut_out = _shut_out(compiled, judge)
        is_over = self._ended is not None or self._shut_out is not None
        self._groups: dict[bool | str | None, Group] = {
            Judge.NOT_OFFERED: Group.NOT_OFFERED,
            False: Group.DOES_NOT_APPLY,
            None: Group.DOES_NOT_APPLY if is_over else Group.TO_CONFIRM,
            True: Group.DOES_NOT_APPLY if is_over else Group.TO_CONFIRM if self._common else Group.APPLIES,
        }

    def group(self, fact: CompiledFact) -> Group:
        if self._is_here is False and not self._is_for_others(fact):
            return Group.AWAY
        return self._groups[self._judge.holds(fact)]

    def outlook(self) -> DraftOutlook | None:
        """What the paper would give if it were issued; None for one that is no draft, or gives nothing."""
        if self.paper.status is not Status.DRAFT or self.is_elsewhere or self._shut_out is not None:
            return None
        here = [fact for _, fact in self.compiled.facts if self.group(fact) is Group.DOES_NOT_APPLY]
        held = [self._judge.holds(fact) for fact in here]
        applies = 0 if self._common else held.count(True)
        to_confirm = held.count(True) + held.count(None) - applies
        return DraftOutlook(self.paper, applies, to_confirm) if applies + to_confirm else None

    def match(self, one: FactInForce, fact: CompiledFact) -> Match:
        """The fact with its verdict. It is not one of those that are away or not offered."""
        verdict = self._in_force(_with(self._judge.verdict(fact), self._common))
        found = FoundFact.of(one, self.paper)
        return Match(found, verdict, self.compiled.rules, self._calculation(fact, verdict))

    @property
    def is_elsewhere(self) -> bool:
        """Whether no fact of the paper can be for the enterprise: it is not where the paper applies."""
        return self._is_here is False and not self.compiled.names_places_outside

    def outside(self, facts: Sequence[FactInForce]) -> Outside:
        """The facts of a paper that applies elsewhere."""
        region = Reason(Why.REGION, self.compiled.region, Aspect.PLACE, _PLACE)
        reasons = (region,) if self._ended is None else (region, self._ended)
        return Outside(self.paper, tuple(facts), DoesNotApply(reasons), self.compiled.rules)

    def _is_for_others(self, fact: CompiledFact) -> bool:
        """Whether the fact names beneficiaries elsewhere, and the enterprise is there: 港澳已上市的药品."""
        return bool(fact.outside) and self._judge.is_inside(Region(fact.outside)) is True

    def _in_force(self, verdict: Verdict) -> Verdict:
        if self._shut_out is not None:
            return DoesNotApply((self._shut_out, *([self._ended] if self._ended is not None else [])))
        if self._ended is None:
            return verdict
        if isinstance(verdict, DoesNotApply):
            return DoesNotApply((self._ended, *verdict.reasons))
        return DoesNotApply((self._ended,), otherwise=verdict)

    def _calculation(self, fact: CompiledFact, verdict: Verdict) -> Calculation | None:
        if isinstance(verdict, DoesNotApply) and verdict.otherwise is None:
            return None
        return calculation(self.paper.facts.excerpts.words, fact.fact, self._judge.enterprise)


def _shut_out(compiled: CompiledPaper, judge: Judge) -> Reason | None:
    """The rule by which nothing in the paper is for the enterprise: 房地产企业不享受本政策."""
    for part in compiled.shut_out:
        found = judge.part(part)
        if found.holds:
            return Reason(Why.SCOPE, part.quote, found.aspect, found.aspects)
    return None


def _common_questions(compiled: CompiledPaper, day: date, *, is_here: bool | None) -> tuple[Question, ...]:
    """What is open for all facts of a paper: whether it applies there, whether it is still carried out."""
    found = []
    if is_here is None:
        quote = compiled.region
        text = question_text(quote.words, Aspect.PLACE)
        found.append(Question(Why.REGION, text, quote, Aspect.PLACE, _PLACE))
    stale = compiled.stale(day)
    if stale is not None:
        found.append(Question(Why.STALE, framed(STALE, stale.words), stale, None))
    return tuple(found)


def _with(verdict: Verdict, questions: tuple[Question, ...]) -> Verdict:
    match verdict:
        case Applies(quotes, understood) if questions:
            return ToConfirm(questions, quotes, understood)
        case ToConfirm(own, quotes, understood) if questions:
            return ToConfirm((*own, *questions), quotes, understood)
    return verdict
