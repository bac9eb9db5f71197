"""The verdict on one fact: every condition judged, with the words of the paper that decide."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final

from index.terms.tokenize import fold
from rag.matching.finding import Finding
from rag.matching.judging import all_of, any_of, judge
from rag.matching.meaning import Meaning
from rag.matching.model import (
    Applies,
    Aspect,
    DoesNotApply,
    Question,
    Quoted,
    Reason,
    ToConfirm,
    Understood,
    Why,
)
from rag.matching.other_words import OtherWords
from rag.matching.preparing.compiled import Area, CompiledFact, Part
from rag.matching.questions import question_text
from rag.matching.reading.enterprise import Enterprise, joined
from rag.matching.reading.needs import without_recognition
from rag.matching.reading.places import Region, is_inside

_SHORTEST_STATED = 4  # characters; 企业 in the words of an event does not state who it is
_SHORTEST_SAID = 6  # the same in a sentence, which says more
_NOT_JUDGED = "not judged"
_TOLD = 0.5  # share of the pairs of characters that tell a fact from another one
_UNTOLD = Finding(None, aspects=frozenset((Aspect.HISTORY,)))
_OPEN = Finding(None)  # by the paper, so that nothing in a profile changes it


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the words it is about."""

    finding: Finding
    quote: Quoted
    is_left_open: bool = False  # by the paper, whatever the enterprise is


class Judge:
    """Judges facts for one enterprise; conditions that occur in several facts are judged once."""

    NOT_OFFERED: Final = "not offered"

    def __init__(self, enterprise: Enterprise, *, meaning: Meaning | None = None) -> None:
        self.enterprise = enterprise
        # What a time limit is for may be intended or asked about instead of done.
        self._asking = replace(enterprise, text=f"{enterprise.text}\n{enterprise.procedures}")
        self._others = OtherWords(enterprise, meaning) if meaning is not None else None
        self._clauses = "\n".join(joined(one.text) for one in enterprise.clauses)
        self._pairs = frozenset(a + b for a, b in pairwise(joined(enterprise.own_words)))
        self._known: dict[Hashable, Finding] = {}
        self._outcomes: dict[int, bool | str | None] = {}
        self._open: dict[int, int] = {}
        self._met_otherwise: set[int] = set()  # keys of facts that hold in other words

    def is_inside(self, region: Region | None) -> bool | None:
        """Whether the enterprise is in a region; None if that is not known."""
        if region is None:
            return None
        inside = is_inside(self.enterprise.places, region.codes) if region.codes else None
        if not region.zone or inside is False:
            return inside
        if region.zone in self.enterprise.plain:
            return True
        return False if region.zone in self.enterprise.elsewhere else None

    def holds(self, fact: CompiledFact) -> bool | str | None:
        """Whether the fact applies, or NOT_OFFERED. Judged once for all facts with the same conditions."""
        found = self._outcomes.get(fact.key, _NOT_JUDGED)
        if found is _NOT_JUDGED:
            found = self._outcomes[fact.key] = self._outcome(fact)
        return found

    def _outcome(self, fact: CompiledFact) -> bool | str | None:
        if not self._offers(fact):
            return self.NOT_OFFERED
        findings = [one.finding for one in self._judged(fact)]
        self._open[fact.key] = sum(one.holds is None for one in findings)
        holds = all_of(findings).holds
        if holds is None and self._holds_in_other_words(fact):
            self._met_otherwise.add(fact.key)
            return True
        return holds

    def _holds_in_other_words(self, fact: CompiledFact) -> bool:
        if self._others is None or fact.left_open is not None or not fact.says_for_whom:
            return False
        return all(one.finding.holds for one in self._judged(fact, in_other_words=True))

    def open_conditions(self, fact: CompiledFact) -> int:
        """How many conditions of a fact are not known to hold, after `holds` was asked of it."""
        return self._open.get(fact.key, 0)

    def _offers(self, fact: CompiledFact) -> bool:
        """Whether the fact is for enterprises, or the enterprise is the body that has the duty."""
        return fact.duty is None or bool(fact.classes) or self.part(fact.duty).holds is True

    def verdict(self, fact: CompiledFact) -> Applies | ToConfirm | DoesNotApply:
        """The verdict as if the paper applied where the enterprise is, and were in force."""
        judged = list(self._judged(fact, in_other_words=fact.key in self._met_otherwise))
        failed = tuple(
            Reason(one.finding.why, one.quote, one.finding.aspect, one.finding.aspects)
            for one in judged
            if one.finding.holds is False
        )
        if failed:
            return DoesNotApply(failed)
        quotes = tuple(one.quote for one in judged if one.finding.holds)
        questions = tuple(map(_question, _widest([one for one in judged if one.finding.holds is None])))
        understood = tuple(Understood(one.quote, one.finding.said) for one in judged if one.finding.said)
        return ToConfirm(questions, quotes, understood) if questions else Applies(quotes, understood)

    def _judged(self, fact: CompiledFact, *, in_other_words: bool = False) -> Iterator[Judged]:
        others = self._others if in_other_words else None
        if fact.area is not None:
            yield self._area(fact.area)
        if fact.classes:
            yield self._classes(fact, others)
        for part in fact.parts:
            yield Judged(_met(self.part(part), part, others), part.quote)
        if fact.left_open is not None:
            yield Judged(_OPEN, fact.left_open, is_left_open=True)
        if not fact.says_for_whom:
            yield Judged(_OPEN, fact.whole, is_left_open=True)
        elif not self._is_told_apart(fact):
            yield Judged(_UNTOLD, fact.described)

    def _is_told_apart(self, fact: CompiledFact) -> bool:
        """Whether the profile says by which words the fact differs from others of its clause."""
        return all(len(own & self._pairs) >= _TOLD * len(own) for own in fact.told_by)

    def _classes(self, fact: CompiledFact, others: OtherWords | None) -> Judged:
        """The alternative that holds, or the one that is nearest to it."""
        found = [self._alternative(parts, others) for parts in fact.classes]
        best = any_of([one.finding for one in found])
        nearest = next(one for one in found if one.finding.holds is best.holds)
        return replace(nearest, finding=best)

    def _alternative(self, parts: tuple[Part, ...], others: OtherWords | None) -> Judged:
        found = [Judged(_met(self.part(part), part, others), part.quote) for part in parts]
        worst = all_of([one.finding for one in found])
        decisive = next(one for one in found if one.finding.holds is worst.holds)
        return replace(decisive, finding=worst)

    def part(self, part: Part) -> Finding:
        """Whether the profile meets one condition, in the words of the paper or a class of them."""
        found = self._known.get(part.key)
        if found is None:
            found = judge(part.condition, self._asking if part.is_procedure else self.enterprise)
            self._known[part.key] = found
        if found.holds is None and self._is_stated(part):
            return replace(found, holds=True)
        return found

    def _is_stated(self, part: Part) -> bool:
        """Whether a clause, an event or a title of the profile has the words of the condition as they are."""
        if part.is_procedure:
            return False
        words = joined(without_recognition(fold(part.quote.words)))
        if len(words) >= _SHORTEST_STATED and words in self.enterprise.stated:
            return True
        return len(words) >= _SHORTEST_SAID and words in self._clauses

    def _area(self, area: Area) -> Judged:
        at = partial(Finding.of, why=Why.REGION, aspect=Aspect.PLACE)
        places = self.enterprise.places
        for quote, codes in area.elsewhere:
            inside = is_inside(places, codes)
            if inside:
                return Judged(at(False), quote)
            if inside is None and not is_inside(places, area.named):
                return Judged(at(None), quote)
        inside = is_inside(places, area.codes) if area.codes else None
        if inside is False and area.is_open:
            inside = None
        return Judged(at(inside), area.quote)


def _met(found: Finding, part: Part, others: OtherWords | None) -> Finding:
    """The finding; one that is open holds where the profile says the same in other words."""
    if found.holds is not None or others is None:
        return found
    said = others.saying(part)
    return replace(found, holds=True, said=said) if said is not None else found


def _widest(judged: Sequence[Judged]) -> Iterator[Judged]:
    """Without those about a part of the words of another: 达到2000万元 of 投资额达到2000万元."""
    spans = [one.quote.span for one in judged]
    for number, one in enumerate(judged):
        own = one.quote.span
        outer = [
            at
            for at, span in enumerate(spans)
            if span.start <= own.start and own.end <= span.end and (span != own or at < number)
        ]
        if not any(judged[at].is_left_open == one.is_left_open for at in outer):
            yield one


def _question(one: Judged) -> Question:
    aspect = None if one.is_left_open else one.finding.aspect
    return Question(
        one.finding.why, question_text(one.quote.words, aspect), one.quote, aspect, one.finding.aspects
    )
