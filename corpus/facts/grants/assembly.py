"""Makes facts of the blocks of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeVar

from corpus.facts import conditions
from corpus.facts.context import strength
from corpus.facts.grants import extras, givers, kinds
from corpus.facts.grants.blocks import Block
from corpus.facts.grants.figures.purposes import Use
from corpus.facts.grants.figures.uses import Run
from corpus.facts.grants.heads import Head
from corpus.facts.grants.lists import Members, labels, members, steps
from corpus.facts.grants.parts import Part
from corpus.facts.grants.segments import HIDDEN
from corpus.facts.grants.sources import fund, source
from corpus.facts.grants.sums import Sums, sums_of
from corpus.facts.grants.words import pattern
from corpus.facts.model import Amount, Fact, FactKind, Rate
from corpus.facts.sentences import Sentence
from corpus.model import Span

_T = TypeVar("_T")
_PERIOD = ("自", "连续", "每年")
_LIST = 2  # fewest members
_PURPOSE: Final = pattern("purpose", before=r"\A")
_CREDIT = frozenset({FactKind.GUARANTEE, FactKind.LOAN, FactKind.EQUITY})


@dataclass(frozen=True, slots=True)
class _Class:
    """What one member of a list adds to the facts of its block."""

    beneficiary: Span | None = None
    conditions: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        return (*self.conditions, *((self.beneficiary,) if self.beneficiary else ()))


def facts_of_block(sentence: Sentence, block: Block, head: Head) -> Iterator[Fact]:
    """Yields the facts of a block: one, or one for each class of a list.

    No condition repeats the words of a beneficiary.
    """
    text = sentence.document.text
    for fact in _facts_of_block(sentence, block, head):
        named = {span.of(text) for span in fact.beneficiaries}
        yield replace(fact, conditions=tuple(one for one in fact.conditions if one.of(text) not in named))


def _facts_of_block(sentence: Sentence, block: Block, head: Head) -> Iterator[Fact]:
    sums = sums_of(sentence, block)
    whole = _whole(sentence, block, head, sums)
    count = max(len(sums.rates), len(sums.amounts), *(len(caps) for caps in sums.caps), 0)
    every = [cap for caps in sums.caps for cap in caps]
    if count < _LIST or sums.figures is None or sums.figures.is_choice:
        yield _with_sums(whole, sums.rates[:1], sums.amounts, every)
        return
    # Of a list that was cut, members and figures may belong to other pieces.
    classes = None if sentence.is_cut else _classes(sentence, head, sums, sums.figures, count)
    if classes is None:
        yield replace(_with_sums(whole, sums.rates[:1], sums.amounts, every), is_whole=True)
        return
    for place, one in enumerate(classes):
        caps = [caps[place] if len(caps) == count else caps[0] for caps in sums.caps]
        fact = _with_sums(whole, _own(sums.rates, place, count), _own(sums.amounts, place, count), caps)
        yield _of_class(fact, one, [other for other in classes if other is not one])


def _own(found: Sequence[_T], place: int, count: int) -> Sequence[_T]:
    """Returns what belongs to one class: its member of a list, or what all share."""
    return found[place : place + 1] if len(found) == count else found


def _with_sums(fact: Fact, rates: Sequence[Rate], amounts: Sequence[Amount], caps: Sequence[Amount]) -> Fact:
    return replace(fact, rate=rates[0] if rates else None, amounts=(*amounts, *caps))


def _of_class(fact: Fact, one: _Class, others: Sequence[_Class]) -> Fact:
    own = (one.beneficiary,) if one.beneficiary else fact.beneficiaries
    kept = tuple(span for span in fact.conditions if one.beneficiary is None or not _inside_any(span, fact))
    spans = [span for other in others for span in other.spans]
    return replace(
        fact,
        beneficiaries=own,
        conditions=tuple(dict.fromkeys((*one.conditions, *kept))),
        thresholds=tuple(limit for limit in fact.thresholds if not _overlaps(limit.span, spans)),
    )


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in others)


def _inside_any(span: Span, fact: Fact) -> bool:
    return any(other.start <= span.start and span.end <= other.end for other in fact.beneficiaries)


def _whole(sentence: Sentence, block: Block, head: Head, sums: Sums) -> Fact:
    quote = _quote(sentence, block, head)
    start, end = quote.start - sentence.span.start, quote.end - sentence.span.start
    kind, form = _kind(sentence, block)
    how, why = strength.read(sentence, quote)
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=kind,
        quote=_smallest(sentence, block, quote, head, why),
        strength=how,
        strength_span=why,
        form=form,
        beneficiaries=head.who,
        conditions=head.conditions,
        thresholds=head.thresholds,
        amount_reference=extras.reference(sentence, start, end),
        frequency=extras.frequencies(sentence, _giving_start(block), end),
        source=_source(sentence, block, kind, start, end),
        source_condition=_source_condition(sentence, block),
    )


def _source(sentence: Sentence, block: Block, kind: FactKind, start: int, end: int) -> Span | None:
    """Returns who pays, best as the words of giving name it."""
    own = source(sentence, block.main[0].segment.start, end) or source(sentence, start, end)
    return own or (fund(sentence, start, end) if kind in _CREDIT else None)


def _giving_start(block: Block) -> int:
    """Returns where the words of giving begin, with 自认定年度起连续3年 before them."""
    start = block.main[0].segment.start
    for part in reversed(block.head):
        if not part.segment.text.startswith(_PERIOD):
            break
        start = part.segment.start
    return start


def _source_condition(sentence: Sentence, block: Block) -> Span | None:
    """Returns 其中新引进的, where it stands before the source of the money."""
    part = next((part for part in block.tail if part.segment.text.startswith("其中")), None)
    return sentence.place(part.segment.start, part.segment.end) if part else None


def _quote(sentence: Sentence, block: Block, head: Head) -> Span:
    """Returns the words of the block, from where its beneficiary is named if the sentence names one."""
    own = sentence.place(block.parts[0].segment.start, max(part.segment.end for part in block.parts))
    first = min((span.start for span in head.segments), default=own.start)
    return Span(first, own.end) if sentence.span.start <= first < own.start else own


def _smallest(sentence: Sentence, block: Block, quote: Span, head: Head, why: Span | None) -> Span:
    """Returns the quote without what is given before it, and remarks and purposes at its start.

    Whom it is for stays in it where nothing else is given between. `why`: the words of its strength.
    """
    own = sentence.place(block.parts[0].segment.start, block.parts[0].segment.end).start
    if quote.start < own and block.inherits and (why is None or why.start >= own):
        return Span(own, quote.end)
    proved = (*head.who, *head.conditions, *((why,) if why else ()))
    needed = min((span.start for span in proved if quote.start <= span.start), default=quote.end)
    first = quote.start
    for part, following in pairwise(block.parts):
        begin = sentence.span.start + following.segment.start
        is_first = sentence.span.start + part.segment.start >= first
        if part is block.main[0] or not is_first or begin > needed or not _is_idle(part):
            break
        first = first if following.segment.bracketed else begin
    return Span(first, quote.end)


def _is_idle(part: Part) -> bool:
    """Whether a segment is a remark or a purpose: （联系人：…）, 为推动产业发展."""
    text = part.segment.text
    return part.segment.bracketed or not text.strip(HIDDEN) or (not part.runs and bool(_PURPOSE.match(text)))


def _kind(sentence: Sentence, block: Block) -> tuple[FactKind, Span | None]:
    for part in [*block.main, *block.tail]:
        run = next(iter((*part.gifts, *part.limits)), None)
        if run is None:
            continue
        text = part.segment.text
        figure = run.start - part.segment.start
        if run.use is Use.POOL:
            kind = FactKind.FUND if "基金" in text else FactKind.MONEY
        elif run.use is Use.LINE or block.main[0].promise in _CREDIT:
            kind = kinds.kind_of_line(text)
        else:
            kind = _gift(block, part, figure)
        return kind, _form(sentence, kind, part, figure) or _form_above(sentence, kind, block)
    part = block.main[0]
    kind = part.promise or FactKind.MONEY
    return kind, _form(sentence, kind, part, len(part.segment.text))


def _gift(block: Block, part: Part, figure: int) -> FactKind:
    if block.main[0].promise and part is not block.main[0]:
        return block.main[0].promise
    begin = givers.cut(part.segment, figure)
    text = part.segment.text
    return kinds.kind_of_gift(text[begin if begin > 1 else 0 :], text)


def _form(sentence: Sentence, kind: FactKind, part: Part, figure: int) -> Span | None:
    found = kinds.form_in(kind, part.segment.text, figure)
    if found is None:
        return None
    return sentence.place(part.segment.start + found[0], part.segment.start + found[1])


def _form_above(sentence: Sentence, kind: FactKind, block: Block) -> Span | None:
    for part in block.main:
        if (form := _form(sentence, kind, part, 0)) is not None:
            return form
    return None


def _classes(sentence: Sentence, head: Head, sums: Sums, figures: Run, count: int) -> list[_Class] | None:
    """Returns what each figure of a list belongs to; None when that cannot be said with certainty."""
    own = _labelled(sentence, figures, sums.part) if sums.part else None
    if own is not None:
        return own
    text = sentence.document.text
    for span in (*head.who, *head.segments):
        if found_steps := steps(text, span.start, span.end, count):
            return [_Class(conditions=(Span(*one),)) for one in found_steps]
    if (rows := [row for row in head.figures if len(row) == count]) and count > 1:
        return [_Class(conditions=(span,)) for span in rows[-1]]
    for span in head.who:
        if found := members(text, span.start, span.end, count):
            return _named(text, found)
    for span in reversed(head.segments):
        if found := members(text, span.start, span.end, count):
            return [_Class(conditions=(Span(*one),)) for one in found.spans]
    return _limited(sentence, figures, sums.part, count) if sums.part else None


def _limited(sentence: Sentence, figures: Run, part: Part, count: int) -> list[_Class] | None:
    """Returns the classes that stand before a list of limits: 赴省外、境外参展不超过8000元、15000元."""
    start, end = part.segment.start, figures.start
    if found := members(sentence.text, start, end, count):
        return [_Class(conditions=(sentence.place(*one),)) for one in found.spans]
    return None


def _named(text: str, found: Members) -> list[_Class]:
    if found.qualify:
        return [_Class(conditions=(Span(*one),)) for one in found.spans]
    return [
        _Class(Span(*one), tuple(Span(*within) for within in conditions.within(text, *one)))
        for one in found.spans
    ]


def _labelled(sentence: Sentence, run: Run, part: Part) -> list[_Class] | None:
    spans = [(one.start, one.end) for one in run.quantities]
    begin = part.segment.start + givers.cut(part.segment, run.start - part.segment.start)
    found = labels(sentence.text, spans[1:], spans[0][1])
    if found is None:
        return None
    first = labels(sentence.text, spans[:1], begin) or ((begin, spans[0][0]),)
    return [_Class(conditions=(sentence.place(*one),)) for one in (*first, *found) if one[0] < one[1]]
