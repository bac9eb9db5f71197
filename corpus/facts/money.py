"""Reads facts about money, interest, credit, taxes and fees from the sentences of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.facts.grants.assembly import facts_of_block
from corpus.facts.grants.blocks import Block, Reading, blocks_of
from corpus.facts.grants.caps import is_cap
from corpus.facts.grants.denials import is_denied
from corpus.facts.grants.extras import per_before
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.heads import Head, gives_at_once, head_of
from corpus.facts.grants.parts import Part, parts_of
from corpus.facts.grants.segments import Segment
from corpus.facts.grants.so_far import GivenSoFar
from corpus.facts.grants.sources import only_source
from corpus.facts.grants.words import GIVING, pattern
from corpus.facts.kinds.rules import total_cap
from corpus.facts.model import Fact, FactKind
from corpus.facts.sentences import Sentence
from corpus.model import Span

_CUT = re.compile(r"[0-9０-９][ \u3000]*\n[ \u3000]*\Z")
_LINE_END = 8  # characters before a sentence
_PAID = frozenset({FactKind.MONEY, FactKind.INTEREST})
_COLONS = ("：", ":")
_ENDS_WITH_SOMEBODY: Final = pattern("entity", after=r"\Z")
_NOTHING = Part(Segment(0, 0, ""), (), None)


@dataclass(frozen=True, slots=True)
class Above:
    """What the lead-ins of a clause say for it."""

    head: Head
    gives: bool  # words of giving, so that a bare sum is a gift
    asks: bool  # the clause is an item of a list of conditions or of papers to hand in


class LeadInsRead:
    """What the lead-ins of a paper say; those that many items complete are read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Span, ...], Above] = {}

    def above(self, sentence: Sentence) -> Above:
        """What the lead-ins of the clause of a sentence say."""
        key = sentence.lead_ins
        if key not in self._known:
            asks = _lists_requirements(sentence)
            self._known[key] = Above(_head_above(sentence), _is_given_above(sentence), asks)
        return self._known[key]


def facts_in(sentences: Sequence[Sentence], lead_ins: LeadInsRead) -> Iterator[Fact]:
    """Yields the facts about money in the sentences of one clause.

    A sentence that states only an upper limit or a source completes the facts of the sentences before it.
    """
    if not sentences or (lead := lead_ins.above(sentences[0])).asks:
        return
    given = GivenSoFar()
    above, last, heading = lead.head, sentences[0], Head()
    for sentence in sentences:
        if _is_new_paragraph(last, sentence):
            above = lead.head
        if not _goes_on(last, sentence):
            heading = Head()
        last = sentence
        parts = parts_of(sentence.text, is_cut=_begins_in_number(sentence))
        if _limits_all(sentence, parts):
            continue
        limit = _limit_only(sentence, parts)
        if limit is not None and total_cap(sentence) is not None:
            continue  # a rule over all that one gets
        if limit is not None and (given.facts or not limit.gifts or GIVING.has("totals", sentence.text)):
            given.limit(sentence, limit)
        elif given.facts and only_source(sentence.text):
            given.pay_from(sentence)
        else:
            heading = _heading(sentence, parts) or heading
            facts, above = _facts(sentence, blocks_of(parts, given_above=lead.gives), above, heading)
            given.facts += facts
    yield from given.facts


def _begins_in_number(sentence: Sentence) -> bool:
    """Whether a line ends inside the number that the sentence begins with."""
    before = sentence.document.text[max(0, sentence.span.start - _LINE_END) : sentence.span.start]
    return sentence.text[:1].isdecimal() and bool(_CUT.search(before))


def _is_new_paragraph(before: Sentence, sentence: Sentence) -> bool:
    """Whether a paragraph ends between two sentences, and not with a colon."""
    between = sentence.document.text[before.span.end : sentence.span.start]
    return "\n" in between and not before.text.endswith(("：", ":"))


def _goes_on(before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence is a further item of what the one before began: …；零售企业…."""
    return sentence.document.text[before.span.end : sentence.span.start].strip() in ("；", ";")


def _heading(sentence: Sentence, parts: Sequence[Part]) -> Head | None:
    """Returns whom a sentence divides into classes behind a colon: 新纳入统计的商贸企业：批发企业…."""
    place = next((at for at, part in enumerate(parts) if part.segment.mark in _COLONS), None)
    if place is None or any(part.gifts or part.limits or part.promise for part in parts[: place + 1]):
        return None
    if not _ENDS_WITH_SOMEBODY.search(parts[place].segment.text):
        return None
    head = head_of(sentence, Block(list(parts[: place + 1]), [_NOTHING]))
    return head if head.who and head.conditions and not head.is_bare else None


def _under_heading(head: Head, heading: Head) -> Head:
    """Returns a head with the conditions of the class that it is a part of."""
    if not head.who or head.who == heading.who:
        return head
    return replace(
        head,
        conditions=tuple(dict.fromkeys((*head.conditions, *heading.conditions))),
        thresholds=tuple(dict.fromkeys((*head.thresholds, *heading.thresholds))),
    )


def _facts(sentence: Sentence, reading: Reading, above: Head, heading: Head) -> tuple[list[Fact], Head]:
    """Returns the facts of a sentence, and who the next sentence speaks of if it names nobody."""
    found: list[Fact] = []
    last = named = Head()
    for block in reading.blocks:
        own = head_of(sentence, block)
        named, last, before = (own.as_step(one, sentence.document.text) for one in (named, last, above))
        head = own.under(named) if own.is_bare or own.conditions else own.under(last)
        named = own if own.who and not own.is_bare else named
        if head.is_bare or (not head.who and (sentence.lead_ins or _is_of_above(block))):
            head = head.under(before)
        if block.has_figure or not _announces(sentence):
            found += facts_of_block(sentence, block, _under_heading(head, heading))
        last = head
    limits = any(part.limits for part in reading.rest)  # a limit of what was given speaks of nobody new
    denied = any(is_denied(part.segment.text) for part in reading.rest)  # nor does who gets nothing
    if not last.who and reading.rest and not reading.blocks and not limits and not denied:
        last = head_of(sentence, Block(list(reading.rest), [_NOTHING]))
    return found, last if last.who and not last.is_bare else above


def _is_of_above(block: Block) -> bool:
    """Whether what a block gives, without naming anybody, is for whoever was named before."""
    first = block.main[0]
    if gives_at_once(block):
        return True
    pays = first.promise in _PAID or any(run.use is Use.GIFT for run in first.gifts)
    return pays and not GIVING.has("own_topic", first.segment.text)


def _announces(sentence: Sentence) -> bool:
    """Whether a sentence leaves the sums to the items below it: 给予下列奖励：."""
    return sentence.text.endswith(("：", ":")) or GIVING.has("announces", sentence.text)


def _head_above(sentence: Sentence) -> Head:
    """Returns who the lead-ins of a clause speak of."""
    above = Head()
    for span in sentence.lead_ins:
        lead = replace(sentence, span=span)
        reading = blocks_of(parts_of(lead.text), given_above=False)
        block = reading.blocks[-1] if reading.blocks else Block(list(reading.rest), [_NOTHING])
        above = head_of(lead, block).under(above)
    return above


def _lists_requirements(sentence: Sentence) -> bool:
    """Whether a clause is an item of a list of conditions or of papers to hand in."""
    text = sentence.document.text
    return bool(sentence.lead_ins) and GIVING.has("requirements", sentence.lead_ins[-1].of(text))


def _is_given_above(sentence: Sentence) -> bool:
    text = sentence.document.text
    return any(GIVING.has("gives", span.of(text)) for span in sentence.lead_ins)


def _limits_all(sentence: Sentence, parts: Sequence[Part]) -> bool:
    """Whether a sentence limits all that the paper gives, which is a rule: 享受本措施的奖励总额不超过…."""
    return len(parts) == 1 and is_cap(parts[0]) and GIVING.has("all_measures", sentence.text)


def _limit_only(sentence: Sentence, parts: Sequence[Part]) -> Part | None:
    """Returns the segment with the upper limit of a sentence that says nothing else."""
    if len(parts) != 1 or not is_cap(parts[0]):
        return None
    return parts[0] if parts[0].limits or per_before(sentence.text, 0, len(sentence.text)) else None
