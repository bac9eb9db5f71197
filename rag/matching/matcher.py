"""Finds the facts that are for an enterprise: those that apply, those to confirm, and those for others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.facts.in_force import FactInForce, FactsInForce
from rag.facts.catalogue import FactCatalogue
from rag.facts.found import FactPaper, FoundFact
from rag.matching.calculation import calculation
from rag.matching.compiled import CompiledFact
from rag.matching.model import (
    Applies,
    Aspect,
    Calculation,
    DoesNotApply,
    Match,
    Matches,
    Outside,
    Profile,
    Question,
    Reason,
    ToConfirm,
    Verdict,
    Why,
)
from rag.matching.papers import CompiledPaper, compile_paper
from rag.matching.questions import STALE, framed, question_text
from rag.matching.reading.enterprise import Enterprise, read
from rag.matching.reading.places import Region
from rag.matching.verdicts import Judge

_PLACE = frozenset((Aspect.PLACE,))


class Matcher:
    """Matches profiles with the facts of a catalogue. What does not depend on a profile is prepared once."""

    def __init__(self, facts: FactCatalogue) -> None:
        self._facts = facts
        # By id of the object, which is kept too, so that no other object gets its id.
        self._papers: dict[int, tuple[FactsInForce, CompiledPaper]] = {}

    def is_over(self, facts: FactCatalogue) -> bool:
        return self._facts is facts

    def among(self, facts: FactCatalogue) -> Matcher:
        """A matcher for another state of the papers. Papers that both have are not prepared again."""
        other = Matcher(facts)
        other._papers = dict(self._papers)
        return other

    def match(self, profile: Profile, *, as_of: date | None = None) -> Matches:
        """All facts by what they mean for the enterprise on a day (today if none is named).

        Raises UnknownDocument and DamagedDocument for papers that cannot be read any more.
        """
        day = as_of or self._facts.today
        enterprise = read(profile)
        judge = Judge(enterprise)
        applies: list[Match] = []
        to_confirm: list[Match] = []
        others: list[Match | Outside] = []
        papers = self._facts.papers(as_of=day)
        self._forget(papers)
        for paper in papers:
            for one in _matches(_OnDay(paper, self._compiled(paper), day), judge, enterprise):
                if isinstance(one, Match) and isinstance(one.verdict, Applies):
                    applies.append(one)
                elif isinstance(one, Match) and isinstance(one.verdict, ToConfirm):
                    to_confirm.append(one)
                else:
                    others.append(one)
        return Matches(day, tuple(applies), tuple(to_confirm), tuple(others))

    def _forget(self, papers: Sequence[FactPaper]) -> None:
        """Drops what was prepared of papers that are no longer in use."""
        if len(self._papers) > len(papers):
            used = {id(paper.facts) for paper in papers}
            self._papers = {key: known for key, known in self._papers.items() if key in used}

    def _compiled(self, paper: FactPaper) -> CompiledPaper:
        known = self._papers.get(id(paper.facts))
        if known is None:
            known = self._papers[id(paper.facts)] = (paper.facts, compile_paper(paper))
        return known[1]


@dataclass(frozen=True, slots=True)
class _OnDay:
    """A paper prepared for matching, on a day."""

    paper: FactPaper
    compiled: CompiledPaper
    day: date

    @property
    def ended(self) -> Reason | None:
        """Why the paper gives nothing on that day."""
        found = self.compiled.ended(self.paper.status, self.day)
        return Reason(*found) if found is not None else None

    @property
    def not_here(self) -> Reason:
        return Reason(Why.REGION, self.compiled.region, Aspect.PLACE, _PLACE)


def _matches(on: _OnDay, judge: Judge, enterprise: Enterprise) -> Iterator[Match | Outside]:
    inside, ended = judge.is_inside(on.compiled.place), on.ended
    common = _common_questions(on, is_here=inside)
    away: list[FactInForce] = []
    for one, fact in on.compiled.facts:
        if inside is False and not (fact.outside and judge.is_inside(Region(fact.outside))):
            away.append(one)
        elif judge.offers(fact):
            verdict = _in_force(_with(judge.verdict(fact), common), ended)
            yield Match(
                FoundFact.of(one, on.paper),
                verdict,
                on.compiled.rules,
                _calculation(on.paper, fact, verdict, enterprise),
            )
    if away:
        reasons = (on.not_here,) if ended is None else (on.not_here, ended)
        yield Outside(on.paper, tuple(away), DoesNotApply(reasons), on.compiled.rules)


def _common_questions(on: _OnDay, *, is_here: bool | None) -> tuple[Question, ...]:
    """What is open for all facts of a paper: whether it applies there, whether it is still carried out."""
    found = []
    if is_here is None:
        quote = on.compiled.region
        text = question_text(quote.words, Aspect.PLACE)
        found.append(Question(Why.REGION, text, quote, Aspect.PLACE, _PLACE))
    stale = on.compiled.stale(on.day)
    if stale is not None:
        found.append(Question(Why.STALE, framed(STALE, stale.words), stale, None))
    return tuple(found)


def _with(verdict: Verdict, questions: tuple[Question, ...]) -> Verdict:
    match verdict:
        case Applies(quotes) if questions:
            return ToConfirm(questions, quotes)
        case ToConfirm(own, quotes) if questions:
            return ToConfirm((*own, *questions), quotes)
    return verdict


def _in_force(verdict: Verdict, ended: Reason | None) -> Verdict:
    if ended is None:
        return verdict
    if isinstance(verdict, DoesNotApply):
        return DoesNotApply((ended, *verdict.reasons))
    return DoesNotApply((ended,), otherwise=verdict)


def _calculation(
    paper: FactPaper, fact: CompiledFact, verdict: Verdict, enterprise: Enterprise
) -> Calculation | None:
    if isinstance(verdict, DoesNotApply) and verdict.otherwise is None:
        return None
    return calculation(paper.facts.excerpts.words, fact.fact, enterprise)
