"""Finds the facts that are for an enterprise: those that apply, those to confirm, and those for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import overload

from corpus.facts.in_force import FactInForce, FactsInForce
from rag.facts.catalogue import FactCatalogue
from rag.facts.found import FactPaper
from rag.matching.meaning import Meaning
from rag.matching.model import DraftOutlook, Match, Matches, Outside
from rag.matching.on_day import Group, PaperOnDay
from rag.matching.preparing.compiled import CompiledFact
from rag.matching.preparing.papers import CompiledPaper, compile_paper
from rag.matching.profile import Profile
from rag.matching.reading.enterprise import not_understood, read
from rag.matching.verdicts import Judge

_Waiting = tuple[PaperOnDay, FactInForce, CompiledFact]


class LazyMatches(Sequence[Match]):
    """Matches that are made when they are read: a reply shows some of thousands."""

    def __init__(self, waiting: Sequence[_Waiting]) -> None:
        self._waiting = waiting

    def __len__(self) -> int:
        return len(self._waiting)

    @overload
    def __getitem__(self, at: int) -> Match: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Match]: ...

    def __getitem__(self, at: int | slice) -> Match | Sequence[Match]:
        if isinstance(at, slice):
            return LazyMatches(self._waiting[at])
        on, one, fact = self._waiting[at]
        return on.match(one, fact)


class Matcher:
    """Matches profiles with the facts of a catalogue. What does not depend on a profile is prepared once.

    With `meaning` a condition may also be met in other words than the paper's.
    """

    def __init__(self, facts: FactCatalogue, *, meaning: Meaning | None = None) -> None:
        self._facts, self._meaning = facts, meaning
        # By id of the object, which is kept too, so that no other object gets its id.
        self._papers: dict[int, tuple[FactsInForce, CompiledPaper]] = {}

    def is_over(self, facts: FactCatalogue) -> bool:
        return self._facts is facts

    def among(self, facts: FactCatalogue) -> Matcher:
        """A matcher for another state of the papers. Papers that both have are not prepared again."""
        other = Matcher(facts, meaning=self._meaning)
        other._papers = dict(self._papers)
        return other

    def match(self, profile: Profile, *, as_of: date | None = None) -> Matches:
        """All facts by what they mean for the enterprise on a day (today if none is named).

        Raises UnknownDocument and DamagedDocument for papers that cannot be read any more.
        """
        day = as_of or self._facts.today
        judge = Judge(read(profile), meaning=self._meaning)
        papers = self._facts.papers(as_of=day)
        self._forget(papers)
        waiting: dict[Group, list[_Waiting]] = {group: [] for group in Group}
        outside: list[Outside] = []
        drafts: list[DraftOutlook] = []
        for paper in papers:
            on = PaperOnDay(paper, self._compiled(paper), day, judge)
            if on.is_elsewhere:
                outside.append(on.outside(on.compiled.all_given))
                continue
            if (outlook := on.outlook()) is not None:
                drafts.append(outlook)
            away = []
            for one, fact in on.compiled.facts:
                group = on.group(fact)
                if group is Group.AWAY:
                    away.append(one)
                else:
                    waiting[group].append((on, one, fact))
            if away:
                outside.append(on.outside(away))
        return Matches(
            day,
            LazyMatches(waiting[Group.APPLIES]),
            # What is nearest to being decided comes first.
            LazyMatches(sorted(waiting[Group.TO_CONFIRM], key=lambda one: judge.open_conditions(one[2]))),
            LazyMatches(waiting[Group.DOES_NOT_APPLY]),
            tuple(outside),
            tuple(drafts),
            not_understood(profile),
        )

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
