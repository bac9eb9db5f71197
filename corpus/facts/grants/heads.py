"""Reads who gets what a block gives, and on what condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.facts import conditions
from corpus.facts.beneficiaries import Who, names_nobody, who_in
from corpus.facts.grants import givers
from corpus.facts.grants.blocks import Block
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.segments import HIDDEN, Segment
from corpus.facts.grants.words import pattern
from corpus.facts.model import FactKind, Threshold
from corpus.facts.sentences import Sentence
from corpus.facts.thresholds import thresholds_in
from corpus.model import Span

_BACKED: Final = pattern("backs", after="\\Z")
_CLASS = re.compile("[级类等奖名星档]\\Z")
_ENTRY: Final = pattern("entity", after=rf"{HIDDEN}*\\Z")
_LABEL = 12  # characters of a class without a noun: 国家级，奖励100万元
_LONGEST = 400  # characters of a head that is searched for the members of a list
# "对举办单位" right before 给予: whom it names, and no base of a rate
_TO: Final = pattern("entity", before=r"\A(?:再)?对(?!每|单|其)(?:[^，,。]{0,30}?)", after=r"\Z")


@dataclass(frozen=True, slots=True)
class Head:
    """Who gets something and on what condition, by spans of the paper."""

    who: tuple[Span, ...] = ()
    conditions: tuple[Span, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    segments: tuple[Span, ...] = ()  # of the text it was read from
    figures: tuple[tuple[Span, ...], ...] = ()  # rows of what must be reached: 100亿元、50亿元
    is_bare: bool = False  # a description without a noun, which may restrict somebody named before

    def as_step(self, before: Head, text: str) -> Head:
        """Returns the head before without the figures that those of this one replace.

        1亿元以上的 stands for 总投资1亿元以上的企业 behind 总投资5000万元以上的企业. The head before is
        unchanged where this one has no figure, or one of something else. `text`: of the paper.
        """
        own = next(iter((*self.who, *self.conditions)), None)
        figures = [limit.span for limit in before.thresholds]
        if not (self.is_bare and own and self._replaces(figures, own.start, text)):
            return before
        if any(span.of(text).endswith("的") and _holds_any(span, figures) for span in before.who):
            return Head()
        return replace(
            before,
            who=tuple(_without(span, figures, text) for span in before.who),
            conditions=tuple(span for span in before.conditions if not _holds_any(span, figures)),
            thresholds=(),
        )

    def _replaces(self, figures: Sequence[Span], start: int, text: str) -> bool:
        """Whether the first figure of this head, which begins at `start`, measures what one of these does."""
        first = min((limit.span.start for limit in self.thresholds), default=-1)
        return first >= start and any(text.endswith(text[start:first], 0, one.start) for one in figures)

    def under(self, above: Head) -> Head:
        """Returns this head with what it leaves out taken from the one before it."""
        if not above.who or (self.who and not self.is_bare):
            return self
        own = (*(Span(one.start, one.end - 1) for one in self.who), *self.conditions)
        return replace(
            self,
            who=above.who,
            conditions=tuple(dict.fromkeys((*own, *above.conditions))),
            thresholds=tuple(dict.fromkeys((*self.thresholds, *above.thresholds))),
            segments=self.segments or above.segments,
            figures=self.figures or above.figures,
            is_bare=False,
        )


def head_of(sentence: Sentence, block: Block) -> Head:
    """Reads the beneficiaries and conditions of a block."""
    subject = _subject(block)
    before = [part.segment for part in block.head] + subject
    found = who_in(before)
    if len(found) == 1 and subject and _is_addressed(subject[0], block):
        found = _readdressed(found, before)
    to = _named_receiver(sentence, block, found)
    who = [sentence.place(one.start, one.end) for one in found]
    limits = _conditions(sentence, found, before)
    if to is not None and not _names(sentence, found, to):
        limits = [*(span for span in who if span.of(sentence.document.text).endswith("的")), *limits]
        who, found = [sentence.place(*to)], ()
    if not who and not limits and before and _is_label(before[-1], block):
        limits = [sentence.place(before[-1].start, before[-1].end)]
    return Head(
        who=tuple(who),
        conditions=tuple(dict.fromkeys(limits)),
        thresholds=_thresholds(sentence, [*who, *limits]),
        segments=tuple(
            sentence.place(one.start, one.end)
            for one in before
            if one.end - one.start < _LONGEST and not one.bracketed
        ),
        figures=_rows(sentence, block),
        is_bare=any(one.is_bare for one in found),
    )


def _without(who: Span, figures: Sequence[Span], text: str) -> Span:
    """Returns the noun of a beneficiary whose description has one of the figures."""
    start = text.rfind("的", who.start, who.end - 1) + 1
    return Span(start, who.end) if start > who.start and _holds_any(who, figures) else who


def _holds_any(span: Span, figures: Sequence[Span]) -> bool:
    return any(span.start <= one.start and one.end <= span.end for one in figures)


def _named_receiver(sentence: Sentence, block: Block, found: Sequence[Who]) -> tuple[int, int] | None:
    """Returns whom the words of giving name, where what stands before them names nobody better."""
    texts = [part.segment for part in block.main]
    to = next((to for text in texts if (to := givers.recipient(text))), None)
    if to is None and _is_backed(sentence, found):
        named = (givers.anybody(text) or givers.each(text) for text in texts)
        to = next((to for to in named if to), None)
    spares = block.main[0].promise is FactKind.FEE and _is_backed(sentence, found)
    if to is None and (spares or all(sentence.text[one.end - 1] == "的" for one in found)):
        to = next((to for text in texts if (to := givers.served(text))), None)
    return to


def _rows(sentence: Sentence, block: Block) -> tuple[tuple[Span, ...], ...]:
    runs = [run for part in [*block.head, block.main[0]] for run in part.runs if run.use is Use.OTHER]
    return tuple(tuple(sentence.place(one.start, one.end) for one in run.quantities) for run in runs)


def _is_label(segment: Segment, block: Block) -> bool:
    """Whether a segment names a class without a noun: 国家级，奖励100万元."""
    return len(segment.text) <= _LABEL and (bool(block.head) or bool(_CLASS.search(segment.text)))


def _is_backed(sentence: Sentence, found: Sequence[Who]) -> bool:
    """Whether what was read is only whom the paper encourages to give: 鼓励金融机构…给予企业."""
    return bool(found) and all(
        _BACKED.search(sentence.text[max(0, one.start - 8) : one.start]) for one in found
    )


def _is_addressed(subject: Segment, block: Block) -> bool:
    return not any(run.is_rate for run in block.main[0].runs) and bool(_TO.search(subject.text))


def _readdressed(found: tuple[Who, ...], before: Sequence[Segment]) -> tuple[Who, ...]:
    """Returns whom the words right before 给予 name; what was found before them restricts."""
    last = before[-1]
    skip = last.text.index("对") + 1
    return (Who(last.start + skip, last.end, len(before)),) if found[0].next_segment < len(before) else found


def _names(sentence: Sentence, found: Sequence[Who], to: tuple[int, int]) -> bool:
    words = sentence.text[to[0] : to[1]]
    return any(words in sentence.text[one.start : one.end] for one in found)


def _conditions(sentence: Sentence, found: Sequence[Who], before: Sequence[Segment]) -> list[Span]:
    text = sentence.text
    limits = [span for one in found for span in conditions.within(text, one.start, one.end)]
    limits += [span for one in found for span in conditions.of_subject(before, one.start, one.end)]
    first = max((one.next_segment for one in found), default=0)
    earliest = min((one.start for one in found), default=0)
    limits += conditions.behind(
        [one for number, one in enumerate(before) if number >= first or one.end <= earliest]
    )
    return [sentence.place(*one) for one in limits]


def _thresholds(sentence: Sentence, spans: Sequence[Span]) -> tuple[Threshold, ...]:
    text = sentence.document.text
    found = [one for span in spans for one in thresholds_in(text, span.start, span.end)]
    return tuple(dict.fromkeys(found))


def _subject(block: Block) -> list[Segment]:
    """Returns the words before those of giving in the segment that gives, if any."""
    part = block.main[0]
    starts = [run.start - part.segment.start for run in part.runs if run.use is not Use.OTHER]
    end = givers.cut(part.segment, starts[0] if starts else -1)
    before = part.segment.text[: starts[0]] if starts else ""
    if end == 0 and (_ENTRY.search(before) or _CLASS.search(before)):
        end = starts[0]  # 联合收割机1000元
    if end < 2:
        return []
    segment = part.segment
    return [Segment(segment.start, segment.start + end, segment.text[:end], segment.bracketed)]


_GIVES_AT_ONCE = re.compile(r"\A(?:每|单|同一|给予|予以|最高|按|奖励|补助|一次性|分别|可|由|再|另|[0-9])")


def gives_at_once(block: Block) -> bool:
    """Whether the block begins with words of giving, so that whoever gets it was named before."""
    silent = all(names_nobody(part.segment.text) for part in block.head)
    return silent and bool(_GIVES_AT_ONCE.match(block.main[0].segment.text))
